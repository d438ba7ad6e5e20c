// Which timers are due: the nearest ones in memory, all of them in the table `timer.pending`.
#pragma once

#include <map>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/projection/projection_engine.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

struct WaitingTimer {
  std::string name;      ///< `<module>.<kind>:<id>`
  Time due_at{};         ///< what the ledger says
  Time not_before{};     ///< after a failure: later than due_at
  Position scheduled{};  ///< the event that holds its command
  Position changed{};    ///< the newest event about it
  unsigned failures = 0;
};

/// Follows timer events and hands out what is due, in due order. Belongs to one thread.
///
/// In memory is every timer up to a horizon (a place in the order of due time and name); what lies
/// beyond is in the table alone, and read from there, a window at a time, when the table has got
/// to where events were followed. Entries that were overtaken by newer events are not searched
/// for: whoever fires one finds out by the append's condition, which costs one look.
class DueTimers {
 public:
  DueTimers(const Ledger& ledger, const ProjectionEngine& projections, std::size_t window)
      : ledger_(ledger), projections_(projections), window_(window) {}

  /// Forgets everything; the next `next_due` reads the table from its beginning. `flying`: timers
  /// (by name, with `changed`) that are being fired and must not be handed out again.
  void reload(std::map<std::string, Position> flying);
  /// Takes in what was appended up to the durable head. True when a calendar event was among it.
  Result<bool> follow();
  /// The next timer that is due at `now`, taken out; nothing: none. Errors: the table's
  /// (kTimeout `projection.behind`), the ledger's; then it can be asked again.
  Result<std::optional<WaitingTimer>> take_due(Time now);
  /// Due time of the earliest timer in memory.
  std::optional<Time> next_due() const;
  /// A timer that could not be fired now; comes back at `not_before`.
  void put_back(WaitingTimer timer);

  /// Whether nothing is due at `now` and every event is taken in.
  bool caught_up(Time now) const;

  std::size_t waiting() const { return heap_.size() + again_.size(); }

 private:
  struct Later {
    bool operator()(const WaitingTimer& a, const WaitingTimer& b) const {
      return std::tie(a.not_before, a.name) > std::tie(b.not_before, b.name);
    }
  };
  using Place = std::pair<Time, std::string>;

  Status read_window();
  Status read_rows(const TableSnapshot& table, std::size_t* read);
  void push(WaitingTimer timer);
  void shorten();

  const Ledger& ledger_;
  const ProjectionEngine& projections_;
  const std::size_t window_;
  using Heap = std::priority_queue<WaitingTimer, std::vector<WaitingTimer>, Later>;

  Heap heap_;   // by due time
  Heap again_;  // put back
  std::map<std::string, Position> flying_;
  Position followed_{};        // timer events up to here are known
  std::optional<Place> read_;  // rows up to this place are in memory; nothing: none were read
  bool all_read_ = false;      // every row is in memory
};

}  // namespace opsledger
