// Files of commands.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/exchange/command_import.hpp"
#include "kernel/http/exports.hpp"
#include "kernel/http/json_body.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

namespace json = boost::json;

Result<bool> truth(const std::string& name, const std::string& value) {
  if (value == "true" || value == "false") return value == "true";
  return Error{Code::kMalformed, "http.parameter", name + "=" + value + "; it is true or false"};
}

Result<json::object> read_map(const std::string& text, const HttpLimits& limits) {
  OPS_TRY_ASSIGN(auto value, parse_json(text, limits));
  if (value.is_object()) return std::move(value.get_object());
  return Error{Code::kMalformed, "http.parameter",
               "map is a JSON object from header to field (or null to leave a column out)"};
}

Result<CommandImportOptions> import_options(const ServerContext& server, const Request& request) {
  CommandImportOptions options;
  options.context = request.context;
  for (const auto& [name, value] : request.query) {
    if (name == "command") {
      options.command = value;
    } else if (name == "dry_run") {
      OPS_TRY_ASSIGN(options.dry_run, truth(name, value));
    } else if (name == "sheet") {
      options.sheet.sheet = value;
    } else if (name == "encoding") {
      options.sheet.encoding = value;
    } else if (name == "time_zone") {
      options.time_zone = value;
    } else if (name == "currency") {
      options.currency = value;
    } else if (name == "map") {
      OPS_TRY_ASSIGN(options.map, read_map(value, server.limits));
    } else {
      return Error{Code::kMalformed, "http.parameter",
                   "unknown parameter " + name +
                       "; known are command, dry_run, sheet, encoding, time_zone, currency, map"};
    }
  }
  if (!options.command.empty()) return options;
  return Error{Code::kMalformed, "http.parameter", "command= is missing: the type of every row"};
}

/// The type that is said must be the one that is sent: a zip is never read as text.
Status check_media_type(const Request& request) {
  const auto type = media_type(request.header("Content-Type"));
  const bool zip = request.body().starts_with("PK");
  if ((type == media::kCsv && !zip) || (type == media::kXlsx && zip)) return {};
  constexpr std::string_view kExpected =
      "a CSV file as text/csv, or an XLSX workbook as "
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const bool other = type == media::kCsv || type == media::kXlsx;
  return unsupported_media_type(other ? type + ", which the body is not" : type, kExpected);
}

/// An import and the file that it reads.
struct ImportRun {
  std::shared_ptr<SpoolFile> file;
  std::unique_ptr<CommandImport> import;
};

Result<std::shared_ptr<ImportRun>> begin(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto options, import_options(server, request));
  OPS_TRY(check_media_type(request));
  auto run = std::make_shared<ImportRun>();
  OPS_TRY_ASSIGN(run->file, SpoolFile::make());
  OPS_TRY(run->file->append(request.body()));
  OPS_TRY_ASSIGN(run->import, CommandImport::begin(server.services.ledger, server.services.registry,
                                                   server.services.commands, run->file->path(),
                                                   std::move(options)));
  return run;
}

json::object row_json(const RejectedImportRow& row) {
  return {{"row", row.row},
          {"code", row.fault.code},
          {"pointer", row.fault.pointer},
          {"detail", row.fault.message}};
}

Error stopping() {
  return {Code::kNotReady, "import.interrupted",
          "the server is stopping; send the same file again to go on"};
}

/// Whether there is more; refused rows are handed to `on_rejected` on a worker.
Task<Result<bool>> one_step(ServerContext& server, ImportRun& run,
                            const CommandImport::OnRejected& on_rejected) {
  if (server.stopping) co_return stopping();
  co_return co_await offload<bool>(server.writers, [&] { return run.import->step(on_rejected); });
}

/// A line per refused row, a line of progress per step, at last the report or the problem.
Task<bool> write_lines(ServerContext& server, std::shared_ptr<ImportRun> run, BodyWriter& out) {
  for (bool more = true; more;) {
    std::string lines;
    const CommandImport::OnRejected keep = [&](const RejectedImportRow& row) {
      lines += json::serialize(row_json(row)) + "\n";
    };
    auto stepped = co_await one_step(server, *run, keep);
    more = stepped.ok() && *stepped;
    json::object last{{more ? "progress" : "report", to_json(run->import->report())}};
    if (!stepped.ok()) {
      last["problem"] = {{"code", stepped.error().reason}, {"detail", stepped.error().message}};
    }
    lines += json::serialize(last) + "\n";
    const std::string_view pieces[] = {lines};
    const bool taken = co_await out.write(pieces);
    if (!taken) co_return false;
  }
  co_return true;
}

Task<Result<Response>> post_import(ServerContext& server, const Request& request) {
  auto run = co_await offload<std::shared_ptr<ImportRun>>(server.writers,
                                                          [&] { return begin(server, request); });
  if (!run.ok()) co_return std::move(run).error();
  if (header_lists(request.header("Accept"), media::kNdjson)) {
    Response response;
    response.content_type = media::kNdjson;
    response.producer = [&server, run = *run](BodyWriter& out) {
      return write_lines(server, run, out);
    };
    co_return std::move(response);
  }
  json::array rejected;
  const CommandImport::OnRejected keep = [&](const RejectedImportRow& row) {
    rejected.push_back(row_json(row));
  };
  for (bool more = true; more;) {
    auto stepped = co_await one_step(server, **run, keep);
    if (!stepped.ok()) co_return std::move(stepped).error();
    more = *stepped;
  }
  auto report = to_json((*run)->import->report());
  report["rejected"] = std::move(rejected);
  co_return json_response(json::serialize(report));
}

Result<Response> get_import(ServerContext& server, const Request& request) {
  const Error unknown{Code::kNotFound, "import.unknown", "there is no import " + request.path[0]};
  if (request.path[0].empty() || request.path[0].size() > 64 ||
      request.path[0].find_first_not_of("0123456789abcdef") != std::string::npos) {
    return unknown;
  }
  OPS_TRY_ASSIGN(const auto record, read_import(server.services.ledger, request.path[0]));
  if (!record) return unknown;
  if (const auto scope = events_scope(server, request)) {
    OPS_TRY_ASSIGN(const auto started, server.services.ledger.get(record->started));
    if (!scope->sees(started.view())) return unknown;
  }
  return json_response(json::serialize(to_json(*record)));
}

std::vector<Parameter> import_parameters() {
  constexpr std::string_view kString = R"({"type":"string"})";
  return {{"command", "query", kString, "type of the command that every row is", true},
          {"dry_run", "query", R"({"type":"boolean"})", "decide every row, append nothing"},
          {"sheet", "query", kString, "name of the workbook's sheet; default the first"},
          {"encoding", "query", kString, "of a CSV file, where it should not be found out"},
          {"time_zone", "query", kString, "of moments without an offset; default UTC"},
          {"currency", "query", kString, "of amounts without one; default CNY"},
          {"map", "query", kString, "JSON object: header -> field, null leaves a column out"},
          {"X-Department", "header", kString, "department of the commands, percent-encoded UTF-8"},
          {"X-Reason", "header", kString, "why, percent-encoded UTF-8, where one is required"}};
}

}  // namespace

void add_import_routes(Router& router) {
  constexpr std::string_view kFile = R"({"type":"string","format":"binary"})";
  router.add({.method = http::verb::post,
              .pattern = "/v1/imports",
              .runs = Runs::kAsync,
              .async_handler = post_import,
              .operation = {.id = "importCommands",
                            .tag = "imports",
                            .summary = "Send every row of a spreadsheet as a command; the same "
                                       "file again goes on where it ended",
                            .parameters = import_parameters(),
                            .body = {{{media::kCsv, media::kXlsx}, kFile}},
                            .answer = {{{media::kJson, media::kNdjson}, R"({"type":"object"})"}},
                            .problems = {403, 404, 409, 413, 415, 422, 423}}});
  router.add({.method = http::verb::get,
              .pattern = "/v1/imports/{import}",
              .runs = Runs::kOnReader,
              .handler = get_import,
              .operation = {.id = "readImport",
                            .tag = "imports",
                            .summary = "What became of an import",
                            .parameters = {{"import", "path", R"({"type":"string"})", "its id"}},
                            .answer = {{{media::kJson}, R"({"type":"object"})"}},
                            .problems = {404}}});
}

}  // namespace opsledger
