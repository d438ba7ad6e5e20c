#include "storage/rocksdb/rocks_record_store.hpp"

#include <rocksdb/db.h>
#include <rocksdb/table.h>

#include <algorithm>

#include "storage/rocksdb/info_log.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/small_files.hpp"

namespace opsledger {

namespace {

/// Erasing for good rewrites whole files: small ones, then.
constexpr std::uint64_t kTableFileBytes = 4u << 20;
constexpr std::uint64_t kLogBytesMax = 16u << 20;

rocksdb::Slice slice(BytesView bytes) {
  return {bytes.data(), bytes.size()};
}
BytesView view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

class RocksRecordStore final : public RecordStore {
 public:
  explicit RocksRecordStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

  Result<std::optional<Bytes>> get(BytesView key) const override {
    Bytes value;
    const auto status = db_->Get({}, slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    OPS_TRY(rocks::to_status(status, "read a record"));
    return std::optional<Bytes>(std::move(value));
  }

  Status write(std::span<const RecordWrite> writes) override {
    rocksdb::WriteBatch batch;
    for (const RecordWrite& write : writes) {
      const auto status = write.value ? batch.Put(slice(write.key), slice(*write.value))
                                      : batch.Delete(slice(write.key));
      OPS_TRY(rocks::to_status(status, "collect records"));
    }
    return commit(&batch);
  }

  Status scan(BytesView prefix, const Visit& visit) const override {
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
    for (at->Seek(slice(prefix)); at->Valid() && at->key().starts_with(slice(prefix)); at->Next()) {
      visit(view(at->key()), view(at->value()));
    }
    return rocks::to_status(at->status(), "scan the records");
  }

  Status erase_for_good(std::span<const Bytes> keys) override {
    rocksdb::WriteBatch batch;
    for (const Bytes& key : keys) {
      OPS_TRY(rocks::to_status(batch.Delete(slice(key)), "collect records"));
    }
    OPS_TRY(commit(&batch));
    // The log goes when what is in it stands in a table file; tombstone and values go when their
    // key's range has been compacted to the last level.
    OPS_TRY(rocks::to_status(db_->Flush({}), "flush the records"));
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    for (const Bytes& key : keys) {
      const auto at = slice(key);
      OPS_TRY(rocks::to_status(db_->CompactRange(options, &at, &at), "rewrite the records' file"));
    }
    return {};
  }

 private:
  Status commit(rocksdb::WriteBatch* batch) {
    rocksdb::WriteOptions durable;
    durable.sync = true;
    return rocks::to_status(db_->Write(durable, batch), "write records");
  }

  std::unique_ptr<rocksdb::DB> db_;
};

rocksdb::Options database_options(const RecordStoreOptions& options) {
  rocksdb::Options db;
  db.create_if_missing = true;
  // A log that is broken in its middle is an error; one that ends early is a crash.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.write_buffer_size = kTableFileBytes;
  db.target_file_size_base = kTableFileBytes;
  db.max_total_wal_size = kLogBytesMax;
  db.compression = rocksdb::kNoCompression;  // ciphertext
  db.max_background_jobs = 2;
  db.keep_log_file_num = 2;
  db.stats_dump_period_sec = 0;
  db.info_log_level = rocksdb::WARN_LEVEL;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kTableFileBytes);
  db.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  if (options.env != nullptr) db.env = options.env;
  return db;
}

}  // namespace

Result<std::unique_ptr<RecordStore>> open_record_store(const RecordStoreOptions& options) {
  OPS_TRY(rocks::create_directories_durably(*rocks::files_of(options.env), options.directory));
  rocksdb::Options db_options = database_options(options);
  db_options.info_log = rocks::make_info_log(options.directory);
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(db_options, options.directory.string(), &opened);
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    return Error{Code::kNotReady, "storage.locked",
                 "records in " + options.directory.string() +
                     " are open in another process; stop it, or use another data directory"};
  }
  if (!status.ok()) return rocks::to_error(status, "open " + options.directory.string());
  return std::unique_ptr<RecordStore>(
      std::make_unique<RocksRecordStore>(std::unique_ptr<rocksdb::DB>(opened)));
}

}  // namespace opsledger
