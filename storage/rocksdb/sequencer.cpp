#include "storage/rocksdb/sequencer.hpp"

#include <algorithm>

#include "storage/core/match.hpp"
#include "storage/core/merkle.hpp"
#include "storage/core/record.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/stored_postings.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::size_t kGroupEventsMax = 16'384;  // of one commit, unless one append has more
constexpr std::size_t kGroupBytesMax = 4u << 20;
constexpr std::size_t kRecentDurableMax = 1'024;  // batches kept after they became durable
constexpr std::size_t kRecentBytesMax = 8u << 20;
constexpr std::size_t kLeadEventsMax = 512;  // larger: hashed here while the committer builds
constexpr int kPrechecksMax = 4;          // then the check runs under the mutex: slow, but it ends
constexpr unsigned kQuickSeeksMax = 256;  // of an append that may not wait
constexpr std::uint64_t kWalkedUnderMutexMax = 4'096;  // events; more are walked before

/// So that the next push_back cannot run out of memory.
template <class T>
void make_room(std::vector<T>* items) {
  if (items->size() == items->capacity()) items->reserve(2 * items->size() + 1);
}

Error overloaded(std::size_t proposals, std::size_t bytes) {
  return {Code::kOverloaded, "append.overloaded",
          std::to_string(proposals) + " appends (" + std::to_string(bytes >> 10) +
              " KiB) wait for the disk already; try again shortly"};
}

/// For a thread that must not wait: it does not walk for long either.
class FewPostings final : public PostingSource {
 public:
  explicit FewPostings(PostingSource& postings) : postings_(postings) {}
  Result<Position> seek(const PostingList& list, Position at_least) override {
    if (left_-- == 0) return not_in_memory();
    return postings_.seek(list, at_least);
  }

 private:
  PostingSource& postings_;
  unsigned left_ = kQuickSeeksMax;
};

/// What follows a precheck: memory alone, whatever the walk still wants from before.
class LaterPostings final : public PostingSource {
 public:
  LaterPostings(const TailView& tail, Position after) : tail_(tail), after_(after) {}
  Result<Position> seek(const PostingList& list, Position at_least) override {
    return tail_.seek(list, std::max(at_least, after_.next()));
  }

 private:
  const TailView& tail_;
  const Position after_;
};

}  // namespace

/// The log as `sequence` sees it: a precheck, and what was accepted after it.
class SequencerPrefix final : public LogPrefix {
 public:
  SequencerPrefix(const Sequencer& sequencer, Sequencer::Precheck* precheck)
      : sequencer_(sequencer), precheck_(precheck) {}

  Position last() const override { return sequencer_.last(); }
  Time recorded_at() const override { return sequencer_.recorded_at(); }
  bool knows_schema(const SchemaId& schema) const override {
    return sequencer_.schemas_.contains(schema);
  }
  Result<std::optional<KeyEntry>> find_key(const ShortHash& key) const override {
    const auto recent = sequencer_.recent_keys_.find(key);
    if (recent != sequencer_.recent_keys_.end()) return std::optional(recent->second);
    return precheck_->key;
  }
  Result<bool> has_match(const AppendCondition&) const override {
    if (precheck_->matched) return true;
    OPS_ASSERT(precheck_->walk);
    // In memory alone: the walk has ended with the part that the precheck saw.
    const auto recent = sequencer_.recent_from(precheck_->durable);
    LaterPostings postings(*precheck_->tail, precheck_->durable);
    EventFetcher events(sequencer_.db_, {}, {}, recent);
    OPS_TRY_ASSIGN(const bool matched, precheck_->walk->advance(postings, recheck_with(events)));
    if (matched) return true;
    OPS_TRY(precheck_->walk->finish());
    return false;
  }

  static Recheck recheck_with(EventFetcher& events) {
    return [&events](const QueryItem& item, Position candidate) -> Result<bool> {
      OPS_TRY_ASSIGN(const auto found, events.fetch({&candidate, 1}));
      return matches(item, found[0]);
    };
  }

 private:
  const Sequencer& sequencer_;
  Sequencer::Precheck* precheck_;
};

Sequencer::Sequencer(const LedgerDb& db, const LedgerOptions& options, const Clock& clock,
                     TailIndex& tail, const std::atomic<std::uint64_t>& packed_upto,
                     DurableState durable, std::set<SchemaId> schemas)
    : db_(db),
      options_(options),
      clock_(clock),
      tail_(tail),
      packed_upto_(packed_upto),
      durable_(std::move(durable)),
      schemas_(std::move(schemas)) {}

Time Sequencer::recorded_at() const {
  return recent_.empty() ? durable_.head.recorded_at : recent_.back()->entries.outcome.recorded_at;
}

Result<std::optional<KeyEntry>> Sequencer::stored_key(const ShortHash& key, Reach reach) const {
  OPS_TRY_ASSIGN(const auto bytes, db_.get(Family::kKeys, caller_key_key(key), reach));
  if (!bytes) return std::optional<KeyEntry>();
  auto entry = decode_key_entry(*bytes);
  if (!entry) return corrupt("caller key " + hex(key.view()), "its bytes are no key entry");
  return entry;
}

/// Up to where the condition is checked before the mutex is taken: everything durable, but nothing
/// when all that a condition on the newest positions looks at is in memory.
Sequencer::Precheck Sequencer::begin_precheck(const AppendCondition* condition) const {
  Precheck check{.durable = durable_.head.position, .tail = tail_.view()};
  if (condition == nullptr || condition->after >= check.durable) return check;
  const bool in_memory =
      condition->after >= recent_after() && condition->after >= check.tail->indexed_upto;
  if (in_memory && check.durable.value - condition->after.value <= kWalkedUnderMutexMax) {
    check.durable = condition->after;
  }
  return check;
}

/// Is everything that came after the precheck in memory still?
bool Sequencer::continues(Precheck* check) const {
  check->tail = tail_.view();
  return recent_after() <= check->durable && check->tail->indexed_upto <= check->durable;
}

/// The condition against everything durable, and the key if it is stored.
Status Sequencer::precheck(const PreparedProposal& proposal, Reach reach, Precheck* out) const {
  if (proposal.key) {
    OPS_TRY_ASSIGN(out->key, stored_key(proposal.key->key, reach));
  }
  if (!proposal.condition) return {};
  out->walk.emplace(*proposal.condition, options_.tag_hash, options_.rules.condition_steps_max);
  if (proposal.condition->after >= out->durable) return {};
  LogPostings all(db_, out->tail, out->durable, reach);
  FewPostings few(all);
  PostingSource& postings = reach == Reach::kDisk ? static_cast<PostingSource&>(all) : few;
  EventFetcher events(db_, out->durable, {packed_upto_}, {}, reach);
  OPS_TRY_ASSIGN(out->matched, out->walk->advance(postings, SequencerPrefix::recheck_with(events)));
  return {};
}

Status Sequencer::admit() const {
  if (refusal_) return *refusal_;
  if (stopping_) {
    return Error{Code::kNotReady, "storage.stopping", "the ledger is closing; try again later"};
  }
  if (pending_proposals_ >= options_.pending_proposals_max ||
      pending_bytes_ >= options_.pending_bytes_max) {
    return overloaded(pending_proposals_, pending_bytes_);
  }
  return tail_.admit();
}

Result<AppendOutcome> Sequencer::append(const Proposal& proposal, Ledger::Completion done,
                                        const Manner& manner) {
  auto batch = std::make_shared<AcceptedBatch>();
  const BatchEntries index = index_events(proposal.events, options_.tag_hash);
  batch->leaves.reserve(proposal.events.size());  // later would be too late to fail
  OPS_TRY_ASSIGN(auto prepared, prepare(proposal));
  Precheck check;
  std::unique_lock lock(mutex_);
  for (int tries = 1;; ++tries) {
    check = begin_precheck(prepared.condition);
    if (tries < kPrechecksMax) lock.unlock();
    OPS_TRY(precheck(prepared, manner.reach, &check));
    if (tries < kPrechecksMax) lock.lock();
    if (continues(&check)) break;
  }
  OPS_TRY(admit());
  const SequencerPrefix prefix(*this, &check);
  OPS_TRY_ASSIGN(batch->entries,
                 sequence(prefix, std::move(prepared), clock_.now(), options_.rules));
  const AppendOutcome outcome = batch->entries.outcome;
  accept(batch, index, std::move(done));
  const bool leads =
      manner.lead != nullptr && !turn_taken_ && batch->entries.size() <= kLeadEventsMax;
  const bool wakes = !leads && !turn_taken_;  // otherwise the turn's end does
  turn_taken_ |= leads;
  lock.unlock();
  if (manner.lead != nullptr) *manner.lead = leads;
  if (wakes) wake_.notify_one();
  for (std::size_t i = 0; i < batch->entries.size(); ++i) {
    batch->leaves.push_back(merkle::leaf_hash(batch->entries.record(i)));
  }
  batch->hashed = true;
  batch->hashed.notify_one();
  return outcome;
}

void Sequencer::accept(std::shared_ptr<AcceptedBatch> batch, const BatchEntries& index,
                       Ledger::Completion done) {
  const Entries& entries = batch->entries;
  make_room(&queue_);
  make_room(&recent_);
  std::set<SchemaId> schemas(entries.schemas_registered.begin(), entries.schemas_registered.end());
  std::map<ShortHash, KeyEntry> keys;
  if (!entries.outcome.replayed) {
    if (entries.key) keys.emplace(entries.key->key, entries.key_entry());
    tail_.add(index, entries.size());
  }
  // From here on nothing can fail: it is accepted, or nothing has happened.
  ++pending_proposals_;
  pending_bytes_ += batch->bytes();
  if (entries.outcome.replayed) {
    queue_.push_back({nullptr, entries.outcome, std::move(done)});
    return;
  }
  schemas_.merge(schemas);
  for (const auto& [key, entry] : keys) recent_keys_.erase(key);
  recent_keys_.merge(keys);
  recent_.push_back(batch);
  queue_.push_back({std::move(batch), entries.outcome, std::move(done)});
}

Result<std::optional<AppendOutcome>> Sequencer::find(const IdempotencyKey& key) const {
  const KeyStamp stamp = stamp_of(key);
  OPS_TRY_ASSIGN(auto entry, stored_key(stamp.key, Reach::kDisk));
  std::lock_guard lock(mutex_);
  const auto recent = recent_keys_.find(stamp.key);
  if (recent != recent_keys_.end()) entry = recent->second;
  return judge_key(stamp, entry, last(), options_.rules.key_lifetime_positions);
}

bool Sequencer::wait_turn(std::vector<PendingAppend>* group) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return !turn_taken_ && (stopping_ || !queue_.empty()); });
  if (queue_.empty()) return false;
  turn_taken_ = true;
  take(group);
  return true;
}

void Sequencer::take_turn(std::vector<PendingAppend>* group) {
  std::lock_guard lock(mutex_);
  OPS_ASSERT(turn_taken_);
  take(group);
}

void Sequencer::end_turn() {
  std::lock_guard lock(mutex_);
  turn_taken_ = false;
  if (stopping_ || !queue_.empty()) wake_.notify_one();
}

void Sequencer::take(std::vector<PendingAppend>* group) {
  group->clear();
  std::size_t events = 0, bytes = 0, taken = 0;
  for (; taken < queue_.size(); ++taken) {
    const AcceptedBatch* batch = queue_[taken].batch.get();
    if (batch == nullptr) continue;
    if (taken > 0 && (events + batch->entries.size() > kGroupEventsMax ||
                      bytes + batch->bytes() > kGroupBytesMax)) {
      break;
    }
    events += batch->entries.size();
    bytes += batch->bytes();
  }
  std::move(queue_.begin(), queue_.begin() + taken, std::back_inserter(*group));
  queue_.erase(queue_.begin(), queue_.begin() + taken);
  pending_proposals_ -= taken;
  pending_bytes_ -= bytes;
}

void Sequencer::publish(const DurableState& state) {
  std::lock_guard lock(mutex_);
  durable_ = state;
  while (recent_durable_ < recent_.size() &&
         recent_[recent_durable_]->last() <= durable_.head.position) {
    recent_durable_bytes_ += recent_[recent_durable_++]->bytes();
  }
  trim_recent();
}

/// In large steps, so that the cost per commit is small.
void Sequencer::trim_recent() {
  if (recent_durable_ <= 2 * kRecentDurableMax && recent_durable_bytes_ <= 2 * kRecentBytesMax) {
    return;
  }
  std::size_t drop = 0;
  for (; recent_durable_ - drop > kRecentDurableMax || recent_durable_bytes_ > kRecentBytesMax;
       ++drop) {
    const AcceptedBatch& batch = *recent_[drop];
    recent_durable_bytes_ -= batch.bytes();
    if (!batch.entries.key) continue;
    const auto found = recent_keys_.find(batch.entries.key->key);
    if (found != recent_keys_.end() && found->second.last <= batch.last()) {
      recent_keys_.erase(found);
    }
  }
  recent_.erase(recent_.begin(), recent_.begin() + drop);
  recent_durable_ -= drop;
}

std::span<const BatchPtr> Sequencer::recent_from(Position position) const {
  const auto begin =
      std::partition_point(recent_.begin(), recent_.end(),
                           [&](const BatchPtr& batch) { return batch->last() <= position; });
  return {begin, recent_.end()};
}

std::vector<PendingAppend> Sequencer::poison(const Error& reason) {
  std::lock_guard lock(mutex_);
  refusal_ = reason;
  recent_.resize(recent_durable_);
  tail_.truncate(durable_.head.position);
  std::erase_if(recent_keys_,
                [&](const auto& entry) { return entry.second.last > durable_.head.position; });
  pending_proposals_ = pending_bytes_ = 0;
  return std::exchange(queue_, {});
}

void Sequencer::stop() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
}

LogView Sequencer::view(bool accepted, Position after) const {
  std::lock_guard lock(mutex_);
  LogView log{durable_.head.position, {packed_upto_}, {}, tail_.view()};
  if (!accepted) return log;
  const auto tail = recent_from(std::max(after, durable_.head.position));
  log.tail.assign(tail.begin(), tail.end());
  return log;
}

TreeHead Sequencer::durable() const {
  std::lock_guard lock(mutex_);
  const LogHead& head = durable_.head;
  return {head.position, head.root, head.position.value == 0 ? Time{} : head.recorded_at};
}

TreeHead Sequencer::accepted() const {
  std::lock_guard lock(mutex_);
  return {last(), {}, last().value == 0 ? Time{} : recorded_at()};
}

Status Sequencer::health() const {
  std::lock_guard lock(mutex_);
  if (refusal_) return *refusal_;
  return {};
}

void Sequencer::count_pending(std::uint64_t* proposals, std::uint64_t* bytes) const {
  std::lock_guard lock(mutex_);
  *proposals = pending_proposals_;
  *bytes = pending_bytes_;
}

}  // namespace opsledger::rocks
