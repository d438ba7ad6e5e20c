// The ledger's RocksDB: its column families, its options, and the plain reads that everybody
// shares. No thread and no state of its own.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

#include "storage/api/event.hpp"
#include "storage/base/result.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/rocksdb/background_errors.hpp"

namespace opsledger::rocks {

/// Packed values hold this many events, beginning at positions 1, 65, 129, …
inline constexpr std::uint64_t kRunEvents = 64;
inline Position run_begin(Position position) {
  return {(position.value - 1) / kRunEvents * kRunEvents + 1};
}

struct LedgerDbOptions {
  std::filesystem::path directory;  ///< of the RocksDB itself
  bool read_only = false;
  bool accept_damage = false;  ///< open for writing whatever the files' seal and frames say
  std::size_t block_cache_bytes = 256u << 20;
  int background_jobs = 2;
  rocksdb::Env* env = nullptr;
};

/// Column families. Numbers are indexes into LedgerDb's handles.
enum class Family { kMeta, kLog, kTags, kTypes, kKeys, kTiles, kCommits };
inline constexpr std::size_t kFamilies = 7;

/// How far a read may go: kMemory ends with `not_in_memory` where it would have to read the disk.
enum class Reach { kDisk, kMemory };
rocksdb::ReadOptions read_options(Reach reach);

/// The open database. Thread safe, as RocksDB is.
class LedgerDb {
 public:
  /// Opens, or creates when absent and not `read_only`. Before anything is written the files are
  /// held against their seal, or, where there is none (the process was killed), the logs are read
  /// strictly: RocksDB would take some damage for the end of a log and delete what it does not
  /// know. Closing seals the files again, unless a write had failed. Errors: kCorrupt, kIo.
  static Result<std::unique_ptr<LedgerDb>> open(const LedgerDbOptions& options);
  ~LedgerDb();
  LedgerDb(const LedgerDb&) = delete;
  LedgerDb& operator=(const LedgerDb&) = delete;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  rocksdb::ColumnFamilyHandle* postings(PostingKind kind) const {
    return family(kind == PostingKind::kTag ? Family::kTags : Family::kTypes);
  }

  /// The value under `key`; nothing when there is none. Errors: kIo, kCorrupt.
  Result<std::optional<Bytes>> get(Family family, BytesView key, Reach reach = Reach::kDisk) const;
  Status put(Family family, BytesView key, BytesView value);  ///< synced

  /// Success, or why RocksDB takes no more writes (background_errors.hpp).
  Status background() const { return background_->status(); }

  /// The newest commit record; nothing in an empty ledger.
  Result<std::optional<CommitRecord>> last_commit() const;
  /// kCorrupt when record `number` is absent or damaged.
  Result<CommitRecord> commit(std::uint64_t number) const;

 private:
  LedgerDb(std::unique_ptr<rocksdb::DB> db, bool read_only)
      : db_(std::move(db)), read_only_(read_only) {}
  std::unique_ptr<rocksdb::Env> env_;  // null: the options'
  std::unique_ptr<rocksdb::DB> db_;
  bool read_only_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::shared_ptr<const BackgroundErrors> background_;
};

inline rocksdb::Slice slice(BytesView bytes) {
  return {bytes.data(), bytes.size()};
}
inline BytesView view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

/// Decodes a commit record as it stands in the database. Errors: kCorrupt.
Result<CommitRecord> parse_commit(const rocksdb::Slice& key, const rocksdb::Slice& value);

}  // namespace opsledger::rocks
