// /v1/rules: list, publish, switch, and try on history.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/administration.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/table_parameters.hpp"
#include "kernel/rules/rule_administration.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr std::string_view kString = R"({"type":"string"})";
constexpr std::string_view kObject = R"({"type":"object"})";

Result<RuleAdministration*> rules_of(const ServerContext& server) {
  if (server.services.rules != nullptr) return server.services.rules;
  return Error{Code::kUnsupported, "http.no_rules", "this server was started without rules"};
}

Result<Response> list_rules(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const rules, rules_of(server));
  OPS_TRY_ASSIGN(const auto list, rules->list(request.context));
  return json_response(json::serialize(list));
}

Result<Response> publish_rule(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const rules, rules_of(server));
  OPS_TRY_ASSIGN(const auto definition, json_object(request, server.limits));
  OPS_TRY_ASSIGN(const auto outcome, rules->publish(definition, request.context));
  return json_response(json::serialize(json::object{{"rule", outcome.rule},
                                                    {"version", outcome.version},
                                                    {"position", outcome.position.value},
                                                    {"changed", outcome.changed}}),
                       outcome.changed ? 201 : 200);
}

std::string text_of(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Response> set_rule_mode(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const rules, rules_of(server));
  OPS_TRY_ASSIGN(const auto body, json_object(request, server.limits));
  const auto mode = parse_mode(text_of(body, "mode"));
  if (!mode) {
    return Error{Code::kInvalid,
                 "schema.invalid",
                 "this switches no rule",
                 {{"/mode", "expected off, shadow or on"}}};
  }
  const std::string department = body.contains("department") ? text_of(body, "department") : "*";
  OPS_TRY_ASSIGN(const auto position,
                 rules->set_mode(request.path[0], department, *mode, request.context));
  return json_response(json::serialize(json::object{{"position", position.value}}));
}

Result<Response> dry_run_rule(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const rules, rules_of(server));
  OPS_TRY(refuse_repeated(request.query, {"from", "to", "department"}));
  RuleAdministration::Range range;
  for (const auto& [name, value] : request.query) {
    if (name == "department") {
      range.department = value;
    } else if (name == "from") {
      OPS_TRY_ASSIGN(range.from, resolve_position(server.services.ledger, name, value));
    } else if (name == "to") {
      OPS_TRY_ASSIGN(range.upto, resolve_position(server.services.ledger, name, value));
    } else {
      return Error{Code::kMalformed, "http.parameter", "unknown parameter '" + name + "'"};
    }
  }
  OPS_TRY_ASSIGN(const auto result, rules->dry_run(request.path[0], range, request.context));
  return json_response(json::serialize(result));
}

}  // namespace

void add_rule_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/rules",
       .runs = Runs::kOnReader,
       .handler = list_rules,
       .operation = {.id = "listRules",
                     .tag = "rules",
                     .summary = "Rules as data with their modes, and modules' reactions",
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {401, 403}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/rules",
              .runs = Runs::kOnReader,
              .handler = publish_rule,
              .operation = {.id = "publishRule",
                            .tag = "rules",
                            .summary = "Publish a rule, or its next version, checked completely",
                            .body = {{{media::kJson}, kObject}},
                            .success = 201,
                            .answer = {{{media::kJson}, kObject}},
                            .problems = {401, 403, 404, 409, 413, 415, 422}}});
  router.add({.method = http::verb::put,
              .pattern = "/v1/rules/{rule}/mode",
              .runs = Runs::kOnReader,
              .handler = set_rule_mode,
              .operation = {.id = "setRuleMode",
                            .tag = "rules",
                            .summary = "Switch a rule off, to shadow or on, in one department or *",
                            .parameters = {{"rule", "path", kString, "its id"}},
                            .body = {{{media::kJson}, kObject}},
                            .answer = {{{media::kJson}, kObject}},
                            .problems = {401, 403, 404, 409, 415, 422}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/rules/{rule}/dry-run",
              .runs = Runs::kOnReader,
              .handler = dry_run_rule,
              .operation = {
                  .id = "dryRunRule",
                  .tag = "rules",
                  .summary = "What the newest version would have sent for events of the past",
                  .parameters = {{"rule", "path", kString, "its id"},
                                 {"from", "query", kString, "position or RFC 3339 time, inclusive"},
                                 {"to", "query", kString, "position or RFC 3339 time, inclusive"},
                                 {"department", "query", kString, "only its events"}},
                  .answer = {{{media::kJson}, kObject}},
                  .problems = {401, 403, 404, 422}}});
}

}  // namespace opsledger
