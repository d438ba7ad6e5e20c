// What the handlers of sessions, accounts and tokens share.
#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <string_view>

#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/response.hpp"
#include "kernel/identity/identities.hpp"

namespace opsledger {

/// Errors: kUnsupported `http.no_accounts` where the server was put together without them.
Result<Identities*> identities_of(const ServerContext& server);

/// A body that must be an object with no other members than `known`, all of them strings but
/// `scopes`. Errors: as json_body; kInvalid `schema.invalid` with pointers.
Result<boost::json::object> fields_of(const Request& request, const HttpLimits& limits,
                                      std::initializer_list<std::string_view> known);
/// A string member; empty when it is missing.
std::string text_of(const boost::json::object& fields, std::string_view name);

/// The right `account.manage` | `token.manage`; the first account is made in another way, though:
/// in set-up mode kForbidden `access.setup_required`.
Status require_management(const ServerContext& server, const Request& request,
                          std::string_view module);
/// That the caller may manage their own sessions, tokens and password: they have proved who they
/// are, and not by a token that was narrowed to something else. kForbidden `access.forbidden`.
Status require_self(const Request& request, std::string_view module);

/// 201 with the cookie of a session that was just opened.
Response session_opened(const ServerContext& server, const Credentials::Issued& issued);

}  // namespace opsledger
