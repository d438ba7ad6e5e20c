// What a server has of timers and rules: ledger and tables on disk, command path, scheduler and
// reaction runner, with the modules `alarm` and `chain`.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "kernel/command/command_service.hpp"
#include "kernel/reactions/plugin_reactions.hpp"
#include "kernel/reactions/reaction_runner.hpp"
#include "kernel/scheduler/host_services.hpp"
#include "kernel/scheduler/scheduler.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"

namespace opsledger::testing_support {

class AutomationWorld {
 public:
  /// Aborts when the directory cannot be opened.
  AutomationWorld(const std::filesystem::path& directory, const Clock& clock);
  ~AutomationWorld();

  void start() {
    scheduler->start();
    runner->start();
  }
  /// `key`: sent once, whatever happens. `done` as CommandService::execute.
  void send(const std::string& type, boost::json::value data, std::string key,
            CommandService::Completion done);
  std::uint64_t count(const std::string& type) const;

  std::unique_ptr<RocksLedger> ledger;
  std::unique_ptr<TableStore> tables;
  Registry registry;
  SchemaCatalog schemas;
  std::unique_ptr<CalendarBook> calendars;
  std::unique_ptr<KernelServices> services;
  std::unique_ptr<CommandService> commands;
  std::unique_ptr<ProjectionEngine> projections;
  std::unique_ptr<PluginReactions> reactions;
  std::unique_ptr<ReactionRunner> runner;
  std::unique_ptr<Scheduler> scheduler;
};

/// The machine's clock.
class RealClock final : public Clock {
 public:
  Time now() const override;
};

}  // namespace opsledger::testing_support
