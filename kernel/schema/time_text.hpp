// RFC 3339 times and ISO 8601 dates as text: the one place that reads and writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/types.hpp"

namespace opsledger {

/// 0001-01-01T00:00:00Z .. 9999-12-31T23:59:59.999999Z: what RFC 3339 can write.
inline constexpr std::int64_t kTimeMinUs = -62'135'596'800'000'000;
inline constexpr std::int64_t kTimeMaxUs = 253'402'300'799'999'999;
inline constexpr std::int32_t kDateMinDays = -719'162;
inline constexpr std::int32_t kDateMaxDays = 2'932'896;

inline bool time_in_range(Time time) {
  return time.us >= kTimeMinUs && time.us <= kTimeMaxUs;
}

/// What to do with fraction digits after the sixth.
enum class FineFraction {
  kRefuse,    ///< our own inputs: precision is never lost silently
  kTruncate,  ///< CloudEvents from SDKs that write nanoseconds
};

/// RFC 3339 with any offset: `2026-11-11T20:04:00.25+08:00`. `T` and `Z` in either case. Nothing
/// for anything else: dates that do not exist, leap seconds (our time has none), missing offsets.
std::optional<Time> parse_rfc3339(std::string_view text, FineFraction fine = FineFraction::kRefuse);
/// `2026-11-11T12:04:00Z`, with 3 or 6 fraction digits where they are not zero. Precondition:
/// time_in_range.
void append_rfc3339(Time time, std::string* out);
std::string rfc3339(Time time);

/// Days since 1970-01-01 of `2026-11-11`; nothing for a date that does not exist.
std::optional<std::int32_t> parse_date(std::string_view text);
/// Precondition: kDateMinDays <= days <= kDateMaxDays.
void append_date(std::int32_t days, std::string* out);

}  // namespace opsledger
