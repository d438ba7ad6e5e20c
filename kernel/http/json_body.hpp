// Request bodies as JSON.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "kernel/http/limits.hpp"
#include "kernel/http/request.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Errors: kMalformed `json.malformed` naming the byte where reading failed (bad syntax, bad UTF-8,
/// deeper than `json_depth_max`, a name twice in one object, a number no double can hold).
Result<boost::json::value> parse_json(std::string_view text, const HttpLimits& limits,
                                      boost::json::storage_ptr storage = {});

/// The body of a request that must be `application/json`; `http.media_type` 415 otherwise.
Result<boost::json::value> json_body(const Request& request, const HttpLimits& limits,
                                     boost::json::storage_ptr storage = {});

}  // namespace opsledger
