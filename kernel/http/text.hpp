// Small pure functions over text that arrives in requests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Decimal digits only, no sign, no overflow.
std::optional<std::uint64_t> parse_u64(std::string_view text);
/// `%E4%B8%AD` -> bytes; nothing on a broken escape or when the result is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text);
/// RFC 3339 time in a query. Forgiven: a blank for the plus before the offset (a `+` that was not
/// percent-encoded), a blank for the T, and digits finer than microseconds, which are cut off.
std::optional<Time> time_parameter(std::string_view text);
/// ASCII without regard to case.
bool equals_ignoring_case(std::string_view a, std::string_view b);
/// Whether a comma-separated header value lists `token` (parameters after `;` are ignored).
bool header_lists(std::string_view value, std::string_view token);
/// `application/json; charset=utf-8` -> `application/json` in lower case.
std::string media_type(std::string_view content_type);
/// A query parameter that must be a number; kMalformed `http.parameter` names it otherwise.
Result<std::uint64_t> number_parameter(std::string_view name, std::string_view value);

}  // namespace opsledger
