#include "kernel/exchange/table_export.hpp"

#include <date/tz.h>

#include <filesystem>

#include "kernel/exchange/limits.hpp"
#include "kernel/import/byte_source.hpp"
#include "kernel/query/limits.hpp"
#include "kernel/schema/json_parse.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr const char* kKeyAlias = "opsledger_export_key";

Result<const date::time_zone*> find_zone(const std::string& name) {
  if (name.empty() || name == "UTC") return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return Error{Code::kInvalid, "export.time_zone",
                 "unknown time zone '" + name + "'; give a name such as Asia/Shanghai"};
  }
}

/// Pages of a read that is longer than one: each goes on behind the last key of the one before.
class KeyPages {
 public:
  KeyPages(const TableSnapshot& snapshot, const QueryParameters& parameters, const ReadPage& read)
      : snapshot_(snapshot), parameters_(parameters), read_(read) {
    bool selects = false;
    for (auto& [name, value] : parameters_) {
      if (name != "select") continue;
      value += std::string(value.empty() ? "*," : ",") + kKeyAlias + ":" + key_column();
      selects = true;
    }
    if (!selects) {
      parameters_.emplace_back("select", std::string("*,") + kKeyAlias + ":" + key_column());
    }
    parameters_.emplace_back("limit", std::to_string(exchange_limits::kExportPageRows));
  }

  /// Nothing at the end.
  Result<std::optional<json::array>> next() {
    if (ended_) return std::optional<json::array>();
    auto parameters = parameters_;
    if (last_key_) parameters.emplace_back(key_column(), "gt." + *last_key_);
    OPS_TRY_ASSIGN(const TablePage page, read_(snapshot_, parameters));
    OPS_TRY_ASSIGN(auto rows, parse_json(page.json));
    as_of = snapshot_.as_of = page.as_of;  // the pages after the first: as of the first
    snapshot_.at_head = false;
    ended_ = page.rows < exchange_limits::kExportPageRows;
    auto& list = rows.get_array();
    if (!list.empty()) last_key_ = std::string(list.back().at(kKeyAlias).get_string());
    return std::optional(std::move(list));
  }

  Position as_of{};

 private:
  const std::string& key_column() const { return snapshot_.shape->key_column; }

  TableSnapshot snapshot_;
  QueryParameters parameters_;
  const ReadPage& read_;
  std::optional<std::string> last_key_;
  bool ended_ = false;
};

class Exporter {
 public:
  Exporter(SheetWriter& writer, const ExportColumns& columns, const std::string& path)
      : writer_(writer), columns_(columns), path_(path) {}

  Status write(const json::array& rows) {
    for (const auto& row : rows) {
      OPS_TRY(writer_.row(columns_.cells(row.get_object())));
      ++written_;
    }
    std::error_code none;
    const auto bytes = std::filesystem::file_size(path_, none);
    if (none || bytes <= exchange_limits::kExportBytesMax) return {};
    return Error{Code::kTooLarge, "export.too_large",
                 "the file is longer than " + std::to_string(exchange_limits::kExportBytesMax) +
                     " bytes; filter, or choose columns with select"};
  }
  std::uint64_t written() const { return written_; }

 private:
  SheetWriter& writer_;
  const ExportColumns& columns_;
  const std::string& path_;
  std::uint64_t written_ = 0;
};

/// Whether the read can be cut into pages by the key.
bool any_length(const ParsedQuery& parsed, const BoundQuery& bound) {
  return !bound.aggregated && parsed.order.empty() && !parsed.limit && parsed.offset == 0 &&
         bound.shape->shows_key();
}

Result<Position> write_one_page(const TableSnapshot& snapshot, const QueryParameters& parameters,
                                const ParsedQuery& parsed, const ReadPage& read_page,
                                Exporter* out) {
  OPS_TRY_ASSIGN(const TablePage page, read_page(snapshot, parameters));
  const bool wants_more = parsed.limit.value_or(UINT64_MAX) > query_limits::kLimitMax;
  if (wants_more && page.rows >= query_limits::kLimitMax) {
    return Error{Code::kTooLarge, "export.too_large",
                 "in an order of its own an export has at most " +
                     std::to_string(query_limits::kLimitMax) +
                     " rows; leave order, limit and offset out, or filter"};
  }
  OPS_TRY_ASSIGN(const auto rows, parse_json(page.json));
  OPS_TRY(out->write(rows.get_array()));
  return page.as_of;
}

Result<Position> write_all(const TableSnapshot& snapshot, const QueryParameters& parameters,
                           const ReadPage& read_page, Exporter* out) {
  KeyPages pages(snapshot, parameters, read_page);
  for (;;) {
    OPS_TRY_ASSIGN(const auto rows, pages.next());
    if (!rows) return pages.as_of;
    OPS_TRY(out->write(*rows));
  }
}

}  // namespace

Result<TableExport> export_table(const TableSnapshot& snapshot, const QueryParameters& parameters,
                                 const TableExportOptions& options, const ReadPage& read_page,
                                 const std::string& path) {
  OPS_TRY_ASSIGN(const auto* zone, find_zone(options.time_zone));
  OPS_TRY_ASSIGN(const auto parsed, parse_query(parameters));
  OPS_TRY_ASSIGN(const auto bound, bind_query(parsed, snapshot.shape));
  const ExportColumns columns(bound, options.titles, options.format, zone);
  OPS_TRY_ASSIGN(const auto writer, make_sheet_writer(options.format, path, columns.titles()));
  Exporter exporter(*writer, columns, path);
  TableExport made;
  made.generation = snapshot.generation_name;
  if (any_length(parsed, bound)) {
    OPS_TRY_ASSIGN(made.as_of, write_all(snapshot, parameters, read_page, &exporter));
  } else {
    OPS_TRY_ASSIGN(made.as_of, write_one_page(snapshot, parameters, parsed, read_page, &exporter));
  }
  OPS_TRY(writer->finish());
  made.rows = exporter.written();
  OPS_TRY_ASSIGN(const auto file, open_source(path));
  OPS_TRY_ASSIGN(made.sha256, hash_content(*file, {}));
  return made;
}

}  // namespace opsledger
