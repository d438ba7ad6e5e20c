// The ledger on RocksDB: a sequencer that accepts in memory, one committer thread that makes
// durable, readers over snapshots. README.md has the layout and the reasons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"
#include "storage/core/apply.hpp"
#include "storage/core/tag_hash.hpp"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace opsledger {

struct LedgerOptions {
  std::filesystem::path directory;  ///< the data directory; created when absent
  /// Start although acknowledged events are missing at the end (`doctor --accept-torn-tail`).
  bool accept_torn_tail = false;
  std::size_t block_cache_bytes = 256u << 20;
  int background_jobs = 2;
  /// Accepted but not durable; beyond it appends get kOverloaded.
  std::size_t pending_proposals_max = 4'096;
  std::size_t pending_bytes_max = 64u << 20;
  /// Below this much free disk space appends get kNotReady, long before RocksDB fails.
  std::uint64_t disk_free_bytes_min = 512u << 20;
  /// In the background: write the index, merge small commits into values of 64 events. Without it
  /// (for tests) the index is made anew from the log at every start.
  bool pack = true;

  // For tests.
  SequenceRules rules{};
  TagHashFunction tag_hash = opsledger::tag_hash;
  std::uint64_t tail_events_max = 1u
                                  << 18;  ///< not in the stored index yet; then appends are refused
  rocksdb::Env* env = nullptr;            ///< outlives the ledger; null = the operating system
  /// Free bytes on the disk of the directory; empty = statvfs.
  std::function<std::uint64_t()> disk_free_bytes = {};
};

/// What an operator wants to see of a running ledger.
struct LedgerStats {
  std::uint64_t commits = 0;  ///< synced write batches
  std::uint64_t events = 0;   ///< durable since the start
  std::uint64_t pending_proposals = 0;
  std::uint64_t pending_bytes = 0;
  std::uint64_t packed_upto = 0;   ///< every run of 64 events up to here is one value
  std::uint64_t indexed_upto = 0;  ///< postings up to here are stored; later ones are in memory
  std::uint64_t disk_free_bytes = 0;
};

/// See Ledger and MerkleLog. Threads: any, plus a committer and a packer of its own. Destruction
/// commits what was accepted, then stops; no cursor or subscription may outlive it.
/// Limits: LedgerOptions; one process per data directory.
class RocksLedger final : public Ledger, public MerkleLog {
 public:
  /// Opens or creates. Time O(right edge), never O(log). Errors: kNotReady `storage.locked`;
  /// kUnsupported `storage.format_newer`; kCorrupt when the ledger is shorter than what was
  /// acknowledged (`ledger.torn_tail`, names the gap) or its right edge contradicts itself; kIo.
  static Result<std::unique_ptr<RocksLedger>> open(LedgerOptions options, const Clock& clock);
  ~RocksLedger() override;

  const LedgerId& id() const override;
  Result<AppendOutcome> append(Proposal proposal, Completion done) override;
  std::optional<Result<AppendOutcome>> append_from_memory(const Proposal& proposal,
                                                          const Completion& done,
                                                          bool may_commit) override;
  Result<AppendOutcome> append_and_wait(const Proposal& proposal) override;
  Result<std::optional<AppendOutcome>> find(const IdempotencyKey& key) const override;
  Result<std::unique_ptr<EventCursor>> read(const Query& query,
                                            const ReadOptions& options) const override;
  Result<OwnedEvent> get(Position position) const override;
  TreeHead durable() const override;
  TreeHead accepted() const override;
  std::shared_ptr<void> subscribe(std::function<void(Position)> on_advance) override;

  Result<Hash> root(std::uint64_t size) const override;
  Result<Bytes> tile(unsigned level, std::uint64_t index, unsigned width) const override;

  /// Success, or why appends are refused: kNotReady `storage.poisoned` (a write or sync failed,
  /// restart), `storage.index` (the index cannot be written; appends end at a limit),
  /// `storage.background` (a flush or a compaction failed: the next write will),
  /// `storage.disk_low` (free space). Reads go on in all cases.
  Status health() const;
  LedgerStats stats() const;
  /// Waits until every durable event is in the stored index and every full run of 64 is packed. For
  /// tests and measurements.
  void wait_packed() const;
  /// For storage/rocksdb/backup.cpp alone.
  rocksdb::DB& database() const;

 private:
  class Impl;
  explicit RocksLedger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace opsledger
