#include "storage/rocksdb/ledger_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace opsledger::rocks {

namespace {

constexpr std::size_t kWriteBufferBytes = 16u << 20;  // small: stays near the CPU's caches
constexpr std::size_t kWalBytesMax = 64u << 20;       // bounds what a restart replays
constexpr std::size_t kBlockBytes = 16u << 10;

class NoLog final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

using TableOptions = rocksdb::BlockBasedTableOptions;

TableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  TableOptions table;
  table.block_size = kBlockBytes;
  table.block_cache = cache;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  // Indexes and filters in parts, and in the cache: memory does not grow with the log.
  table.index_type = TableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

rocksdb::ColumnFamilyOptions family_options(const TableOptions& table) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = kWriteBufferBytes;
  options.max_write_buffer_number = 4;
  options.compression = rocksdb::kLZ4Compression;
  options.target_file_size_base = 64u << 20;
  options.max_bytes_for_level_base = 512u << 20;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

/// Keys only ever grow at the end: one insertion hint for all of them, and no filter: levels do not
/// overlap, and what is asked for is there.
rocksdb::ColumnFamilyOptions growing_family(TableOptions table) {
  table.partition_filters = false;
  table.filter_policy = nullptr;
  auto options = family_options(table);
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(0));
  return options;
}

/// One bloom entry in each table per list. (A bloom filter of the memtable made every insertion a
/// quarter dearer.) The indexer writes lists in order of their keys: one insertion hint, which
/// stands near the next key already.
rocksdb::ColumnFamilyOptions posting_family(TableOptions table) {
  table.whole_key_filtering = false;  // lists are asked for, never a chunk
  auto options = family_options(table);
  options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kPostingPrefixBytes));
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(0));
  return options;
}

}  // namespace

std::shared_ptr<rocksdb::Logger> no_log() {
  return std::make_shared<NoLog>();
}

rocksdb::DBOptions ledger_db_options(const LedgerDbOptions& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = !options.read_only;
  db.create_missing_column_families = !options.read_only;
  // Only a record cut short at the very end is taken for a torn write; every other damage of the
  // log is an error. (The default opens a log with a flipped byte as a shorter one.)
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = true;
  db.max_bgerror_resume_count = 0;
  db.paranoid_checks = true;
  // Whole files too, for `verify`: block check sums leave out a file's footer and its padding.
  db.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  if (options.read_only) db.info_log = no_log();
  db.max_total_wal_size = kWalBytesMax;
  db.max_background_jobs = options.background_jobs;
  db.avoid_unnecessary_blocking_io = !options.read_only;  // asserts when opened read-only
  db.info_log_level = rocksdb::WARN_LEVEL;
  db.keep_log_file_num = 4;
  db.stats_dump_period_sec = 0;
  if (options.env != nullptr) db.env = options.env;
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> ledger_families(const LedgerDbOptions& options) {
  const auto table = table_options(rocksdb::NewLRUCache(options.block_cache_bytes));
  auto tiles = growing_family(table);
  tiles.compression = rocksdb::kNoCompression;  // hashes
  return {{rocksdb::kDefaultColumnFamilyName, family_options(table)},
          {"log", growing_family(table)},
          {"tags", posting_family(table)},
          {"types", posting_family(table)},
          {"keys", family_options(table)},
          {"tiles", tiles},
          {"commits", growing_family(table)}};
}

}  // namespace opsledger::rocks
