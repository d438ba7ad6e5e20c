// The bulk loader of the RocksDB ledger: sorted tables beside the database, taken over in one step.
// README.md has the design.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/api/bulk_load.hpp"
#include "storage/base/clock.hpp"
#include "storage/core/tag_hash.hpp"

namespace rocksdb {
class Env;
}

namespace opsledger {

struct BulkLoadOptions {
  std::filesystem::path directory;  ///< the data directory; created when absent
  /// Postings that are sorted in memory at a time, at 12 to 60 bytes each, for tags and again for
  /// types; more are sorted in temporary files.
  std::size_t sorted_postings_max = 4u << 20;

  // For tests.
  std::uint64_t table_bytes_max = 256u << 20;  ///< size of one sorted table
  TagHashFunction tag_hash = opsledger::tag_hash;
  rocksdb::Env* env = nullptr;  ///< outlives the load; null = the operating system
};

/// Begins a load into the empty ledger in `options.directory`, which is locked until the load is
/// destroyed. The loader has one thread of its own; memory is bounded, temporary files take about
/// as much room as the ledger's indexes. Errors: kInvalid `bulk.not_empty` when events are there;
/// those of RocksLedger::open.
Result<std::unique_ptr<BulkLoad>> begin_bulk_load(BulkLoadOptions options, const Clock& clock);

}  // namespace opsledger
