// The packer: in the background it writes the index of what was committed, and merges small commits
// into values of one run of 64 events.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "storage/base/result.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/tail_index.hpp"

namespace opsledger::rocks {

/// Writes the tail of the index (indexer.hpp) whenever a segment of it is complete, and what is
/// left when it is destroyed: an orderly closed ledger opens with an empty tail. When that fails,
/// the tail says so, and grows to its limit.
///
/// Replaces the chunks of each full run by one value, a few runs per atomic write, and notes how
/// far it got in the same write. Begins when there is enough for one write, and once a second with
/// whatever there is: to wake it costs the committer more than to pack costs it. Without the
/// write-ahead log: the chunks it replaces are in there, and whatever a crash loses of one column
/// family's memtable is lost as a whole, so the log reads the same before and after. A failure
/// stops packing until the next start; the ledger goes on.
class Packer {
 public:
  Packer(const LedgerDb& db, TailIndex& tail, std::atomic<std::uint64_t>& packed_upto);
  ~Packer();

  /// There are durable events up to `position`. Any thread; seldom wakes the packer.
  void advance(Position position);
  /// Waits until everything up to `position` is indexed and all full runs are packed, or that
  /// failed.
  void wait(Position position);

 private:
  void run();
  bool done(Position position) const;  ///< needs the mutex
  bool due() const;                    ///< needs the mutex
  void work(Position durable, bool partly);
  bool index_some(Position durable, bool partly);
  Result<Position> pack_some(Position durable);

  const LedgerDb& db_;
  TailIndex& tail_;
  std::atomic<std::uint64_t>& packed_upto_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  Position durable_{};
  std::size_t waiting_ = 0;  // calls of `wait`: they do not wait for the second
  bool stopping_ = false;
  std::atomic<bool> pack_failed_{false};
  std::thread thread_;  // last
};

}  // namespace opsledger::rocks
