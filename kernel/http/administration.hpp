// What the handlers of roles, grants and modules share.
#pragma once

#include <boost/json/object.hpp>

#include "kernel/access/administration.hpp"
#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/response.hpp"

namespace opsledger {

/// Errors: kUnsupported `http.no_administration` where the server was put together without it.
Result<Administration*> administration_of(const ServerContext& server);

/// A body that must be a JSON object. Errors: as json_body; kInvalid `schema.invalid`.
Result<boost::json::object> json_object(const Request& request, const HttpLimits& limits);

/// `{"position","changed"}`.
Result<Response> changed(const Result<Administration::Outcome>& outcome);

}  // namespace opsledger
