// From accepted events to the sorted tables of every column family.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <vector>

#include "storage/core/apply.hpp"
#include "storage/core/tiles.hpp"
#include "storage/rocksdb/accepted_batch.hpp"
#include "storage/rocksdb/bulk_postings.hpp"
#include "storage/rocksdb/bulk_tables.hpp"
#include "storage/rocksdb/commit_builder.hpp"
#include "storage/rocksdb/index_entries.hpp"

namespace opsledger::rocks {

/// One accepted append and the lists its events stand in, in order of the events.
struct BulkBatch {
  Entries entries;
  BatchEntries index;
};

/// Writes what normal appends reach after packing: runs of 64 events, complete tiles, a commit
/// record per some thousand events; and posting chunks, longer than those of single commits. No
/// threads of its own, except that the last step merges tags and types side by side.
class BulkWriter {
 public:
  BulkWriter(const BulkTarget& target, std::size_t sorted_postings_max);

  /// Batches follow each other without a gap, from position 1. Errors: kIo.
  Status add(const BulkBatch& batch);
  /// After the last batch: the head they lead to. Errors: kIo.
  Result<LogHead> finish();
  /// Every table, for DB::IngestExternalFiles. After finish().
  std::vector<rocksdb::IngestExternalFileArg> tables() const;

 private:
  Status add_record(BytesView record);
  Status put_run();
  Status put_tiles();
  Status put_commit(const AppendOutcome& last);
  Status put_notes();
  Status put_postings(PostingKind kind, PostingSorter& sorter, BulkTables& tables);

  const BulkTarget target_;
  LogHead head_;
  Position position_{};  // of the last record
  AppendOutcome last_;   // of the last batch
  Bytes run_;            // records that are no full run yet
  std::vector<std::uint32_t> run_ends_;
  merkle::TileEdge edge_;
  std::vector<merkle::Tile> completed_;
  Bytes value_;
  PostingSorter tag_postings_, type_postings_;
  BulkTables log_, packed_note_, indexed_note_, tags_, types_, commits_;
  std::vector<std::unique_ptr<BulkTables>> tiles_;  // one per level: each level ascends
};

}  // namespace opsledger::rocks
