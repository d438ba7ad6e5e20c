// The committer: the one thread that makes accepted appends durable.
#pragma once

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
/// side file, then answers. The next commit fills up meanwhile. Runs from construction to
/// destruction, which commits what is left; stop the sequencer first.
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
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> events_{0};
  std::thread thread_;  // last: uses everything above
};

}  // namespace opsledger::rocks
