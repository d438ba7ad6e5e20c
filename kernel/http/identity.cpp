#include "kernel/http/identity.hpp"

#include <algorithm>

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"
#include "kernel/identity/identities.hpp"
#include "kernel/keystore/password_hash.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

Error bad_header(std::string_view name, std::string_view why) {
  return {Code::kMalformed, "http.header", std::string(name) + " " + std::string(why)};
}

Result<std::string> decoded_header(const Request& request, std::string_view name,
                                   std::size_t bytes_max) {
  auto text = percent_decode(request.header(name));
  if (!text) return bad_header(name, "is not percent-encoded UTF-8");
  if (text->size() > bytes_max) {
    return bad_header(name, "is longer than " + std::to_string(bytes_max) + " bytes");
  }
  return std::move(*text);
}

/// version-traceid-parentid-flags, all lower-case hex, ids not all zero.
bool is_traceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto digits = [&](std::size_t from, std::size_t size) {
    return text.substr(from, size).find_first_not_of("0123456789abcdef") == std::string_view::npos;
  };
  return digits(0, 2) && digits(3, 32) && digits(36, 16) && digits(53, 2) &&
         text.substr(0, 2) != "ff" &&
         text.substr(3, 32).find_first_not_of('0') != std::string_view::npos &&
         text.substr(36, 16).find_first_not_of('0') != std::string_view::npos;
}

/// The key, with or without the quotes of a structured header string.
Result<std::optional<std::string>> idempotency_key(const Request& request) {
  std::string_view key = request.header("Idempotency-Key");
  if (request.message.count("Idempotency-Key") == 0) return std::optional<std::string>();
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') {
    key = key.substr(1, key.size() - 2);
  }
  if (key.empty() || key.size() > limits::kNameBytesMax || !is_utf8(key)) {
    return bad_header("Idempotency-Key", "must be 1 to 200 bytes of UTF-8");
  }
  return std::optional<std::string>(key);
}

Status read_headers(const Request& request, RequestContext* context) {
  OPS_TRY_ASSIGN(context->department,
                 decoded_header(request, "X-Department", limits::kNameBytesMax));
  OPS_TRY_ASSIGN(context->reason,
                 decoded_header(request, "X-Reason", limits::kMetadataValueBytesMax));
  OPS_TRY_ASSIGN(context->idempotency_key, idempotency_key(request));
  const std::string_view traceparent = request.header("traceparent");
  if (is_traceparent(traceparent)) context->traceparent = traceparent;
  return {};
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

Error unauthenticated() {
  return {Code::kUnauthenticated, "access.unauthenticated",
          "log in (POST /v1/sessions), or send `Authorization: Bearer` with a token"};
}

Error forged(std::string_view why) {
  return {Code::kForbidden, "access.csrf",
          std::string(why) +
              "; pages send the value that GET /v1/me names as `csrf`, programs use "
              "a token instead of a cookie"};
}

bool changes_nothing(http::verb method) {
  return method == http::verb::get || method == http::verb::head || method == http::verb::options;
}

/// What a page on another site cannot do: read the session's CSRF token and send it.
Status check_forgery(const Request& request, std::string_view text) {
  if (changes_nothing(request.message.method())) return {};
  const std::string_view origin = request.header("Origin");
  if (!origin.empty()) {
    const auto scheme = origin.find("://");
    const auto authority = origin.substr(std::min(scheme, origin.size() - 3) + 3);
    if (!equals_ignoring_case(authority, request.header("Host"))) {
      return forged("the request comes from a page of another origin");
    }
  }
  const auto parts = parse_secret(kSessionPrefix, text);
  const bool good = parts && request.message.count("X-CSRF-Token") == 1 &&
                    equal_in_constant_time(csrf_token(*parts), request.header("X-CSRF-Token"));
  return good ? Status() : forged("X-CSRF-Token is missing or is not this session's");
}

Status identify(const ServerContext& server, Request* request) {
  const Identities& identities = *server.services.identities;
  RequestContext& context = request->context;
  Request::Caller& caller = request->caller;
  if (request->message.count(http::field::authorization) > 0) {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view header = request->header("Authorization");
    const bool one = request->message.count(http::field::authorization) == 1;
    if (!one || !equals_ignoring_case(header.substr(0, kScheme.size()), kScheme)) {
      return unauthenticated();
    }
    OPS_TRY_ASSIGN(caller.credential,
                   identities.check_token(without_blanks(header.substr(kScheme.size()))));
    context.scopes = caller.credential->scopes;
  } else {
    const std::string_view text = session_text(*request, server.services.secure_cookies);
    if (text.empty()) return unauthenticated();
    OPS_TRY_ASSIGN(auto session, identities.check_session(text));
    OPS_TRY(check_forgery(*request, text));
    caller.credential = std::move(session);
    caller.session = true;
  }
  context.actor = caller.credential->account->id;
  context.authenticated = true;
  return {};
}

/// A feed's own token. It opens nothing but this route, on which it views what is the caller's.
Status identify_feed(const ServerContext& server, Request* request) {
  OPS_TRY(refuse_repeated(request->query, {"token"}));
  for (const auto& [name, value] : request->query) {
    if (name != "token") continue;
    OPS_TRY_ASSIGN(auto credential, server.services.identities->check_token(value));
    if (credential->scopes != std::vector<std::string>{std::string(kFeedScope)}) {
      return Error{Code::kForbidden, "access.forbidden",
                   "a token in an address may have the scope calendar.feed and no other: addresses "
                   "end up in logs and histories; make one with `opsledger token create`"};
    }
    request->context.actor = credential->account->id;
    request->context.authenticated = true;
    request->context.scopes = {"*:V"};
    request->caller.credential = std::move(credential);
    return {};
  }
  return unauthenticated();
}

}  // namespace

std::string_view session_cookie_name(bool secure) {
  return secure ? "__Host-opsledger" : "opsledger";
}

std::string session_cookie(bool secure, std::string_view text, std::int64_t max_age_s) {
  std::string cookie(session_cookie_name(secure));
  cookie.append("=").append(text).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=");
  cookie.append(std::to_string(text.empty() ? 0 : max_age_s));
  if (secure) cookie.append("; Secure");
  return cookie;
}

std::string_view session_text(const Request& request, bool secure) {
  const std::string_view name = session_cookie_name(secure);
  if (request.message.count(http::field::cookie) > 1) return {};
  std::string_view rest = request.header("Cookie"), found;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto pair = without_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
    if (!found.empty()) return {};
    found = pair.substr(name.size() + 1);
  }
  return found;
}

Status establish_identity(const ServerContext& server, Audience audience, Request* request) {
  OPS_TRY(read_headers(*request, &request->context));
  const Identities* identities = server.services.identities;
  if (identities == nullptr) return {};
  const bool loopback = request->peer != nullptr && request->peer->loopback;
  if (identities->in_set_up() && loopback) {
    request->context.trusted = true;
    return {};
  }
  auto known = identify(server, request);
  if (!known.ok() && audience == Audience::kFeed) known = identify_feed(server, request);
  if (known.ok() || audience == Audience::kEveryone) return {};
  if (audience == Audience::kLoopback && loopback) return {};
  return known;
}

}  // namespace opsledger
