// A ledger in memory with command path, tables and a scheduler whose clock tests move.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "kernel/command/command_service.hpp"
#include "kernel/scheduler/host_services.hpp"
#include "kernel/scheduler/scheduler.hpp"
#include "kernel/system/system_modules.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_table_store.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {

class SchedulerTest : public ::testing::Test {
 protected:
  SchedulerTest() { start(); }
  ~SchedulerTest() override { stop(); }

  /// A process begins over what the ledger holds; tables are kept.
  void start();
  void stop();
  /// Fires everything due until `time`, due moment by due moment.
  void run_until(Time time);
  void run() { ASSERT_TRUE(scheduler_->run_until_idle().ok()); }

  Result<CommandOutcome> send(const std::string& type, boost::json::value data,
                              const std::string& department = "OPS");
  void set_alarm(const std::string& id, Duration after, bool working = false, int times = 1);
  /// Events of a type, as JSON objects {position, time, data…}.
  std::vector<boost::json::object> events(const std::string& type) const;
  std::vector<std::string> rang() const;
  Time now() const { return clock_.now(); }

  static constexpr Duration kHour{3'600'000'000};

  // Wednesday 30 September 2026, 15:00 in Shanghai
  ManualClock clock_{1'790'751'600'000'000};
  MemoryLedger ledger_{clock_};
  std::unique_ptr<TableStore> tables_;
  Scheduler::Options options_;

  std::unique_ptr<Registry> registry_;
  std::unique_ptr<SchemaCatalog> schemas_;
  std::unique_ptr<CalendarBook> calendars_;
  std::unique_ptr<KernelServices> services_;
  std::unique_ptr<CommandService> commands_;
  std::unique_ptr<ProjectionEngine> projections_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace opsledger::testing_support
