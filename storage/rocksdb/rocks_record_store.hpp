// The record store on RocksDB: one small database with a write-ahead log.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/api/record_store.hpp"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace opsledger {

struct RecordStoreOptions {
  std::filesystem::path directory;  ///< created when absent
  rocksdb::Env* env = nullptr;      ///< for tests; null = the operating system
};

/// Opens or creates the store. Errors: kIo, kCorrupt; kNotReady `storage.locked` when another
/// process has it open.
Result<std::unique_ptr<RecordStore>> open_record_store(const RecordStoreOptions& options);

}  // namespace opsledger
