// The ledger in memory: the oracle that the real backend is compared with, and what the kernel's
// tests run on. Simple before fast: every read and every condition scans the log.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"
#include "storage/base/subscribers.hpp"
#include "storage/core/apply.hpp"

namespace opsledger {

struct MemoryLedgerOptions {
  LedgerId id{};
  std::size_t queue_proposals_max = 4'096;  ///< accepted, not yet durable
  SequenceRules rules;                      ///< tests only
};

/// A Ledger and MerkleLog that forgets everything when destroyed. "Durable" means that its
/// committer thread has taken the append up; the knobs let tests hold that back or make it fail.
/// Thread safe. Cursors and subscriptions must not outlive it. The destructor completes what is
/// still queued (as kNotReady when durability is held back).
class MemoryLedger final : public Ledger, public MerkleLog {
 public:
  /// `clock` must outlive the ledger.
  explicit MemoryLedger(const Clock& clock, MemoryLedgerOptions options = {});
  ~MemoryLedger() override;

  const LedgerId& id() const override { return options_.id; }
  Result<AppendOutcome> append(Proposal proposal, Completion done) override;
  Result<std::optional<AppendOutcome>> find(const IdempotencyKey& key) const override;
  Result<std::unique_ptr<EventCursor>> read(const Query& query,
                                            const ReadOptions& options) const override;
  Result<OwnedEvent> get(Position position) const override;
  TreeHead durable() const override;
  TreeHead accepted() const override;
  std::shared_ptr<void> subscribe(std::function<void(Position)> on_advance) override;

  Result<Hash> root(std::uint64_t size) const override;
  Result<Bytes> tile(unsigned level, std::uint64_t index, unsigned width) const override;

  /// While true, accepted appends stay undurable.
  void hold_durability(bool hold);
  /// The next commit fails: its appends complete with kIo, what was accepted is taken back, and
  /// every later append is kNotReady `storage.poisoned`.
  void fail_next_sync();

 private:
  class Cursor;

  struct Pending {
    AppendOutcome outcome;
    Completion done;
  };

  void run_committer();
  void commit(std::unique_lock<std::mutex>& lock);
  void make_durable();
  void take_back_undurable();
  void accept(Entries entries);
  Hash root_of(std::uint64_t size) const;
  const EventView& event(std::uint64_t position) const { return events_[position - 1]->view(); }

  const Clock& clock_;
  const MemoryLedgerOptions options_;
  Subscribers subscribers_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable wake_;
  std::deque<std::shared_ptr<const OwnedEvent>> events_;  // accepted; [i] = position i + 1
  std::uint64_t durable_ = 0;
  std::map<ShortHash, KeyEntry> keys_;
  std::set<SchemaId> schemas_;
  std::vector<std::vector<Hash>> nodes_;  // durable; [h][i] = root of complete subtree i
  std::deque<Pending> queue_;
  bool held_ = false;
  bool sync_fails_ = false;
  bool poisoned_ = false;
  bool stopping_ = false;
  std::thread committer_;  // last: uses everything above
};

}  // namespace opsledger
