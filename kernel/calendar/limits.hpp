// What bounds a calendar's answers.
#pragma once

#include <cstddef>

namespace opsledger::calendar_limits {

inline constexpr int kDaysMax = 3'660;       ///< looked at for one answer: ten years
inline constexpr std::size_t kSpansMax = 8;  ///< of one day

}  // namespace opsledger::calendar_limits
