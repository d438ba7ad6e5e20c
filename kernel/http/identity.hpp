// The one place where the caller of a request is established.
#pragma once

#include "kernel/events/raw_append.hpp"
#include "kernel/http/request.hpp"

namespace opsledger {

/// Who asks, for which department, why, and under which idempotency key. Until there are accounts
/// the server listens on loopback only and every caller is `anonymous`; bearer tokens and sessions
/// will be looked at here and nowhere else. Errors: kMalformed for X-Department, X-Reason or
/// Idempotency-Key that are broken or too long. A `traceparent` that is not one is ignored, as
/// W3C Trace Context asks.
Result<RequestContext> establish_identity(const Request& request);

}  // namespace opsledger
