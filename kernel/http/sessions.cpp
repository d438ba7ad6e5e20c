// Logging in and out, and who one is.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/identities.hpp"
#include "kernel/http/router.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

/// Always a new session; the one that the browser had ends, so that nobody can plant one.
Result<Response> log_in(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY_ASSIGN(const auto fields, fields_of(request, server.limits, {"login", "password"}));
  OPS_TRY_ASSIGN(const auto account,
                 identities->accounts().log_in(text_of(fields, "login"),
                                               text_of(fields, "password"), request.peer->address));
  const auto old = identities->check_session(session_text(request, server.services.secure_cookies));
  if (old) OPS_TRY(identities->close_session((*old)->id, account->id));
  OPS_TRY_ASSIGN(const auto issued, identities->open_session(account, request.peer->address));
  return session_opened(server, issued);
}

Result<Response> log_out(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY(require_self(request, "account"));
  const auto all = std::find(request.query.begin(), request.query.end(),
                             QueryParameters::value_type{"all", "true"});
  const std::string& account = request.context.actor;
  if (all != request.query.end()) {
    OPS_TRY(identities->close_sessions(account, "", account));
  } else if (request.caller.session) {
    OPS_TRY(identities->close_session(request.caller.credential->id, account));
  }
  Response response = json_response("{}");
  response.headers.emplace_back("Set-Cookie",
                                session_cookie(server.services.secure_cookies, "", 0));
  return response;
}

Result<Response> list_sessions(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY(require_self(request, "account"));
  json::array list;
  for (const auto& session : identities->sessions(request.context.actor)) {
    list.push_back({{"session", session->id},
                    {"address", session->label},
                    {"opened_at", rfc3339(session->created_at)},
                    {"used_at", rfc3339(session->used_at())},
                    {"expires_at", rfc3339(session->expires_at)},
                    {"current", session == request.caller.credential}});
  }
  return json_response(json::serialize(list));
}

json::array roles_of(const ServerContext& server, const std::string& account) {
  json::array roles;
  const auto* access = server.services.access;
  if (access == nullptr || !access->load().ok()) return roles;
  access->look([&](const ControlState& state) {
    state.each_assignment(account, access->today(), [&](const Assignment& assignment) {
      roles.push_back({{"role", assignment.role->name},
                       {"department", assignment.department},
                       {"position", assignment.position}});
    });
  });
  return roles;
}

Result<Response> who_am_i(ServerContext& server, const Request& request) {
  const RequestContext& context = request.context;
  json::object me{{"account", context.actor},
                  {"authenticated", context.authenticated},
                  {"set_up", context.trusted},
                  {"scopes", json::array(context.scopes.begin(), context.scopes.end())},
                  {"roles", roles_of(server, context.actor)}};
  if (const auto& credential = request.caller.credential) {
    const bool person = credential->account->kind == AccountKind::kPerson;
    me["kind"] = account_kind_name(credential->account->kind);
    me["person"] = person ? json::value(credential->account->id) : json::value();
    me["expires_at"] = rfc3339(credential->expires_at);
    if (request.caller.session) {
      const auto text = session_text(request, server.services.secure_cookies);
      me["csrf"] = csrf_token(*parse_secret(kSessionPrefix, text));
    }
  }
  Response response = json_response(json::serialize(me));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> change_own_password(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY(require_self(request, "account"));
  OPS_TRY_ASSIGN(const auto fields, fields_of(request, server.limits, {"current", "password"}));
  const std::string& account = request.context.actor;
  OPS_TRY(
      identities->accounts().confirm(account, text_of(fields, "current"), request.peer->address));
  OPS_TRY(identities->accounts().set_password(account, text_of(fields, "password"), account));
  const auto kept = request.caller.session ? request.caller.credential->id : std::string();
  OPS_TRY(identities->close_sessions(account, kept, account));
  return json_response("{}");
}

}  // namespace

void add_session_routes(Router& router) {
  router.add({.method = http::verb::post,
              .pattern = "/v1/sessions",
              .runs = Runs::kOnHasher,
              .handler = log_in,
              .operation = {.id = "logIn",
                            .tag = "identity",
                            .summary = "Log in with a password; answers with a session cookie",
                            .body = {{{media::kJson}, "#Login"}},
                            .success = 201,
                            .answer = {{{media::kJson}, "#SessionOpened"}},
                            .problems = {413, 415, 422, 429}},
              .audience = Audience::kEveryone});
  router.add({.method = http::verb::delete_,
              .pattern = "/v1/sessions",
              .runs = Runs::kOnWriter,
              .handler = log_out,
              .operation = {
                  .id = "logOut",
                  .tag = "identity",
                  .summary = "End this session, or with all=true every session one has",
                  .parameters = {{"all", "query", R"({"type":"boolean"})", "log out everywhere"}},
                  .answer = {{{media::kJson}, R"({"type":"object"})"}},
                  .problems = {403}}});
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/sessions",
       .runs = Runs::kOnReader,
       .handler = list_sessions,
       .operation = {.id = "listSessions",
                     .tag = "identity",
                     .summary = "One's own sessions, oldest first",
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {403}}});
  router.add({.method = http::verb::get,
              .pattern = "/v1/me",
              .runs = Runs::kOnReader,
              .handler = who_am_i,
              .operation = {.id = "whoAmI",
                            .tag = "identity",
                            .summary = "Who asks, with which roles and scopes; the CSRF token",
                            .answer = {{{media::kJson}, "#Me"}}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/me/password",
              .runs = Runs::kOnHasher,
              .handler = change_own_password,
              .operation = {.id = "changePassword",
                            .tag = "identity",
                            .summary = "Change one's own password; ends the other sessions",
                            .body = {{{media::kJson}, "#PasswordChange"}},
                            .answer = {{{media::kJson}, R"({"type":"object"})"}},
                            .problems = {403, 413, 415, 422, 429}}});
}

}  // namespace opsledger
