// What bounds the scheduler.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace opsledger::scheduler_limits {

/// Timers read from the table at once; the rest stays there until these are used up.
inline constexpr std::size_t kWindow = 16'384;
/// Windows in memory before the later timers are left to the table again.
inline constexpr std::size_t kWindowsMax = 4;
/// How long reading the table may lag behind before the scheduler tries again.
inline constexpr std::chrono::milliseconds kTableWait{2'000};
/// A timer whose command could not be decided (a full queue, a broken plugin) is tried again.
inline constexpr std::chrono::milliseconds kRetryMin{500}, kRetryMax{300'000};
/// Between two looks at what was appended: a busy ledger wakes the scheduler all the time.
inline constexpr std::chrono::milliseconds kPassMin{5};
/// Longest sleep: a clock that was set, or a department that was enabled, is noticed after it.
inline constexpr std::chrono::milliseconds kSleepMax{1'000};
/// Appends of one recalculation that wait for the disk at a time.
inline constexpr std::size_t kReschedulesMax = 256;

}  // namespace opsledger::scheduler_limits
