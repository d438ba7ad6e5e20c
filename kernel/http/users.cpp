// Accounts, for those who manage them.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/identities.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

Result<Response> list_users(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY(require(server, request, {"account", "account.list", 'V'}));
  json::array list;
  for (const AccountInfo& account : identities->accounts().list()) {
    list.push_back(
        {{"account", account.id},
         {"kind", account_kind_name(account.kind)},
         {"login", account.login},
         {"enabled", account.enabled},
         {"locked_until",
          account.locked_until ? json::value(rfc3339(*account.locked_until)) : json::value()},
         {"created_at", rfc3339(account.created_at)}});
  }
  return json_response(json::serialize(list));
}

Result<Response> create_user(ServerContext& server, const Request& request) {
  OPS_TRY(require_management(server, request, "account"));
  OPS_TRY_ASSIGN(const auto fields,
                 fields_of(request, server.limits, {"account", "kind", "login", "password"}));
  const auto kind =
      fields.contains("kind") ? parse_account_kind(text_of(fields, "kind")) : AccountKind::kPerson;
  if (!kind) {
    return Error{Code::kInvalid,
                 "account.invalid",
                 "no such kind of account",
                 {{"/kind", "expected person or service"}}};
  }
  const std::string id = text_of(fields, "account");
  OPS_TRY(server.services.identities->accounts().create(
      {id, *kind, text_of(fields, "login"), text_of(fields, "password")}, request.context.actor));
  return json_response(json::serialize(json::object{{"account", id}}), 201);
}

Result<Response> change_user(ServerContext& server, const Request& request,
                             Status (*change)(Identities&, const std::string&,
                                              const std::string&)) {
  OPS_TRY(require_management(server, request, "account"));
  OPS_TRY(change(*server.services.identities, request.path[0], request.context.actor));
  return json_response("{}");
}

Result<Response> disable_user(ServerContext& server, const Request& request) {
  return change_user(
      server, request,
      [](Identities& identities, const std::string& id, const std::string& actor) -> Status {
        OPS_TRY(identities.accounts().set_enabled(id, false, actor));
        return identities.close_sessions(id, "", actor);
      });
}

Result<Response> enable_user(ServerContext& server, const Request& request) {
  return change_user(
      server, request,
      [](Identities& identities, const std::string& id, const std::string& actor) -> Status {
        return identities.accounts().set_enabled(id, true, actor);
      });
}

Result<Response> unlock_user(ServerContext& server, const Request& request) {
  return change_user(
      server, request,
      [](Identities& identities, const std::string& id, const std::string& actor) -> Status {
        return identities.accounts().unlock(id, actor);
      });
}

Result<Response> set_user_password(ServerContext& server, const Request& request) {
  OPS_TRY(require_management(server, request, "account"));
  OPS_TRY_ASSIGN(const auto fields, fields_of(request, server.limits, {"password"}));
  Identities& identities = *server.services.identities;
  const std::string& actor = request.context.actor;
  OPS_TRY(identities.accounts().set_password(request.path[0], text_of(fields, "password"), actor));
  OPS_TRY(identities.close_sessions(request.path[0], "", actor));
  return json_response("{}");
}

Operation changing(std::string_view id, std::string_view summary) {
  return {.id = id,
          .tag = "identity",
          .summary = summary,
          .parameters = {{"account", "path", R"({"type":"string"})", "id of the account"}},
          .answer = {{{media::kJson}, R"({"type":"object"})"}},
          .problems = {403, 404}};
}

}  // namespace

void add_user_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/users",
       .runs = Runs::kOnReader,
       .handler = list_users,
       .operation = {.id = "listUsers",
                     .tag = "identity",
                     .summary = "Every account (right account.list)",
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {403}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/users",
              .runs = Runs::kOnHasher,
              .handler = create_user,
              .operation = {.id = "createUser",
                            .tag = "identity",
                            .summary = "Make an account (right account.manage)",
                            .body = {{{media::kJson}, "#NewUser"}},
                            .success = 201,
                            .answer = {{{media::kJson}, R"({"type":"object"})"}},
                            .problems = {403, 409, 413, 415, 422}}});
  const auto add = [&](std::string_view pattern, Handler handler, Operation operation) {
    router.add({.method = http::verb::post,
                .pattern = pattern,
                .runs = Runs::kOnWriter,
                .handler = handler,
                .operation = std::move(operation)});
  };
  add("/v1/users/{account}/disable", disable_user,
      changing("disableUser", "Disable an account: its sessions end, its tokens are refused"));
  add("/v1/users/{account}/enable", enable_user, changing("enableUser", "Enable it again"));
  add("/v1/users/{account}/unlock", unlock_user,
      changing("unlockUser", "End its wait after failed logins"));
  Operation password = changing("setUserPassword", "Set its password; ends its sessions");
  password.body = {{{media::kJson},
                    R"({"type":"object","required":["password"],"properties":{)"
                    R"("password":{"type":"string"}}})"}};
  password.problems = {403, 404, 413, 415, 422};
  router.add({.method = http::verb::post,
              .pattern = "/v1/users/{account}/password",
              .runs = Runs::kOnHasher,
              .handler = set_user_password,
              .operation = std::move(password)});
}

}  // namespace opsledger
