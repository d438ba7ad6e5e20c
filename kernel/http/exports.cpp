#include "kernel/http/exports.hpp"

#include "kernel/exchange/exchange_events.hpp"
#include "kernel/exchange/table_export.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

/// `name=value` among the preferences; empty where it is not.
std::string preference(std::string_view prefer, std::string_view name) {
  for (std::size_t at = 0; at < prefer.size();) {
    const auto end = std::min(prefer.find_first_of(",;", at), prefer.size());
    auto one = prefer.substr(at, end - at);
    at = end + 1;
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.starts_with(name) || one.size() <= name.size() || one[name.size()] != '=') continue;
    one.remove_prefix(name.size() + 1);
    if (one.size() >= 2 && one.front() == '"' && one.back() == '"') {
      one = one.substr(1, one.size() - 2);
    }
    return std::string(one);
  }
  return {};
}

/// The first of our languages that is named; English where none is.
Titles titles_of(const Request& request) {
  if (!header_lists(request.header("Prefer"), "labels")) return Titles::kNames;
  const auto languages = request.header("Accept-Language");
  const auto zh = languages.find("zh"), en = languages.find("en");
  return zh < en ? Titles::kChinese : Titles::kEnglish;
}

/// The query as it was sent, without `?`.
std::string query_of(const Request& request) {
  const std::string_view target(request.message.target().data(), request.message.target().size());
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? "" : std::string(target.substr(mark + 1));
}

/// Reads on a reader thread while the slice before is on its way.
Task<bool> send_file(ServerContext& server, std::shared_ptr<SpoolFile> file, BodyWriter& out) {
  std::string slice;
  for (std::uint64_t offset = 0;;) {
    slice.resize(server.limits.slice_bytes);
    auto count = co_await offload<std::size_t>(
        server.readers, [&] { return file->read_at(offset, slice.data(), slice.size()); });
    if (!count.ok() || out.stopping()) co_return false;
    if (*count == 0) co_return true;
    offset += *count;
    const std::string_view pieces[] = {std::string_view(slice).substr(0, *count)};
    const bool taken = co_await out.write(pieces);
    if (!taken) co_return false;
  }
}

}  // namespace

std::optional<SheetFormat> export_format(const Request& request) {
  if (request.message.method() == http::verb::head) return {};
  const auto accept = request.header("Accept");
  if (header_lists(accept, media::kXlsx)) return SheetFormat::kXlsx;
  if (header_lists(accept, media::kCsv)) return SheetFormat::kCsv;
  return {};
}

Result<Response> export_rows(ServerContext& server, const Request& request,
                             const TableParameters& parameters, const TableSnapshot& snapshot,
                             RowFilter& filter, SheetFormat format) {
  OPS_TRY_ASSIGN(auto file, SpoolFile::make());
  const TableExportOptions options{format, titles_of(request),
                                   preference(request.header("Prefer"), "timezone")};
  const auto read = [&filter](const TableSnapshot& at, const QueryParameters& page) {
    return read_table(at, page, false, &filter);
  };
  OPS_TRY_ASSIGN(const auto made,
                 export_table(snapshot, parameters.others, options, read, file->path()));
  const auto& table = request.path[0];
  const std::string extension = format == SheetFormat::kCsv ? "csv" : "xlsx";
  OPS_TRY_ASSIGN(const Position recorded,
                 record_export(server.services.ledger, request.context,
                               {"table " + table, table, query_of(request), extension, made.rows,
                                made.sha256, made.as_of}));
  Response response;
  response.content_type = format == SheetFormat::kCsv ? media::kCsvSent : media::kXlsx;
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + table + "." + extension + "\"");
  response.headers.emplace_back("X-Export-Position", std::to_string(recorded.value));
  response.headers.emplace_back("X-Content-SHA256", hex(made.sha256.bytes));
  response.headers.emplace_back("X-Rows", std::to_string(made.rows));
  response.producer = [&server, file](BodyWriter& out) { return send_file(server, file, out); };
  return response;
}

}  // namespace opsledger
