#include "kernel/http/identities.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "kernel/http/identity.hpp"
#include "kernel/http/json_body.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace {

/// `account` -> `account.manage`; the names outlive the question.
std::string_view managing(std::string_view module) {
  return module == "token" ? "token.manage" : "account.manage";
}

bool wrong_member(const boost::json::key_value_pair& member,
                  std::initializer_list<std::string_view> known) {
  if (std::find(known.begin(), known.end(), member.key()) == known.end()) return true;
  return member.key() != "scopes" && !member.value().is_string();
}

}  // namespace

Result<Identities*> identities_of(const ServerContext& server) {
  if (server.services.identities != nullptr) return server.services.identities;
  return Error{Code::kUnsupported, "http.no_accounts", "this server was started without accounts"};
}

Result<boost::json::object> fields_of(const Request& request, const HttpLimits& limits,
                                      std::initializer_list<std::string_view> known) {
  OPS_TRY_ASSIGN(auto body, json_body(request, limits));
  Error error{Code::kInvalid, "schema.invalid", "the body does not fit; see `errors`"};
  if (!body.is_object()) {
    error.fields.push_back({"", "expected an object"});
    return error;
  }
  for (const auto& member : body.get_object()) {
    if (!wrong_member(member, known)) continue;
    error.fields.push_back({"/" + std::string(member.key()), "unknown, or not of its type"});
  }
  if (!error.fields.empty()) return error;
  return std::move(body.get_object());
}

std::string text_of(const boost::json::object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Status require_management(const ServerContext& server, const Request& request,
                          std::string_view module) {
  OPS_TRY_ASSIGN(const auto* const identities, identities_of(server));
  if (identities->in_set_up()) {
    return Error{Code::kForbidden, "access.setup_required",
                 "the first account is made with the link that the server printed when it started, "
                 "or by `opsledger user create` on its host"};
  }
  return require(server, request, {module, managing(module), 'M'});
}

Status require_self(const Request& request, std::string_view module) {
  const RequestContext& context = request.context;
  if (!context.authenticated) {
    return Error{Code::kUnauthenticated, "access.unauthenticated", "log in first"};
  }
  if (scopes_cover(context.scopes, {module, managing(module), 'M'})) return {};
  return Error{Code::kForbidden, "access.forbidden",
               "this token is narrowed to other things; use one without scopes, or log in"};
}

Response session_opened(const ServerContext& server, const Credentials::Issued& issued) {
  const bool secure = server.services.secure_cookies;
  const auto lifetime = server.services.identities->limits().session_absolute;
  Response response =
      json_response(boost::json::serialize(boost::json::object{
                        {"account", issued.credential->account->id},
                        {"session", issued.credential->id},
                        {"csrf", csrf_token(*parse_secret(kSessionPrefix, issued.text))},
                        {"expires_at", rfc3339(issued.credential->expires_at)}}),
                    201);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  response.headers.emplace_back("Set-Cookie", session_cookie(secure, issued.text, seconds));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace opsledger
