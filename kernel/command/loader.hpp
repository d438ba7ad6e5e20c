// Second phase: the host reads and folds what the command's loads name, all at one position.
#pragma once

#include "kernel/command/counters.hpp"
#include "kernel/command/job.hpp"
#include "kernel/command/recent_tags.hpp"
#include "kernel/plugin/event_resolver.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Thread safe. A folded state is touched only while the job holds the turns of all its tags.
class Loader {
 public:
  enum class Step {
    kReady,       ///< job.states hold everything at job.envelope.position
    kWantsTurns,  ///< job.wanted has turns that others hold: queue again with them
    kMoved,       ///< a state was already folded further: begin again at the new head
  };
  Loader(Ledger& ledger, const SchemaCatalog& schemas, Turns& turns, StateCache& cache,
         CommandCounters& counters)
      : ledger_(ledger),
        schemas_(schemas),
        turns_(turns),
        cache_(cache),
        counters_(counters),
        recent_(ledger) {}

  /// Runs the loads in order at the accepted head; each sees the states of those before it.
  Result<Step> load(Job& job);
  /// After the job's append was accepted, still in its turn: folds its own events into the states
  /// it loaded, so that the next command need not read them. Never fails: a state that cannot be
  /// brought on is left behind (or forgotten) and read again.
  void fold_own(Job& job, const AppendOutcome& accepted);
  /// What was accepted has been taken back.
  void forget_recent() { recent_.forget(); }

 private:
  Result<Step> load_one(Job& job, std::uint32_t load);
  Result<Step> load_set(Job& job, FoldedSet* set);
  Result<Step> load_series(Job& job);
  bool moved_on(const Job& job, FoldedState& state) const;
  bool current(const TagSet& tags, FoldedState& state, Position upto) const;
  void fold_own_into(Job& job, const FoldedSet& set, const AppendOutcome& accepted);
  Status fold(Job& job, const FoldedSet& set);
  Status fold_events(Job& job, const FoldedSet& set, EventCursor& events);
  Status fold_series(Job& job);
  std::shared_ptr<FoldedState> cached(const std::string& key);

  Ledger& ledger_;
  const SchemaCatalog& schemas_;
  Turns& turns_;
  StateCache& cache_;
  CommandCounters& counters_;
  RecentTags recent_;
};

/// What a model folds from, as a query: events of its types with all the tags. A model that reads
/// a pattern (`task.*`) folds from any type with those tags.
QueryItem boundary_of(const ModuleInfo& module, std::uint32_t model, const TagSet& tags);

}  // namespace opsledger
