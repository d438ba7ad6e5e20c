// export table: rows as a file for a spreadsheet program.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "kernel/app/node.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/exchange/exchange_events.hpp"
#include "kernel/exchange/table_export.hpp"
#include "kernel/schema/time_text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/http_client.hpp"

namespace opsledger::cli {
namespace {

constexpr std::chrono::minutes kProjectTimeout{60};

struct TableOptions {
  PlaceOptions place;
  std::string table, format = "csv", as_of, output, labels, time_zone;
  std::vector<std::string> filters;
};

Error write_error(const std::string& output) {
  return {Code::kIo, "export.write",
          "cannot write " + output + ": " + std::strerror(errno) +
              "; free space or choose another place"};
}

Result<QueryParameters> parameters_of(const TableOptions& options) {
  QueryParameters parameters;
  for (const auto& filter : options.filters) {
    const auto equals = filter.find('=');
    if (equals == std::string::npos) {
      return Error{Code::kInvalid, "query.invalid",
                   "'" + filter + "' is no COLUMN=OPERATOR.VALUE, e.g. total=gt.100"};
    }
    parameters.emplace_back(filter.substr(0, equals), filter.substr(equals + 1));
  }
  return parameters;
}

std::string query_text(const QueryParameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

HttpRequest request_of(const TableOptions& options, QueryParameters parameters) {
  if (!options.as_of.empty()) parameters.emplace_back("as_of", options.as_of);
  HttpRequest request;
  request.target = "/v1/tables/" + percent_encode(options.table) + "?" + query_text(parameters);
  const bool csv = options.format == "csv";
  request.headers.emplace_back(
      "Accept",
      csv ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  std::string prefer = options.labels.empty() ? "" : "labels";
  if (!options.time_zone.empty()) {
    prefer += (prefer.empty() ? "timezone=" : ", timezone=") + options.time_zone;
  }
  if (!prefer.empty()) request.headers.emplace_back("Prefer", prefer);
  if (!options.labels.empty()) request.headers.emplace_back("Accept-Language", options.labels);
  return request;
}

/// The server writes, records and sends.
Status from_server(const std::string& url, const TableOptions& options,
                   const QueryParameters& parameters) {
  OPS_TRY_ASSIGN(const auto client, HttpClient::make(url, options.place.token()));
  std::FILE* file = std::fopen(options.output.c_str(), "wb");
  if (file == nullptr) return write_error(options.output);
  bool wrote = true;
  auto status = client->download(request_of(options, parameters), [&](std::string_view bytes) {
    wrote = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    return wrote;
  });
  wrote = std::fclose(file) == 0 && wrote;
  if (!status.ok()) std::remove(options.output.c_str());
  OPS_TRY(std::move(status));
  return wrote ? Status() : write_error(options.output);
}

Result<Position> position_of(const Ledger& ledger, const std::string& as_of) {
  if (as_of.empty()) return kHead;
  if (as_of.find_first_not_of("0123456789") == std::string::npos) {
    return Position{std::strtoull(as_of.c_str(), nullptr, 10)};
  }
  const auto time = parse_rfc3339(as_of);
  if (time) return position_at(ledger, *time);
  return Error{Code::kInvalid, "query.invalid",
               "--as-of '" + as_of + "' is neither a position nor an RFC 3339 time"};
}

/// Without a server: the same, in this process, as the operator on the host.
Status from_directory(const Config& config, const TableOptions& options,
                      const QueryParameters& parameters) {
  SystemClock clock;
  OPS_TRY_ASSIGN(const auto node, Node::open(config, clock, {}));
  OPS_TRY(node->start_projections());
  OPS_TRY(node->wait_projected(kProjectTimeout));
  OPS_TRY_ASSIGN(const auto as_of, position_of(node->ledger(), options.as_of));
  OPS_TRY_ASSIGN(const auto snapshot, node->projections().open(options.table, as_of));
  TableExportOptions how;
  how.format = options.format == "csv" ? SheetFormat::kCsv : SheetFormat::kXlsx;
  how.titles = options.labels.empty()   ? Titles::kNames
               : options.labels == "zh" ? Titles::kChinese
                                        : Titles::kEnglish;
  how.time_zone = options.time_zone;
  const auto read = [](const TableSnapshot& at, const QueryParameters& page) {
    return read_table(at, page, false);
  };
  OPS_TRY_ASSIGN(const auto made, export_table(snapshot, parameters, how, read, options.output));
  RequestContext context;
  context.actor = options.place.actor;
  auto recorded = record_export(node->ledger(), context,
                                {"table " + options.table, options.table, query_text(parameters),
                                 options.format, made.rows, made.sha256, made.as_of});
  if (!recorded.ok()) std::remove(options.output.c_str());  // nothing leaves unrecorded
  OPS_TRY(std::move(recorded));
  return {};
}

int run(const TableOptions& options) {
  const auto parameters = parameters_of(options);
  if (!parameters) return print_error(parameters.error());
  Config config;
  if (auto status = options.place.load(&config); !status.ok()) return print_error(status.error());
  const auto url = options.place.url.empty() ? serving_url(config) : options.place.url;
  const auto status = url.empty() ? from_directory(config, options, *parameters)
                                  : from_server(url, options, *parameters);
  return status.ok() ? kSuccess : print_error(status.error());
}

}  // namespace

void add_export_table(CLI::App* parent, CommandLine& line) {
  auto o = std::make_shared<TableOptions>();
  auto* command =
      line.add(parent, "table", "Write a table as CSV or XLSX; an event records that it went out",
               "opsledger export table order.orders 'cancelled=is.true' --format xlsx "
               "--labels zh --as-of 2011-06-01T00:00:00Z --output orders.xlsx");
  o->place.add_url(command);
  command->add_option("TABLE", o->table, "module.table")->required();
  command->add_option("FILTER", o->filters,
                      "PostgREST's grammar: select=…, column=op.value, order=…");
  command->add_option("--format", o->format, "csv or xlsx")->check(CLI::IsMember({"csv", "xlsx"}));
  command->add_option("--as-of", o->as_of, "position or RFC 3339 time");
  command->add_option("--labels", o->labels, "titles of columns: zh or en (default: names)")
      ->check(CLI::IsMember({"zh", "en"}));
  command->add_option("--time-zone", o->time_zone, "of moments, e.g. Asia/Shanghai; default UTC");
  command->add_option("--output", o->output, "file")->required();
  line.on_run(command, [o] { return run(*o); });
}

}  // namespace opsledger::cli
