// role list | define | grant | revoke | explain.
#include <boost/json.hpp>
#include <fstream>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/identity_call.hpp"
#include "tools/cli/server_call.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct RoleCommand {
  PlaceOptions place;
  std::string account, role, department, file, permission, as_of, reason;
  bool json = false;
};

int run_list(const RoleCommand& role) {
  return print_answer(call_server(role.place, {.target = "/v1/roles"}), role.json,
                      {"role", "label_en", "label_zh"}, "");
}

int run_define(const RoleCommand& role) {
  std::ifstream in(role.file);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  json::error_code failed;
  const auto body = json::parse(text, failed);
  const auto* name = failed || !body.is_object() ? nullptr : body.get_object().if_contains("role");
  if (name == nullptr || !name->is_string()) {
    return print_error({Code::kMalformed, "role.invalid",
                        role.file + " holds no JSON object with the member `role`"});
  }
  const std::string target = "/v1/roles/" + percent_encode(std::string(name->get_string()));
  return print_answer(call_server(role.place, json_request("PUT", target, body, role.reason)),
                      role.json, {}, "defined " + std::string(name->get_string()));
}

int run_grant(const RoleCommand& role) {
  const json::object body{
      {"account", role.account}, {"role", role.role}, {"department", role.department}};
  return print_answer(
      call_server(role.place, json_request("POST", "/v1/grants", body, role.reason)), role.json, {},
      "granted " + role.role + " to " + role.account);
}

int run_revoke(const RoleCommand& role) {
  HttpRequest request{.method = "DELETE",
                      .target = "/v1/grants?account=" + percent_encode(role.account) +
                                "&role=" + percent_encode(role.role) +
                                "&department=" + percent_encode(role.department)};
  if (!role.reason.empty()) request.headers.emplace_back("X-Reason", percent_encode(role.reason));
  return print_answer(call_server(role.place, request), role.json, {},
                      "revoked " + role.role + " of " + role.account);
}

std::string member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

int run_explain(const RoleCommand& role) {
  std::string target = "/v1/rights?account=" + percent_encode(role.account) +
                       "&permission=" + percent_encode(role.permission) +
                       "&department=" + percent_encode(role.department);
  if (!role.as_of.empty()) target += "&as_of=" + percent_encode(role.as_of);
  const auto answer = call_server(role.place, {.target = target});
  if (!answer || role.json) return print_answer(answer, role.json, {}, "");
  json::error_code failed;
  const auto told = json::parse(answer.value(), failed);
  if (failed || !told.is_object()) {
    return print_error({Code::kInternal, "answer.malformed", "the answer is no JSON object"});
  }
  const auto& object = told.get_object();
  const bool allowed = object.contains("allowed") && object.at("allowed") == json::value(true);
  print_line(
      role.account + (allowed ? " may " : " may not ") + role.permission +
      (allowed ? " (" + member(object, "role") + ", scope " + member(object, "scope") + ")" : ""));
  for (const auto& each : object.at("assignments").as_array()) {
    const auto& one = each.as_object();
    const auto position = member(one, "position");
    print_line("  " + member(one, "role") + " in '" + member(one, "department") + "'" +
               (position.empty() ? "" : " by position " + position) + ": " +
               json::serialize(one.at("permissions")));
  }
  return kSuccess;
}

using Made = std::pair<CLI::App*, std::shared_ptr<RoleCommand>>;

Made add_one(CommandLine& line, CLI::App* parent, const std::string& name,
             const std::string& description, const std::string& example,
             int (*run)(const RoleCommand&)) {
  auto role = std::make_shared<RoleCommand>();
  auto* command = line.add(parent, name, description, example);
  role->place.add_url(command);
  command->add_flag("--json", role->json, "print the answer as JSON");
  line.on_run(command, [role, run] { return run(*role); });
  return {command, role};
}

void add_grant_options(const Made& made) {
  const auto& [command, role] = made;
  command->add_option("ACCOUNT", role->account, "whose")->required();
  command->add_option("ROLE", role->role, "which")->required();
  command->add_option("--department", role->department, "where; without it everywhere");
  command->add_option("--reason", role->reason, "why; becomes part of the event");
}

}  // namespace

void add_role(CommandLine& line) {
  auto* parent = line.app.add_subcommand("role", "Roles, and who has them");
  parent->require_subcommand(1);
  add_one(line, parent, "list", "Print the roles", "opsledger role list --json", run_list);

  const auto define = add_one(line, parent, "define", "Make a role, or replace what it holds",
                              "opsledger role define clerk.json", run_define);
  define.first->add_option("FILE", define.second->file, "JSON: role, labels, permissions")
      ->required()
      ->check(CLI::ExistingFile);
  define.first->add_option("--reason", define.second->reason, "why; becomes part of the event");

  add_grant_options(add_one(line, parent, "grant", "Give an account a role",
                            "opsledger role grant P-0001 ops_manager --department OPS", run_grant));
  add_grant_options(add_one(line, parent, "revoke", "Take a role away",
                            "opsledger role revoke P-0001 ops_manager --department OPS",
                            run_revoke));

  const auto [explain, asked] = add_one(
      line, parent, "explain", "Print why an account may or may not do something",
      "opsledger role explain P-0001 order.hold --department OPS --as-of 2026-05-01T00:00:00Z",
      run_explain);
  explain->add_option("ACCOUNT", asked->account, "whose")->required();
  explain->add_option("PERMISSION", asked->permission, "a command or a table")->required();
  explain->add_option("--department", asked->department, "where");
  explain->add_option("--as-of", asked->as_of, "position or RFC 3339 time");
}

}  // namespace opsledger::cli
