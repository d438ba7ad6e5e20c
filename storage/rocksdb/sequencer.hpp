// Accepts appends in memory: verdict, positions, order. Durability is the committer's business.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "storage/base/clock.hpp"
#include "storage/core/posting_walk.hpp"
#include "storage/core/tiles.hpp"
#include "storage/rocksdb/accepted_batch.hpp"
#include "storage/rocksdb/commit_builder.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "storage/rocksdb/tail_index.hpp"

namespace opsledger::rocks {

/// An append that waits for its commit. Without a batch it repeats an earlier outcome.
struct PendingAppend {
  BatchPtr batch;
  AppendOutcome outcome;
  Ledger::Completion done;
};

/// What durable readers see, published as one.
struct DurableState {
  LogHead head;
  merkle::TileEdge edge;
};

/// The state of the log in memory, under one mutex that nobody holds while reading the disk. What
/// was accepted stays in `recent_` for a while after it became durable, so that a condition that
/// was checked against an older durable position finds here what came after. Thread safe.
class Sequencer {
 public:
  /// `packed_upto` is kept current by the packer. All references must outlive this.
  Sequencer(const LedgerDb& db, const LedgerOptions& options, const Clock& clock, TailIndex& tail,
            const std::atomic<std::uint64_t>& packed_upto, DurableState durable,
            std::set<SchemaId> schemas);

  /// What the thread that appends may do besides.
  struct Manner {
    /// kMemory: `not_in_memory` where the disk, or much of the memory, would have to be read.
    Reach reach = Reach::kDisk;
    /// When given, a small append takes the turn to commit if nobody has it: `*lead` says so, and
    /// the caller goes on with `take_turn`.
    bool* lead = nullptr;
  };
  /// See Ledger::append. Checks the condition on the calling thread up to the durable head, takes
  /// the mutex for what came after, then hashes the leaves outside of it again.
  Result<AppendOutcome> append(const Proposal& proposal, Ledger::Completion done,
                               const Manner& manner);
  Result<std::optional<AppendOutcome>> find(const IdempotencyKey& key) const;

  /// What a read of the positions after `after` sees.
  LogView view(bool accepted, Position after) const;
  TreeHead durable() const;
  TreeHead accepted() const;
  /// Calls `use(state)` under the mutex: for small copies only.
  template <class Use>
  auto with_durable(Use use) const {
    std::lock_guard lock(mutex_);
    return use(durable_);
  }
  Status health() const;
  void count_pending(std::uint64_t* proposals, std::uint64_t* bytes) const;

  // --- the committer's side: one thread at a time has the turn to commit ---

  /// Waits for accepted appends and the turn, and takes as many as one commit may hold. False when
  /// stopped and nothing is left.
  bool wait_turn(std::vector<PendingAppend>* group);
  /// The same for whom `append` gave the turn.
  void take_turn(std::vector<PendingAppend>* group);
  /// The commit is over; what was accepted meanwhile is for the committer's thread.
  void end_turn();
  /// Everything up to `state.head` is durable.
  void publish(const DurableState& state);
  /// A write failed: takes back what is not durable, refuses every later append with `reason`, and
  /// returns the appends that now fail (beside those the committer holds).
  std::vector<PendingAppend> poison(const Error& reason);
  /// No further appends; `wait_turn` returns what is left, then false.
  void stop();

 private:
  friend class SequencerPrefix;

  /// A verdict on the part of the log that was durable, to be completed under the mutex.
  struct Precheck {
    Position durable{};
    TailPtr tail;  // at first for the part up to `durable`, then for what follows
    std::optional<ConditionWalk> walk;
    bool matched = false;
    std::optional<KeyEntry> key;
  };

  /// Both need the mutex.
  Precheck begin_precheck(const AppendCondition* condition) const;
  bool continues(Precheck* check) const;
  Status precheck(const PreparedProposal& proposal, Reach reach, Precheck* out) const;
  Status admit() const;  ///< needs the mutex
  Result<std::optional<KeyEntry>> stored_key(const ShortHash& key, Reach reach) const;
  void accept(std::shared_ptr<AcceptedBatch> batch, const BatchEntries& index,
              Ledger::Completion done);
  void take(std::vector<PendingAppend>* group);  ///< needs the mutex
  void trim_recent();
  /// The accepted batches that end after `position`.
  std::span<const BatchPtr> recent_from(Position position) const;
  Position last() const {
    return recent_.empty() ? durable_.head.position : recent_.back()->last();
  }
  Time recorded_at() const;
  /// The log from here on is in `recent_`.
  Position recent_after() const {
    return recent_.empty() ? durable_.head.position : Position{recent_.front()->first().value - 1};
  }

  const LedgerDb& db_;
  const LedgerOptions& options_;
  const Clock& clock_;
  TailIndex& tail_;
  const std::atomic<std::uint64_t>& packed_upto_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable wake_;
  DurableState durable_;
  std::vector<BatchPtr> recent_;    // adjacent, up to the last accepted event
  std::size_t recent_durable_ = 0;  // how many of them are durable
  std::size_t recent_durable_bytes_ = 0;
  std::map<ShortHash, KeyEntry> recent_keys_;
  std::set<SchemaId> schemas_;
  std::vector<PendingAppend> queue_;
  bool turn_taken_ = false;
  std::size_t pending_proposals_ = 0;
  std::size_t pending_bytes_ = 0;
  std::optional<Error> refusal_;
  bool stopping_ = false;
};

}  // namespace opsledger::rocks
