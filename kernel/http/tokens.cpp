// Bearer tokens: one's own, and for those who manage them everybody's.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/identities.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

/// For one's own tokens it is enough to be oneself.
Status require_for(const ServerContext& server, const Request& request,
                   const std::string& account) {
  if (request.context.authenticated && account == request.context.actor) {
    return require_self(request, "token");
  }
  return require_management(server, request, "token");
}

json::object to_json(const Credential& token) {
  return {{"token", token.id},
          {"account", token.account->id},
          {"label", token.label},
          {"scopes", json::array(token.scopes.begin(), token.scopes.end())},
          {"created_at", rfc3339(token.created_at)},
          {"expires_at", rfc3339(token.expires_at)},
          {"used_at", rfc3339(token.used_at())}};
}

Result<Response> list_tokens(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY(refuse_repeated(request.query, {"account"}));
  std::string account = request.context.actor;
  for (const auto& [name, value] : request.query) {
    if (name == "account") account = value == "*" ? "" : value;
  }
  OPS_TRY(require_for(server, request, account));
  json::array list;
  for (const auto& token : identities->tokens(account)) list.push_back(to_json(*token));
  return json_response(json::serialize(list));
}

Result<std::vector<std::string>> scopes_of(const json::object& fields) {
  std::vector<std::string> scopes;
  const auto* given = fields.if_contains("scopes");
  if (given == nullptr) return scopes;
  const Error wrong{Code::kInvalid,
                    "token.invalid",
                    "the scopes are not well formed",
                    {{"/scopes", "expected an array of strings such as order.*"}}};
  if (!given->is_array()) return wrong;
  for (const auto& scope : given->get_array()) {
    if (!scope.is_string()) return wrong;
    scopes.emplace_back(scope.get_string());
  }
  return scopes;
}

Result<Response> issue_token(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY_ASSIGN(const auto fields,
                 fields_of(request, server.limits, {"account", "label", "scopes", "expires_at"}));
  NewToken token;
  token.account = fields.contains("account") ? text_of(fields, "account") : request.context.actor;
  OPS_TRY(require_for(server, request, token.account));
  token.label = text_of(fields, "label");
  OPS_TRY_ASSIGN(token.scopes, scopes_of(fields));
  if (fields.contains("expires_at")) {
    token.expires_at = parse_rfc3339(text_of(fields, "expires_at"));
    if (!token.expires_at) {
      return Error{Code::kInvalid,
                   "token.invalid",
                   "the expiry is no time",
                   {{"/expires_at", "expected an RFC 3339 time"}}};
    }
  }
  OPS_TRY_ASSIGN(const auto issued,
                 identities->issue_token(std::move(token), request.context.actor));
  json::object answer = to_json(*issued.credential);
  answer["secret"] = issued.text;
  Response response = json_response(json::serialize(answer), 201);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> revoke_token(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  const auto token = identities->token(request.path[0]);
  OPS_TRY(require_for(server, request, token ? token->account->id : std::string()));
  OPS_TRY(identities->revoke_token(request.path[0], request.context.actor));
  return json_response("{}");
}

}  // namespace

void add_token_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/tokens",
       .runs = Runs::kOnReader,
       .handler = list_tokens,
       .operation = {.id = "listTokens",
                     .tag = "identity",
                     .summary = "One's own tokens, without their secrets",
                     .parameters = {{"account", "query", R"({"type":"string"})",
                                     "somebody else's, or `*` for all (right token.manage)"}},
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {403}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/tokens",
              .runs = Runs::kOnWriter,
              .handler = issue_token,
              .operation = {.id = "issueToken",
                            .tag = "identity",
                            .summary = "Make a token; the only time that its secret is shown",
                            .body = {{{media::kJson}, "#NewToken"}},
                            .success = 201,
                            .answer = {{{media::kJson}, R"({"type":"object"})"}},
                            .problems = {403, 404, 413, 415, 422}}});
  router.add({.method = http::verb::delete_,
              .pattern = "/v1/tokens/{token}",
              .runs = Runs::kOnWriter,
              .handler = revoke_token,
              .operation = {.id = "revokeToken",
                            .tag = "identity",
                            .summary = "Revoke a token, at once",
                            .parameters = {{"token", "path", R"({"type":"string"})",
                                            "id of the token, as listed"}},
                            .answer = {{{media::kJson}, R"({"type":"object"})"}},
                            .problems = {403, 404}}});
}

}  // namespace opsledger
