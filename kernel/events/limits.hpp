// Limits of what the event endpoints take, beside those of storage/base/limits.hpp.
#pragma once

#include <cstddef>

namespace opsledger::event_limits {

inline constexpr std::size_t kFieldErrorsMax = 64;  ///< reported of one request
inline constexpr unsigned kJsonDepthMax = 32;       ///< of bodies: for whoever parses them

}  // namespace opsledger::event_limits
