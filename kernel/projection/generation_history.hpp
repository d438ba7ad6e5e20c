// Which generation of a module's tables was live when: kept as kernel events, never elsewhere.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/projection/table_shape.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Kernel events, schema json, tags `module:<name>` and `generation:<name>`:
///   projection.table_shaped         {module, generation, name, number, row, …}   (TableShape)
///   projection.generation_started   {module, module_version, hash, generation}
///   projection.generation_finished  {module, generation, live_from}
///   projection.event_skipped        {module, hash, generation, position, reason}
/// A generation is live from its `started` event up to its `finished` event, both appended
/// atomically when generations are swapped. `hash` = of the module's library.
struct GenerationRecord {
  std::string name, hash;
  std::vector<std::shared_ptr<const TableShape>> shapes;  ///< by table number
  Position live_from{};
  std::optional<Position> live_until;  ///< nothing = live
};

/// A value; what the events say.
class GenerationHistory {
 public:
  /// Folds the events of `module`. Errors: the ledger's, kCorrupt naming the position.
  static Result<GenerationHistory> read(const Ledger& ledger, std::string_view module);

  /// Ends the live generation, if any, and starts `next` (live_from is set here); waits until the
  /// events are durable. `actor` = "kernel". Errors: the ledger's; then nothing has changed.
  Status start(Ledger& ledger, std::string_view module_version, GenerationRecord next);
  /// Records that an event is left out by this module's code. Waits until durable.
  Status skip(Ledger& ledger, std::string_view hash, Position position, std::string_view reason,
              std::string_view actor);

  const std::vector<GenerationRecord>& records() const { return records_; }
  const GenerationRecord* live() const;
  /// The generation that was live at `position`, or null.
  const GenerationRecord* shown_at(Position position) const;
  const GenerationRecord* find(std::string_view name) const;
  /// Positions that code with this hash leaves out.
  std::set<Position> skipped(std::string_view hash) const;

 private:
  Status fold(const EventView& event);

  std::string module_;
  std::vector<GenerationRecord> records_;  // in order of live_from
  std::vector<std::shared_ptr<const TableShape>> pending_shapes_;
  std::set<std::pair<std::string, Position>> skipped_;  // hash, position
};

}  // namespace opsledger
