// JSON text -> tree, with numbers as exact as doubles are. (Boost.JSON 1.81 parses one long
// fraction in ten to a neighbouring double; in a ledger that would change what a caller said.)
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

/// Parses one whole JSON text (RFC 8259: UTF-8, no comments, no trailing commas), nested at most
/// `depth_max` deep, into `storage`, which must outlive the value. Integers are exact within int64
/// and uint64, other numbers are the nearest double.
/// Errors: kMalformed `json.malformed` naming the byte; so are a name that appears twice in one
/// object (readers disagree about which one counts) and a number no double can hold (it could not
/// be written back).
Result<boost::json::value> parse_json(std::string_view text, unsigned depth_max = 32,
                                      boost::json::storage_ptr storage = {});

}  // namespace opsledger
