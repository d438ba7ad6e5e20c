// rule list | publish | mode | dry-run.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/http_client.hpp"
#include "tools/cli/identity_call.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct RuleCommand {
  PlaceOptions place;
  std::string rule, file, mode, department, from, to;
  bool json = false;
};

/// Rules live in the server that runs them: --url, else the one that has the data directory open.
Result<std::string> call(const RuleCommand& rule, const HttpRequest& request) {
  std::string url = rule.place.url;
  if (url.empty()) {
    Config config;
    OPS_TRY(rule.place.load(&config));
    url = serving_url(config);
  }
  if (url.empty()) {
    return Error{Code::kNotReady, "server.absent",
                 "no server has the data directory open; start `opsledger serve` or give --url"};
  }
  OPS_TRY_ASSIGN(const auto client, HttpClient::make(url, rule.place.token()));
  OPS_TRY_ASSIGN(auto response, client->send(request));
  return require_success(std::move(response));
}
HttpRequest json_request(const std::string& method, const std::string& target,
                         const json::value& body) {
  return {method, target, json::serialize(body), {{"Content-Type", "application/json"}}};
}

int run_list(const RuleCommand& rule) {
  return print_answer(call(rule, {.target = "/v1/rules"}), rule.json,
                      {"id", "version", "kind", "modes", "on", "problem"}, "");
}

Result<json::array> definitions(const std::string& file) {
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in) return Error{Code::kInvalid, "file.unreadable", "cannot read " + file};
  json::error_code failed;
  auto value = json::parse(text, failed);
  if (failed)
    return Error{Code::kMalformed, "json.malformed", file + " is no JSON: " + failed.message()};
  if (value.is_object() && value.get_object().contains("rules")) value = value.at("rules");
  if (value.is_array()) return std::move(value.get_array());
  return json::array{std::move(value)};
}

/// A file of many: those whose modules are absent are said and passed over.
int run_publish(const RuleCommand& rule) {
  const auto all = definitions(rule.file);
  if (!all) return print_error(all.error());
  for (const auto& definition : *all) {
    const auto answer = call(rule, json_request("POST", "/v1/rules", definition));
    if (!answer && answer.error().reason == "rule.module_absent" && all->size() > 1) {
      print_line("module absent: " + answer.error().message);
    } else if (!answer) {
      return print_error(answer.error());
    } else {
      print_line(answer.value());
    }
  }
  return kSuccess;
}

int run_mode(const RuleCommand& rule) {
  json::object body{{"mode", rule.mode}};
  if (!rule.department.empty()) body["department"] = rule.department;
  const auto target = "/v1/rules/" + percent_encode(rule.rule) + "/mode";
  return print_answer(call(rule, json_request("PUT", target, body)), rule.json, {},
                      rule.rule + " is " + rule.mode);
}

int run_dry_run(const RuleCommand& rule) {
  std::string target = "/v1/rules/" + percent_encode(rule.rule) + "/dry-run";
  char separator = '?';
  for (const auto& [name, value] : {std::pair{"from", rule.from}, std::pair{"to", rule.to},
                                    std::pair{"department", rule.department}}) {
    if (value.empty()) continue;
    target += separator + std::string(name) + "=" + percent_encode(value);
    separator = '&';
  }
  const auto answer = call(rule, {.method = "POST", .target = target});
  if (!answer) return print_error(answer.error());
  if (rule.json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  const auto result = json::parse(answer.value());
  for (const auto& firing : result.at("firings").as_array()) print_line(json::serialize(firing));
  return print_line("version " + json::serialize(result.at("version")) + ": " +
                    json::serialize(result.at("fired")) + " of " +
                    json::serialize(result.at("examined")) + " events would have fired, " +
                    json::serialize(result.at("failed")) + " failed")
             ? kSuccess
             : kUnavailable;
}

std::pair<CLI::App*, std::shared_ptr<RuleCommand>> add_one(CommandLine& line, CLI::App* parent,
                                                           const std::string& name,
                                                           const std::string& description,
                                                           const std::string& example,
                                                           int (*run)(const RuleCommand&)) {
  auto rule = std::make_shared<RuleCommand>();
  auto* command = line.add(parent, name, description, example);
  rule->place.add_url(command);
  command->add_flag("--json", rule->json, "print the answer as JSON");
  line.on_run(command, [rule, run] { return run(*rule); });
  return {command, rule};
}

}  // namespace

void add_rule(CommandLine& line) {
  auto* parent = line.app.add_subcommand("rule", "Rules: an event and a condition send commands");
  parent->require_subcommand(1);
  add_one(line, parent, "list", "Print the rules and their modes", "opsledger rule list", run_list);

  const auto [publish, file] =
      add_one(line, parent, "publish", "Publish a rule, or all of a file {\"rules\":[…]}",
              "opsledger rule publish share/opsledger/default_rules.json", run_publish);
  publish->add_option("FILE", file->file, "JSON")->required()->check(CLI::ExistingFile);

  const auto [mode, switched] = add_one(line, parent, "mode", "Switch a rule off, shadow or on",
                                        "opsledger rule mode A1 on --department OPS", run_mode);
  mode->add_option("RULE", switched->rule, "its id")->required();
  mode->add_option("MODE", switched->mode, "off | shadow | on")
      ->required()
      ->check(CLI::IsMember({"off", "shadow", "on"}));
  mode->add_option("--department", switched->department, "only there");

  const auto [dry, tried] =
      add_one(line, parent, "dry-run", "Show what a rule would have sent in the past",
              "opsledger rule dry-run A1 --from 2026-11-01T00:00:00Z", run_dry_run);
  dry->add_option("RULE", tried->rule, "its id")->required();
  dry->add_option("--from", tried->from, "position or time");
  dry->add_option("--to", tried->to, "position or time");
  dry->add_option("--department", tried->department, "only its events");
}

}  // namespace opsledger::cli
