// Keeps every module's tables up with the ledger; rebuilds them beside the live ones.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/modules/registry.hpp"
#include "kernel/projection/table_shape.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"
#include "storage/api/table_store.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// State of one module's projection, for /v1/projections, /readyz and metrics.
struct ProjectionStatus {
  std::string module, module_version, generation;
  enum class State { kCatchingUp, kLive, kParked, kRebuilding, kStopped } state{};
  Position position{}, head{};
  double events_per_second = 0;        ///< whole; over the last seconds of work; 0 = caught up
  std::optional<double> seconds_left;  ///< whole, rounded up
  std::uint64_t unknown_events = 0;    ///< declared by nobody; those that scans met (see README)
  std::optional<Error> parked;         ///< why it stopped ...
  Position parked_at{};                ///< ... and at which event; 0 = not parked
  Position rebuild_position{};         ///< of the generation being built, 0 = none
};

/// A consistent handle for reading one table: generation, row schema, as-of position. Keeps the
/// generation open; a value, free to copy between threads.
struct TableSnapshot {
  TableRef table;  ///< as the module that is loaded now declares it; read rows by `shape`
  std::shared_ptr<const TableShape> shape;  ///< as the generation that is read declared it
  std::shared_ptr<const TableGeneration> generation;
  std::string generation_name;
  Position as_of{};  ///< kHead resolved to the generation's progress
  bool at_head = true;
};

/// Thread safe. Owns one projector thread per module, bounded queues, explicit stop.
class ProjectionEngine {
 public:
  struct Options {
    std::size_t batch_events_max = 16'384;
    std::size_t row_cache_bytes_per_module = 32 << 20;
    std::chrono::milliseconds flush_interval{2'000};
    /// For the tree root in every progress record; null: only where progress is at the head.
    const MerkleLog* merkle = nullptr;
    /// Told what an operator should read. Called from several threads; must not block.
    std::function<void(const std::string&)> log = {};
  };
  ProjectionEngine(Ledger& ledger, TableStore& store, const Registry& registry,
                   const SchemaCatalog& schemas, const Clock& clock, Options options);
  ~ProjectionEngine();

  /// Opens or starts the live generation of each module (a changed module hash starts a new
  /// generation blue/green while the old one serves), appends `projection.generation_started`.
  Status start();
  void stop();

  /// Waits (bounded) until `module` has projected `min_position`; kTimeout `projection.behind`.
  Status wait_for(std::string_view module, Position min_position,
                  std::chrono::milliseconds timeout) const;
  /// kNotFound `table.unknown`; kNotReady while nothing has been built.
  /// `as_shown`: the generation that was live at `as_of`.
  Result<TableSnapshot> open(std::string_view full_table_name, Position as_of,
                             bool as_shown = false) const;

  std::vector<ProjectionStatus> status() const;
  /// Starts a blue/green rebuild; kNotFound, kConflict when one is under way.
  Status rebuild(std::string_view module);
  /// Parked projections: try the event again, or skip it (an event records the reason).
  Status retry(std::string_view module);
  Status skip(std::string_view module, std::string_view reason, std::string_view actor);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace opsledger
