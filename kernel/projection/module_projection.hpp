// All generations of one module's tables: the live one, the one being built, the finished ones.
#pragma once

#include <condition_variable>
#include <mutex>

#include "kernel/projection/generation_history.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/projection/projector.hpp"

namespace opsledger {

/// What every module's projection works with; outlives them.
struct ProjectionEnvironment {
  Ledger& ledger;
  TableStore& store;
  const Registry& registry;
  const SchemaCatalog& schemas;
  const ProjectionEngine::Options options;

  void log(const std::string& line) const {
    if (options.log) options.log(line);
  }
};

/// Thread safe. Readers get immutable views and never wait for a projector. `control_` serialises
/// what changes generations (and may wait for the ledger), `mutex_` only guards the pointers.
class ModuleProjection {
 public:
  ModuleProjection(const ProjectionEnvironment& environment,
                   std::shared_ptr<PluginInstance> module);
  ~ModuleProjection();

  /// As ProjectionEngine.
  Status start();
  void stop();
  void notify();
  Status wait_for(Position min_position, std::chrono::milliseconds timeout) const;
  Result<TableSnapshot> open(const TableRef& table, Position as_of, bool as_shown) const;
  ProjectionStatus status() const;
  Status rebuild();
  Status retry();
  Status skip(std::string_view reason, std::string_view actor);

 private:
  /// A generation that is open. `projector` is null when its code is gone: it is read only.
  struct Opened {
    std::string name;
    std::shared_ptr<TableGeneration> rows;
    TableBatch::Shapes shapes;
    std::shared_ptr<Projector> projector;
  };
  using OpenedPtr = std::shared_ptr<const Opened>;

  Status start_live(const GenerationRecord& record);
  Status start_first();
  Status start_building(std::string name);
  Result<OpenedPtr> open_for_projecting(const std::string& name);
  bool usable(const std::string& name, const TableGeneration& generation) const;
  std::string building_name() const;
  void drop_leftovers(const std::string& kept) const;
  void drop_finished(const GenerationHistory& history) const;
  void swap_when_building(const std::string& name);
  Status record_start(const Opened& next);
  void publish(OpenedPtr live);
  Result<OpenedPtr> opened_at(Position as_of, bool as_shown) const;
  OpenedPtr live() const;
  OpenedPtr building() const;
  std::vector<std::shared_ptr<Projector>> projectors() const;
  std::shared_ptr<Projector> parked_projector() const;

  const ProjectionEnvironment& environment_;
  const std::shared_ptr<PluginInstance> module_;
  const std::string hash_;  ///< of the module's code, shortened
  TableBatch::Shapes shapes_;

  std::mutex control_;
  mutable std::mutex mutex_;  // guards the rest
  mutable std::condition_variable swapped_;
  std::shared_ptr<const GenerationHistory> history_;
  OpenedPtr live_, building_;
  bool stopping_ = false;
};

}  // namespace opsledger
