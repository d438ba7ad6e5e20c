// The table store on RocksDB: one database, one column family per generation.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "storage/api/table_store.hpp"
#include "storage/base/result.hpp"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace opsledger {

struct TableStoreOptions {
  std::filesystem::path directory;  ///< created when absent; not the ledger's directory
  std::size_t block_cache_bytes = 256u << 20;
  /// Memtables of all generations together; beyond it the largest is flushed.
  std::size_t memtable_bytes_max = 128u << 20;
  int background_jobs = 2;
  rocksdb::Env* env = nullptr;  ///< for tests; outlives the store; null = the operating system
};

/// Opens or creates the store. There is no write-ahead log: what was not flushed is lost with the
/// process, atomically per generation, and projected again from its stored progress. Closing
/// flushes. Generations keep what they need alive: they may outlive the returned object.
/// Errors: kNotReady `storage.locked` when another process has it open, kIo, kCorrupt;
/// kCorrupt `storage.tables_layout` where they are laid out in another way.
Result<std::unique_ptr<TableStore>> open_table_store(const TableStoreOptions& options);

}  // namespace opsledger
