// JSON text -> tree, with numbers as exact as doubles are. (Boost.JSON 1.81 parses one long
// fraction in ten to a neighbouring double; in a ledger that would change what a caller said.)
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

/// Parses one whole JSON text (RFC 8259: UTF-8, no comments, no trailing commas), nested at most
/// `depth_max` deep. A name that appears twice in an object: the last one counts. Integers are
/// exact within int64 and uint64, other numbers are the nearest double.
/// Errors: kMalformed `json.malformed` naming the byte.
Result<boost::json::value> parse_json(std::string_view text, unsigned depth_max = 32);

}  // namespace opsledger
