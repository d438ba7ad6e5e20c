// The one place where the caller of a request is established.
#pragma once

#include <string>
#include <string_view>

#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"

namespace opsledger {

/// Who may call a route without proving who they are.
enum class Audience {
  kAccounts,  ///< nobody, once there is an account
  kLoopback,  ///< whoever is on this machine
  kEveryone,
  /// kAccounts, and whoever has a token that is good for nothing but this route (scope kFeedScope)
  /// in `?token=`: calendar programs cannot send headers.
  kFeed,
};
inline constexpr std::string_view kFeedScope = "calendar.feed";

/// Fills `request->context` and `request->caller`: for which department, why, under which
/// idempotency key, and who asks. That is, in this order:
/// - no Identities, or set-up mode over loopback: `anonymous` (in set-up mode trusted);
/// - `Authorization: Bearer`: the token's account with the token's scopes; a cookie is ignored;
/// - the session cookie: its account. A method that changes something must then carry the
///   session's `X-CSRF-Token`, and an Origin, if any, that is this very host;
/// - nobody, where `audience` allows it: `anonymous`, not authenticated.
/// Touches memory only, about a microsecond. Errors: kMalformed for X-Department, X-Reason or
/// Idempotency-Key that are broken or too long; kUnauthenticated `access.unauthenticated`;
/// kForbidden `access.csrf`. A `traceparent` that is not one is ignored, as W3C Trace Context asks.
Status establish_identity(const ServerContext& server, Audience audience, Request* request);

/// The session cookie: `__Host-opsledger` where the connection is encrypted, which browsers then
/// keep from every other host and from plain connections; else `opsledger`.
std::string_view session_cookie_name(bool secure);
/// Value of Set-Cookie that sets it for `max_age_s`, or with an empty text takes it away.
std::string session_cookie(bool secure, std::string_view text, std::int64_t max_age_s);
/// The session's secret that the request carries; empty when there is none, or two.
std::string_view session_text(const Request& request, bool secure);

}  // namespace opsledger
