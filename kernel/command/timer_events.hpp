// The kernel events of timers, schema json:
//   timer.scheduled    {timer, module, kind, id, command, data, due_at, basis, from, working_us}
//   timer.cancelled    {timer}
//   timer.rescheduled  {timer, due_at, was}
//   timer.fired        {timer, command, due_at, late_by_us, outcome, code, message}
// each with the tag `timer:<module>.<kind>:<id>`. `from` and `working_us` belong to working time.
#pragma once

#include <string>

#include "kernel/plugin/plugin_instance.hpp"
#include "storage/api/event.hpp"
#include "storage/api/query.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

inline constexpr const char* kTimerScheduled = "timer.scheduled";
inline constexpr const char* kTimerCancelled = "timer.cancelled";
inline constexpr const char* kTimerRescheduled = "timer.rescheduled";
inline constexpr const char* kTimerFired = "timer.fired";

/// `<module>.<kind>:<id>`.
std::string timer_name(const ModuleInfo& module, std::uint32_t timer, std::string_view id);
/// Everything that says what became of a timer.
QueryItem timer_item(std::string_view name);

/// `change` (not a cancellation) of a decision at `decided`. Errors: kCorrupt never for data that
/// was checked; what the calendar says.
Result<NewEvent> timer_scheduled(const ModuleInfo& module, const TimerChange& change, Time decided,
                                 Time due_at);
NewEvent timer_cancelled(std::string_view name);
NewEvent timer_rescheduled(std::string_view name, Time due_at, Time was);
NewEvent timer_fired(std::string_view name, std::string_view command, Time due_at, Duration late_by,
                     const Error* refusal);

}  // namespace opsledger
