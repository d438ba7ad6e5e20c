// Builds one generation: events in, rows and progress out. No threads and no waiting of its own.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "kernel/modules/registry.hpp"
#include "kernel/plugin/event_resolver.hpp"
#include "kernel/projection/event_feed.hpp"
#include "kernel/projection/table_batch.hpp"
#include "kernel/schema/catalog.hpp"

namespace opsledger {

/// Where events come from and how to read them. References outlive every projector.
struct ProjectionSources {
  const Ledger& ledger;
  const MerkleLog* merkle;  ///< may be null: then progress carries a root only at the head
  const Registry& registry;
  const SchemaCatalog& schemas;
};

struct BuilderLimits {
  std::size_t batch_events_max;
  std::size_t row_cache_bytes;
};

/// One thread. A batch is atomic: after an error or a crash the generation is as of some position.
class GenerationBuilder {
 public:
  GenerationBuilder(ProjectionSources sources, std::shared_ptr<PluginInstance> module,
                    std::shared_ptr<TableGeneration> generation, TableBatch::Shapes shapes,
                    std::set<Position> skipped, BuilderLimits limits);

  /// Projects one bounded batch. True = the durable head is reached. When a batch fails it is
  /// undone, and the next calls project its events one by one; so an error is returned only for a
  /// single event (`failed_at`), with everything before it committed. What the plugin did at that
  /// event is undone.
  Result<bool> advance();
  /// Leaves the event out from now on.
  void skip(Position position) { skipped_.insert(position); }

  Position position() const { return position_; }
  Position failed_at() const { return failed_at_; }
  std::uint64_t unknown_events() const { return feed_.unknown_events(); }
  Status flush() { return generation_->flush(); }

 private:
  Result<bool> advance_batch();
  Status project(std::span<const EventView> events);
  std::span<const EventView> next_chunk(std::span<const EventView> events) const;
  Status apply(std::span<const EventView> events);
  Status prefetch(std::uint32_t table, std::span<const PluginEvent> events);
  Status commit(Position position);
  bool careful() const { return position_ < careful_until_; }

  const ProjectionSources sources_;
  const std::shared_ptr<PluginInstance> module_;
  const std::shared_ptr<TableGeneration> generation_;
  const BuilderLimits limits_;
  std::vector<EventResolver> resolvers_;  // per table
  TableBatch batch_;
  EventFeed feed_;
  std::set<Position> skipped_;
  Position position_{};       // committed
  Position careful_until_{};  // up to here every event is a batch of its own
  Position failed_at_{};
  bool failed_alone_ = false;    // the failure is the event's own, not its neighbour's
  std::size_t uncommitted_ = 0;  // events applied since the last commit
};

}  // namespace opsledger
