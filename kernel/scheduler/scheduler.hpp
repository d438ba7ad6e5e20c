// Timers that are due become commands.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kernel/calendar/calendar_book.hpp"
#include "kernel/command/command_service.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/scheduler/limits.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// Fires each timer once: `timer.fired` is appended atomically with the events of its command,
/// under the condition that nothing else became of the timer. A rejection is recorded the same
/// way. Overdue timers fire in due order, once, with `late_by`. Replay fires nothing.
///
/// One thread of its own between `start` and `stop`; or `run_until_idle` on the caller's, for
/// clocks that are moved by hand. What it is given must outlive it. The projection engine must be
/// started and have the built-in module `timer`.
class Scheduler {
 public:
  struct Options {
    std::size_t firing_max = 1'024;                  ///< commands on their way at a time
    std::size_t window = scheduler_limits::kWindow;  ///< timers read from the table at once
    /// Whether the module runs in the department; timers of others wait until it does.
    std::function<bool(std::string_view module, std::string_view department)> enabled = {};
    std::function<void(const std::string&)> log = {};  ///< what an operator should read
  };
  Scheduler(Ledger& ledger, const Registry& registry, const SchemaCatalog& schemas,
            CommandService& commands, const ProjectionEngine& projections,
            const CalendarBook& calendars, const Clock& clock, Options options);
  ~Scheduler();

  /// Once.
  void start();
  /// Waits for what is on its way. Idempotent.
  void stop();

  /// Without `start`: fires what is due now, and what that makes due, and returns when all of it
  /// is durable. Errors: the tables' and the ledger's.
  Status run_until_idle();
  /// Due time of the next timer that it knows of, after run_until_idle.
  std::optional<Time> next_due() const;

  struct Metrics {
    std::uint64_t fired = 0, rejected = 0, failed = 0;  ///< recorded outcomes
    std::uint64_t overtaken = 0;                        ///< fired, cancelled or replaced meanwhile
    std::uint64_t retried = 0;                          ///< could not be decided then
    std::uint64_t rescheduled = 0;
    std::size_t waiting = 0;  ///< in memory
  };
  Metrics metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace opsledger
