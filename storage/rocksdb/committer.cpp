#include "storage/rocksdb/committer.hpp"

#include "storage/base/sync_point.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::size_t kWriteBytesKept = 4u << 20;

Error poisoned(const Error& cause) {
  return {Code::kNotReady, "storage.poisoned",
          "the ledger takes no more appends, because a commit failed: " + cause.message +
              "; reading goes on; repair the cause, then restart the server"};
}

Error outcome_unknown(const Error& cause) {
  return {Code::kIo, "append.not_durable",
          "the append may be lost, its commit failed: " + cause.message +
              "; after the restart send it again with the same idempotency key"};
}

}  // namespace

Committer::Committer(Parts parts, DurableState state)
    : parts_(std::move(parts)), builder_(parts_.db), state_(std::move(state)) {
  thread_ = std::thread([this] { run(); });
}

Committer::~Committer() {
  thread_.join();
}

void Committer::run() {
  std::vector<PendingAppend> group;
  while (parts_.sequencer.wait_turn(&group)) {
    commit(std::move(group));
    parts_.sequencer.end_turn();
  }
}

void Committer::lead() {
  std::vector<PendingAppend> group;
  parts_.sequencer.take_turn(&group);
  commit(std::move(group));
  parts_.sequencer.end_turn();
}

void Committer::commit(std::vector<PendingAppend> group) {
  std::vector<BatchPtr> batches;
  for (const PendingAppend& append : group) {
    if (append.batch) batches.push_back(append.batch);
  }
  if (!batches.empty()) {
    const Status written = write(batches);
    if (!written.ok()) return fail(std::move(group), written.error());
  }
  for (PendingAppend& append : group) append.done(append.outcome);
  sync_point(SyncPoint::kCommitAnswered);
  if (!batches.empty()) parts_.subscribers.notify(state_.head.position);
}

/// One synced write; published only when it and the note in the side file succeeded.
Status Committer::write(std::span<const BatchPtr> batches) {
  if (write_.GetDataSize() > kWriteBytesKept) write_ = rocksdb::WriteBatch();
  write_.Clear();
  const LogHead head = builder_.build(batches, state_.head, &state_.edge, &write_);
  rocksdb::WriteOptions options;
  options.sync = true;
  sync_point(SyncPoint::kCommitBuilt);
  OPS_TRY(to_status(parts_.db.db().Write(options, &write_), "write a commit"));
  sync_point(SyncPoint::kCommitSynced);
  events_ += head.position.value - state_.head.position.value;
  ++commits_;
  state_.head = head;
  parts_.sequencer.publish(state_);
  parts_.on_durable(head.position);
  sync_point(SyncPoint::kCommitPublished);
  OPS_TRY(parts_.ack.write({parts_.id, head.commit, head.position, head.root}));
  sync_point(SyncPoint::kCommitNoted);
  return {};
}

void Committer::fail(std::vector<PendingAppend> group, const Error& error) {
  auto rest = parts_.sequencer.poison(poisoned(error));
  for (PendingAppend& append : group) append.done(outcome_unknown(error));
  for (PendingAppend& append : rest) append.done(outcome_unknown(error));
}

}  // namespace opsledger::rocks
