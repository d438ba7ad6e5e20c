// Roles, grants, and why somebody may or may not.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/administration.hpp"
#include "kernel/http/json_body.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/table_parameters.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr Permission kSeeGrants{"grant", "access.grants", 'V'};

Result<Response> list_roles(ServerContext& server, const Request&) {
  OPS_TRY_ASSIGN(auto* const administration, administration_of(server));
  static_cast<void>(administration);
  const auto* access = server.services.access;
  OPS_TRY(access->load());
  return access->look([](const ControlState& state) {
    json::array list;
    for (const auto& [name, role] : state.roles()) list.push_back(to_json(role));
    return json_response(json::serialize(list));
  });
}

Result<Response> put_role(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const administration, administration_of(server));
  OPS_TRY_ASSIGN(auto role, json_object(request, server.limits));
  if (!role.contains("role")) role["role"] = request.path[0];
  if (role["role"] != json::value(request.path[0])) {
    return Error{Code::kInvalid,
                 "role.invalid",
                 "the body names another role than the path",
                 {{"/role", "leave it out or send " + request.path[0]}}};
  }
  return changed(administration->define_role(role, request.context));
}

std::string member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Response> post_grant(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const administration, administration_of(server));
  OPS_TRY_ASSIGN(const auto body, json_object(request, server.limits));
  const Administration::Grant grant{member(body, "account"), member(body, "role"),
                                    member(body, "department")};
  return changed(administration->give(grant, request.context));
}

Result<Response> delete_grant(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const administration, administration_of(server));
  OPS_TRY(refuse_repeated(request.query, {"account", "role", "department"}));
  Administration::Grant grant;
  for (const auto& [name, value] : request.query) {
    if (name == "account") grant.account = value;
    if (name == "role") grant.role = value;
    if (name == "department") grant.department = value;
  }
  return changed(administration->revoke(grant, request.context));
}

/// A command, a table, or a right of the kernel's own.
Permission permission_called(const Registry& registry, const std::string& name) {
  if (const auto command = registry.command(name)) {
    return {command->module->info().name, name, command->info().permission_class};
  }
  if (const auto table = registry.table(name)) return {table->module->info().name, name, 'V'};
  return {prefix_of(name), name, 'M'};
}

struct Question {
  std::string account, permission, department, as_of;
};

Result<Question> question_of(const Request& request) {
  OPS_TRY(refuse_repeated(request.query, {"account", "permission", "department", "as_of"}));
  Question question;
  question.account = request.context.actor;
  for (const auto& [name, value] : request.query) {
    auto* const field = name == "account"      ? &question.account
                        : name == "permission" ? &question.permission
                        : name == "department" ? &question.department
                        : name == "as_of"      ? &question.as_of
                                               : nullptr;
    if (field == nullptr) {
      return Error{
          Code::kMalformed, "http.parameter",
          "unknown parameter " + name + "; known are account, permission, department, as_of"};
    }
    *field = value;
  }
  return question;
}

/// The day that counts for appointments: that of the newest event that is looked at.
Result<std::int32_t> day_of(const ServerContext& server, Position position) {
  if (position.value == 0) return 0;
  OPS_TRY_ASSIGN(const auto event, server.services.ledger.get(position));
  return business_day(event->recorded_at);
}

Result<Response> get_rights(ServerContext& server, const Request& request) {
  OPS_TRY(administration_of(server));
  OPS_TRY_ASSIGN(const auto question, question_of(request));
  if (question.account != request.context.actor) OPS_TRY(require(server, request, kSeeGrants));
  const auto asked = permission_called(server.services.registry, question.permission);
  const auto* access = server.services.access;
  const auto tell = [&](const ControlState& state, std::int32_t day) {
    return explain(state, question.account, asked, question.department, day);
  };
  OPS_TRY_ASSIGN(const auto as_of,
                 resolve_position(server.services.ledger, "as_of", question.as_of));
  json::object answer;
  if (as_of == kHead) {
    OPS_TRY(access->load());
    answer = access->look([&](const ControlState& state) { return tell(state, access->today()); });
  } else {
    OPS_TRY_ASSIGN(const auto day, day_of(server, as_of));
    OPS_TRY_ASSIGN(const auto state, access->state_at(as_of));
    answer = tell(state, day);
    answer["as_of"] = as_of.value;
  }
  return json_response(json::serialize(answer));
}

constexpr std::string_view kString = R"({"type":"string"})";
constexpr std::string_view kObject = R"({"type":"object"})";
constexpr std::string_view kChange =
    R"({"type":"object","properties":{"position":{"type":"integer"},)"
    R"("changed":{"type":"boolean"}}})";
constexpr std::string_view kGrant =
    R"({"type":"object","required":["account","role"],"properties":{"account":{"type":"string"},)"
    R"("role":{"type":"string"},"department":{"type":"string"}}})";

std::vector<Parameter> grant_parameters() {
  return {{"account", "query", kString, "whose", true},
          {"role", "query", kString, "which", true},
          {"department", "query", kString, "where; empty: everywhere"}};
}

}  // namespace

void add_role_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/roles",
       .runs = Runs::kOnReader,
       .handler = list_roles,
       .operation = {.id = "listRoles",
                     .tag = "rights",
                     .summary = "Every role and what it holds",
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {401}}});
  router.add({.method = http::verb::put,
              .pattern = "/v1/roles/{role}",
              .runs = Runs::kOnReader,
              .handler = put_role,
              .operation = {.id = "defineRole",
                            .tag = "rights",
                            .summary = "Make a role, or replace what it holds",
                            .parameters = {{"role", "path", kString, "its name"}},
                            .body = {{{media::kJson}, kObject}},
                            .answer = {{{media::kJson}, kChange}},
                            .problems = {401, 403, 409, 415, 422}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/grants",
              .runs = Runs::kOnReader,
              .handler = post_grant,
              .operation = {.id = "giveGrant",
                            .tag = "rights",
                            .summary = "Give an account a role, in one department or everywhere",
                            .body = {{{media::kJson}, kGrant}},
                            .answer = {{{media::kJson}, kChange}},
                            .problems = {401, 403, 404, 409, 415, 422}}});
  router.add({.method = http::verb::delete_,
              .pattern = "/v1/grants",
              .runs = Runs::kOnReader,
              .handler = delete_grant,
              .operation = {.id = "revokeGrant",
                            .tag = "rights",
                            .summary = "Take a role away again",
                            .parameters = grant_parameters(),
                            .answer = {{{media::kJson}, kChange}},
                            .problems = {401, 403, 404, 409, 422}}});
  router.add({.method = http::verb::get,
              .pattern = "/v1/rights",
              .runs = Runs::kOnReader,
              .handler = get_rights,
              .operation = {
                  .id = "explainRight",
                  .tag = "rights",
                  .summary = "Why an account may or may not do something, now or as of earlier",
                  .parameters = {{"account", "query", kString, "whose; default: the caller's own"},
                                 {"permission", "query", kString, "a command or a table", true},
                                 {"department", "query", kString, "where"},
                                 {"as_of", "query", kString, "position or RFC 3339 time"}},
                  .answer = {{{media::kJson}, kObject}},
                  .problems = {401, 403}}});
}

}  // namespace opsledger
