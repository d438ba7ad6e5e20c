// CloudEvents in HTTP binary mode: attributes in ce-* headers, data in the body.
#pragma once

#include <boost/json/value.hpp>

#include "kernel/http/limits.hpp"
#include "kernel/http/request.hpp"

namespace opsledger {

/// `ce-specversion` makes a request a binary-mode event.
bool is_binary_event(const Request& request);
/// The same event in structured form. A JSON body becomes `data`, UTF-8 text a string, anything
/// else `data_base64`. Header values are percent-decoded, as the CloudEvents HTTP binding asks.
/// Errors: kMalformed `json.malformed`, `http.header`.
Result<boost::json::value> binary_event(const Request& request, const HttpLimits& limits);

}  // namespace opsledger
