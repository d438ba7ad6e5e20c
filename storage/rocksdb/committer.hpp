// The committer: makes accepted appends durable, one commit at a time.
#pragma once

#include <rocksdb/write_batch.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "storage/base/subscribers.hpp"
#include "storage/rocksdb/ack_file.hpp"
#include "storage/rocksdb/commit_builder.hpp"
#include "storage/rocksdb/sequencer.hpp"

namespace opsledger::rocks {

/// Takes everything accepted, writes and syncs it as one commit, publishes it, notes it in the
/// side file, then answers. The next commit fills up meanwhile. Its thread runs from construction
/// to destruction, which commits what is left; stop the sequencer first. A thread that appends and
/// waits commits by itself when nobody else does (`lead`): two switches of threads less. All
/// state belongs to whoever has the sequencer's turn.
class Committer {
 public:
  struct Parts {
    const LedgerDb& db;
    Sequencer& sequencer;
    LedgerId id;
    AckFile ack;
    Subscribers& subscribers;
    std::function<void(Position)> on_durable;  ///< after each commit, before the answers
  };
  Committer(Parts parts, DurableState state);
  ~Committer();

  /// Commits on the calling thread, to which Sequencer::append gave the turn.
  void lead();

  std::uint64_t commits() const { return commits_; }
  std::uint64_t events() const { return events_; }

 private:
  void run();
  void commit(std::vector<PendingAppend> group);
  Status write(std::span<const BatchPtr> batches);
  void fail(std::vector<PendingAppend> group, const Error& error);

  Parts parts_;
  CommitBuilder builder_;
  DurableState state_;
  rocksdb::WriteBatch write_;  // its memory is used again
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> events_{0};
  std::thread thread_;  // last: uses everything above
};

}  // namespace opsledger::rocks
