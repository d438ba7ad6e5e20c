// The blob store on RocksDB's BlobDB: values lie in files of their own and are never rewritten by
// compaction.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/api/blob_store.hpp"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace opsledger {

struct BlobStoreOptions {
  std::filesystem::path directory;  ///< created when absent
  rocksdb::Env* env = nullptr;      ///< for tests; null = the operating system
};

/// Opens or creates the store. Errors: kIo, kCorrupt; kNotReady `storage.locked` when another
/// process has it open.
Result<std::unique_ptr<BlobStore>> open_blob_store(const BlobStoreOptions& options);

}  // namespace opsledger
