// Turns accepted batches into one atomic write: records, caller keys, tiles, commit.
#pragma once

#include <rocksdb/write_batch.h>

#include <span>
#include <vector>

#include "storage/core/log_keys.hpp"
#include "storage/core/tiles.hpp"
#include "storage/rocksdb/accepted_batch.hpp"
#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

/// The end of the log as the last commit left it.
struct LogHead {
  std::uint64_t commit = 0;  ///< number of the last commit, 0 in an empty ledger
  Hash digest{};             ///< of its record; the next one's `previous`
  Position position{};
  Time recorded_at{INT64_MIN};
  Hash root{};
};

/// Reuses its buffers from commit to commit. Used by the committer alone.
class CommitBuilder {
 public:
  explicit CommitBuilder(const LedgerDb& db) : db_(db) {}

  /// Fills `write` with the commit of `batches`, which follow `head` without a gap, advances
  /// `edge` over them, and returns the head after them.
  LogHead build(std::span<const BatchPtr> batches, const LogHead& head, merkle::TileEdge* edge,
                rocksdb::WriteBatch* write);

 private:
  void put_records(std::span<const BatchPtr> batches, rocksdb::WriteBatch* write);
  void put_chunk(Position first, rocksdb::WriteBatch* write);
  void put_keys(std::span<const BatchPtr> batches, rocksdb::WriteBatch* write);
  void put_tiles(std::span<const BatchPtr> batches, merkle::TileEdge* edge,
                 rocksdb::WriteBatch* write);

  const LedgerDb& db_;
  std::vector<BytesView> records_;
  std::vector<merkle::Tile> tiles_;
  Bytes value_;
};

}  // namespace opsledger::rocks
