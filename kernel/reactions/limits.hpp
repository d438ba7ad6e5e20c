// What bounds reactions.
#pragma once

#include <chrono>
#include <cstddef>

namespace opsledger::reaction_limits {

inline constexpr unsigned kDepthMax = 8;  ///< rules in a row on account of one person's command
inline constexpr std::size_t kCommandsMax = 50;  ///< sent by one rule for one event
inline constexpr std::size_t kFlyingMax = 256;   ///< commands on their way at a time
/// Triggers that a rule may have passed beyond its recorded progress: what a restart looks at
/// again.
inline constexpr std::size_t kUnrecordedMax = 2'048;
inline constexpr std::chrono::milliseconds kRetryMin{500}, kRetryMax{60'000};
inline constexpr std::chrono::milliseconds kPassMin{5}, kSleepMax{1'000};

}  // namespace opsledger::reaction_limits
