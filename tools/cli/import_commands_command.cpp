// import commands: every row of a spreadsheet becomes one command.
#include <boost/json.hpp>
#include <fstream>
#include <memory>

#include "kernel/app/node.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/exchange/command_import.hpp"
#include "kernel/schema/json_parse.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/http_client.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct ImportCommandsOptions {
  PlaceOptions place;
  std::string command, file, map, sheet, encoding, time_zone, currency = "CNY";
  std::string department, reason;
  bool dry_run = false, json = false;
};

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{Code::kNotFound, "import.file", "cannot read " + path};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// --map: JSON, or a file of it.
Result<json::object> map_of(const ImportCommandsOptions& options) {
  if (options.map.empty()) return json::object();
  std::string text = options.map;
  if (!text.starts_with('{')) {
    OPS_TRY_ASSIGN(text, read_file(options.map));
  }
  OPS_TRY_ASSIGN(auto value, parse_json(text));
  if (value.is_object()) return std::move(value.get_object());
  return Error{Code::kInvalid, "import.map", "--map is a JSON object: {\"工号\":\"employee_no\"}"};
}

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::uint64_t number(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

/// Shows refused rows on standard error, progress, and the report at the end.
class Show {
 public:
  explicit Show(const ImportCommandsOptions& options)
      : options_(options), progress_(options.dry_run ? "checking" : "importing", 0, "rows") {}

  void rejected(const json::object& row) {
    std::fprintf(stderr, "row %s: %s%s%s: %s\n", text(row, "row").c_str(),
                 text(row, "code").c_str(), text(row, "pointer").empty() ? "" : " ",
                 text(row, "pointer").c_str(), text(row, "detail").c_str());
  }
  void progress(const json::object& report) {
    progress_.set_total(number(report, "rows"));
    progress_.update(number(report, "done"));
    report_ = report;
  }
  int finish() {
    if (options_.json) {
      print_line(json::serialize(report_));
    } else {
      std::printf("%s%s rows: %s ok (%s known before), %s refused; import %s\n",
                  options_.dry_run ? "dry run, nothing stored: " : "",
                  text(report_, "rows").c_str(), text(report_, "ok").c_str(),
                  text(report_, "known").c_str(), text(report_, "failed").c_str(),
                  text(report_, "import").c_str());
    }
    return number(report_, "failed") == 0 ? kSuccess : kRefused;
  }

 private:
  const ImportCommandsOptions& options_;
  Progress progress_;
  json::object report_;
};

HttpRequest request_of(const ImportCommandsOptions& options, const json::object& map,
                       std::string content) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/v1/imports?command=" + percent_encode(options.command) +
                   "&dry_run=" + (options.dry_run ? "true" : "false");
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) request.target += std::string("&") + name + "=" + percent_encode(value);
  };
  add("sheet", options.sheet);
  add("encoding", options.encoding);
  add("time_zone", options.time_zone);
  add("currency", options.currency);
  if (!map.empty()) add("map", json::serialize(map));
  const bool xlsx = content.starts_with("PK");
  request.headers = {
      {"Content-Type",
       xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv"},
      {"Accept", "application/x-ndjson"}};
  if (!options.department.empty()) {
    request.headers.emplace_back("X-Department", percent_encode(options.department));
  }
  if (!options.reason.empty()) {
    request.headers.emplace_back("X-Reason", percent_encode(options.reason));
  }
  request.body = std::move(content);
  return request;
}

Status through_server(const std::string& url, const ImportCommandsOptions& options,
                      const json::object& map, Show* show) {
  OPS_TRY_ASSIGN(const auto client, HttpClient::make(url, options.place.token()));
  OPS_TRY_ASSIGN(auto content, read_file(options.file));
  std::optional<Error> problem;
  bool ended = false;
  OPS_TRY(client->stream(request_of(options, map, std::move(content)), [&](std::string_view line) {
    const auto value = parse_json(line);
    if (!value.ok() || !value->is_object()) return true;
    const auto& object = value->get_object();
    for (const char* name : {"progress", "report"}) {
      const auto* report = object.if_contains(name);
      if (report != nullptr && report->is_object()) show->progress(report->get_object());
    }
    ended = object.contains("report");
    if (object.contains("row")) show->rejected(object);
    if (const auto* found = object.if_contains("problem"); found != nullptr && found->is_object()) {
      problem = Error{Code::kNotReady, text(found->get_object(), "code"),
                      text(found->get_object(), "detail")};
    }
    return true;
  }));
  if (problem) return *problem;
  if (ended) return {};
  return Error{Code::kNotReady, "import.interrupted",
               "the connection ended early; run the same command again to go on"};
}

Status in_directory(const Config& config, const ImportCommandsOptions& options, json::object map,
                    Show* show) {
  SystemClock clock;
  OPS_TRY_ASSIGN(const auto node, Node::open(config, clock, {.create = true}));
  CommandImportOptions how;
  how.command = options.command;
  how.context.actor = options.place.actor;
  how.context.trusted = true;
  how.context.department = options.department;
  how.context.reason = options.reason;
  how.dry_run = options.dry_run;
  how.sheet = {options.sheet, options.encoding, 0};
  how.map = std::move(map);
  how.time_zone = options.time_zone;
  how.currency = options.currency;
  OPS_TRY_ASSIGN(const auto run, CommandImport::begin(node->ledger(), node->registry(),
                                                      node->commands(), options.file, how));
  const auto rejected = [&](const RejectedImportRow& row) {
    show->rejected({{"row", row.row},
                    {"code", row.fault.code},
                    {"pointer", row.fault.pointer},
                    {"detail", row.fault.message}});
  };
  for (bool more = true; more;) {
    OPS_TRY_ASSIGN(more, run->step(rejected));
    show->progress(to_json(run->report()));
  }
  return {};
}

int run(const ImportCommandsOptions& options) {
  auto map = map_of(options);
  if (!map) return print_error(map.error());
  Config config;
  if (auto status = options.place.load(&config); !status.ok()) return print_error(status.error());
  const auto url = options.place.url.empty() ? serving_url(config) : options.place.url;
  Show show(options);
  const auto status = url.empty() ? in_directory(config, options, std::move(*map), &show)
                                  : through_server(url, options, *map, &show);
  if (!status.ok()) return print_error(status.error());
  return show.finish();
}

}  // namespace

void add_import_commands(CLI::App* parent, CommandLine& line) {
  auto o = std::make_shared<ImportCommandsOptions>();
  auto* command = line.add(parent, "commands", "Send every row of a CSV or XLSX file as a command",
                           "opsledger import commands incident.raise incidents.xlsx --dry-run");
  o->place.add_url(command);
  command->add_option("TYPE", o->command, "the command that every row is")->required();
  command->add_option("FILE", o->file, ".csv (UTF-8, UTF-16, GB18030) or .xlsx")->required();
  command->add_flag("--dry-run", o->dry_run, "decide every row, store nothing");
  command->add_option("--map", o->map, "JSON, or a file of it: header -> field, null = left out");
  command->add_option("--sheet", o->sheet, "sheet of the workbook; default the first");
  command->add_option("--encoding", o->encoding, "of a CSV file, if it should not be found out");
  command->add_option("--time-zone", o->time_zone, "of moments without an offset; default UTC");
  command->add_option("--currency", o->currency, "of amounts without one");
  command->add_option("--department", o->department, "of the commands");
  command->add_option("--reason", o->reason, "why, where the command needs it");
  command->add_flag("--json", o->json, "print the report as JSON");
  line.on_run(command, [o] { return run(*o); });
}

}  // namespace opsledger::cli
