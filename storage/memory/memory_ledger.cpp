#include "storage/memory/memory_ledger.hpp"

#include <algorithm>
#include <limits>

#include "storage/core/merkle.hpp"
#include "storage/memory/memory_ledger_prefix.hpp"

namespace opsledger {
namespace {

Error poisoned_error() {
  return {Code::kNotReady, "storage.poisoned",
          "An earlier write could not be made durable, so the ledger takes no more: restart it"};
}

Error sync_failed_error() {
  return {Code::kIo, "storage.sync_failed",
          "The append could not be made durable and is not in the ledger: restart and try again"};
}

Error stopped_error() {
  return {Code::kNotReady, "storage.stopped", "The ledger stopped before the append was durable"};
}

Error overloaded_error(std::size_t proposals_max) {
  return {
      Code::kOverloaded, "storage.overloaded",
      std::to_string(proposals_max) + " appends are waiting to become durable: try again later"};
}

}  // namespace

MemoryLedger::MemoryLedger(const Clock& clock, MemoryLedgerOptions options)
    : clock_(clock), options_(options), committer_([this] { run_committer(); }) {}

MemoryLedger::~MemoryLedger() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  committer_.join();
  for (auto& pending : queue_) pending.done(stopped_error());
}

Result<AppendOutcome> MemoryLedger::append(Proposal proposal, Completion done) {
  OPS_TRY_ASSIGN(auto prepared, prepare(proposal));
  std::lock_guard lock(mutex_);
  if (poisoned_) return poisoned_error();
  if (queue_.size() >= options_.queue_proposals_max) {
    return overloaded_error(options_.queue_proposals_max);
  }
  const MemoryLedgerPrefix prefix(events_, keys_, schemas_, options_.rules.condition_steps_max);
  OPS_TRY_ASSIGN(auto entries, sequence(prefix, std::move(prepared), clock_.now(), options_.rules));
  const AppendOutcome outcome = entries.outcome;
  accept(std::move(entries));
  queue_.push_back({outcome, std::move(done)});
  wake_.notify_all();
  return outcome;
}

void MemoryLedger::accept(Entries entries) {
  if (entries.outcome.replayed) return;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    events_.push_back(std::make_shared<const OwnedEvent>(entries.record(i)));
  }
  if (entries.key) keys_[entries.key->key] = entries.key_entry();
  schemas_.insert(entries.schemas_registered.begin(), entries.schemas_registered.end());
}

void MemoryLedger::run_committer() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || (!held_ && !queue_.empty()); });
    if (held_ || queue_.empty()) return;  // stopping
    commit(lock);
  }
}

/// Takes up all that is queued. Callbacks run without the lock, so that they may read.
void MemoryLedger::commit(std::unique_lock<std::mutex>& lock) {
  std::deque<Pending> batch;
  batch.swap(queue_);
  if (sync_fails_) {
    poisoned_ = true;
    take_back_undurable();
  } else {
    make_durable();
  }
  const bool failed = poisoned_;
  const Position position{durable_};
  lock.unlock();
  for (auto& pending : batch) {
    if (failed && pending.outcome.last > position) {
      pending.done(sync_failed_error());
    } else {
      pending.done(pending.outcome);
    }
  }
  if (!failed) subscribers_.notify(position);
  lock.lock();
}

void MemoryLedger::make_durable() {
  for (; durable_ < events_.size(); ++durable_) {
    Hash hash = merkle::leaf_hash(events_[durable_]->view().encoded);
    for (std::size_t height = 0;; ++height) {
      if (nodes_.size() == height) nodes_.emplace_back();
      auto& row = nodes_[height];
      row.push_back(hash);
      if (row.size() % 2 != 0) break;
      hash = merkle::node_hash(row[row.size() - 2], row.back());
    }
  }
}

void MemoryLedger::take_back_undurable() {
  events_.resize(durable_);  // cursors keep what they have seen alive
  std::erase_if(keys_, [this](const auto& key) { return key.second.last.value > durable_; });
  schemas_.clear();
  for (const auto& event : events_) {
    const auto tags = (*event)->tags();
    if (const auto id = registered_schema((*event)->type, tags)) schemas_.insert(*id);
  }
}

Result<std::optional<AppendOutcome>> MemoryLedger::find(const IdempotencyKey& key) const {
  const KeyStamp stamp = stamp_of(key);
  std::lock_guard lock(mutex_);
  const auto found = keys_.find(stamp.key);
  const auto entry = found == keys_.end() ? std::nullopt : std::optional(found->second);
  return judge_key(stamp, entry, {events_.size()}, options_.rules.key_lifetime_positions);
}

Result<OwnedEvent> MemoryLedger::get(Position position) const {
  std::lock_guard lock(mutex_);
  if (position.value == 0 || position.value > durable_) {
    return Error{Code::kNotFound, "event.not_found",
                 "There is no event at position " + std::to_string(position.value) +
                     ": the ledger ends at " + std::to_string(durable_)};
  }
  return OwnedEvent(event(position.value).encoded);
}

TreeHead MemoryLedger::durable() const {
  std::lock_guard lock(mutex_);
  TreeHead head{{durable_}, root_of(durable_), {}};
  if (durable_ > 0) head.recorded_at = event(durable_).recorded_at;
  return head;
}

TreeHead MemoryLedger::accepted() const {
  std::lock_guard lock(mutex_);
  TreeHead head{{events_.size()}, {}, {}};
  if (!events_.empty()) head.recorded_at = event(events_.size()).recorded_at;
  return head;
}

std::shared_ptr<void> MemoryLedger::subscribe(std::function<void(Position)> on_advance) {
  return subscribers_.add(std::move(on_advance));
}

void MemoryLedger::hold_durability(bool hold) {
  std::lock_guard lock(mutex_);
  held_ = hold;
  wake_.notify_all();
}

void MemoryLedger::fail_next_sync() {
  std::lock_guard lock(mutex_);
  sync_fails_ = true;
}

}  // namespace opsledger
