// Human numbers: `number.issued` events of one series, e.g. T-202611-0042.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/api/event.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

inline constexpr std::string_view kNumberIssued = "number.issued";

/// `series:<name>`.
std::string series_tag(std::string_view series);
/// `T-202611` and 42 -> `T-202611-0042`; `width` digits at least.
std::string format_number(std::string_view series, std::uint64_t number, unsigned width);
/// The event that takes `number`; schema json {series, sequence, number}.
NewEvent number_issued(std::string_view series, std::uint64_t sequence, std::string_view number);
/// The sequence in a `number.issued` event. Errors: kCorrupt.
Result<std::uint64_t> issued_sequence(const EventView& event);

}  // namespace opsledger
