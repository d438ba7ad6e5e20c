#include "storage/rocksdb/table_generation.hpp"

#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <array>

#include "storage/base/sync_point.hpp"
#include "storage/core/table_keys.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/seal.hpp"
#include "storage/rocksdb/table_cursors.hpp"
#include "storage/rocksdb/table_keys.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::size_t kWriteBufferBytes = 16u << 20;
constexpr std::size_t kIdleIteratorsMax = 8;
constexpr std::size_t kReadTogether = 128;
constexpr std::size_t kTablePrefixBytes = 5;  // kind and table
constexpr std::size_t kBlockBytes = 16u << 10;

/// The prefix of a version key is everything but its position: all versions of one row.
class RowPrefix final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "opsledger.RowPrefix.1"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), key.size() - kPositionBytes};
  }
  bool InDomain(const rocksdb::Slice& key) const override {
    return key.size() > kPositionBytes && key[0] == kVersionKind;
  }
};

rocksdb::WriteOptions without_wal() {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return options;
}

}  // namespace

IteratorPool::Lease IteratorPool::take(const TableFamily& family) {
  Lease lease;
  {
    std::lock_guard lock(mutex_);
    lease.epoch = epoch_;
    if (!idle_.empty()) {
      lease.it = std::move(idle_.back());
      idle_.pop_back();
      return lease;
    }
  }
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  lease.it.reset(family.db().NewIterator(options, family.handle));
  return lease;
}

void IteratorPool::give_back(Lease lease) {
  std::lock_guard lock(mutex_);
  if (lease.epoch == epoch_ && idle_.size() < kIdleIteratorsMax) {
    idle_.push_back(std::move(lease.it));
  }
}

void IteratorPool::invalidate() {
  std::lock_guard lock(mutex_);
  ++epoch_;
  idle_.clear();
}

TableDb::~TableDb() {
  if (!db) return;
  rocksdb::Env* env = db->GetEnv();
  // Without a seal the tables are those of a killed process. After an error nobody knows which
  // bytes of the files are durable.
  const bool closed = db->Close().ok();
  if (closed && errors->status().ok()) static_cast<void>(write_seal(*env, db->GetName()));
}

TableFamily::~TableFamily() {
  db().DestroyColumnFamilyHandle(handle).PermitUncheckedError();
}

rocksdb::ColumnFamilyOptions table_family_options(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = kWriteBufferBytes;
  options.max_write_buffer_number = 4;
  options.compression = rocksdb::kLZ4Compression;
  options.prefix_extractor = std::make_shared<RowPrefix>();
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.memtable_whole_key_filtering = true;
  options.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(kTablePrefixBytes));
  rocksdb::BlockBasedTableOptions table;
  table.block_size = kBlockBytes;
  table.block_cache = std::move(cache);
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Result<std::shared_ptr<TableGeneration>> RocksTableGeneration::open(
    std::shared_ptr<TableFamily> family) {
  std::string bytes;
  const auto status =
      family->db().Get({}, family->handle, rocksdb::Slice(&kProgressKind, 1), &bytes);
  Progress progress;
  if (!status.IsNotFound()) {
    OPS_TRY(to_status(status, "read a generation's progress"));
    auto decoded = decode_progress(bytes);
    if (!decoded) return corrupt("progress of generation " + family->handle->GetName(), "length");
    progress = *decoded;
  }
  return std::shared_ptr<TableGeneration>(new RocksTableGeneration(std::move(family), progress));
}

Progress RocksTableGeneration::progress() const {
  std::lock_guard lock(mutex_);
  return progress_;
}

Result<std::optional<RowVersion>> RocksTableGeneration::get_head(std::uint32_t table,
                                                                 BytesView key) const {
  rocksdb::PinnableSlice value;
  const auto status = family_->db().Get({}, family_->handle, head_key(table, key), &value);
  if (status.IsNotFound()) return std::optional<RowVersion>();
  OPS_TRY(to_status(status, "read a row"));
  if (value.size() < kPositionBytes) return corrupt("a head row", "too short");
  RowVersion row{Bytes(key),
                 Bytes(value.data() + 8, value.size() - 8),
                 {read_be64({value.data(), value.size()})}};
  return std::optional<RowVersion>(std::move(row));
}

namespace {

/// Newest rows of up to kReadTogether keys in one call of RocksDB.
class HeadReader {
 public:
  HeadReader(const TableFamily& family, std::uint32_t table) : family_(family), table_(table) {}

  void read(std::span<const BytesView> keys) {
    bytes_.clear();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      append_head_key(table_, keys[i], &bytes_);
      ends_[i] = bytes_.size();
      values_[i].Reset();
    }
    for (std::size_t i = 0, begin = 0; i < keys.size(); begin = ends_[i++]) {
      slices_[i] = {bytes_.data() + begin, ends_[i] - begin};
    }
    family_.db().MultiGet({}, family_.handle, keys.size(), slices_.data(), values_.data(),
                          statuses_.data(), true);
  }
  Result<std::optional<BytesView>> row(std::size_t i) const {
    if (statuses_[i].IsNotFound()) return std::optional<BytesView>();
    OPS_TRY(to_status(statuses_[i], "read rows"));
    if (values_[i].size() < kPositionBytes) return corrupt("a head row", "too short");
    return std::optional(BytesView(values_[i].data(), values_[i].size()).substr(kPositionBytes));
  }

 private:
  const TableFamily& family_;
  const std::uint32_t table_;
  std::string bytes_;
  std::array<std::size_t, kReadTogether> ends_;
  std::array<rocksdb::Slice, kReadTogether> slices_;
  std::array<rocksdb::PinnableSlice, kReadTogether> values_;
  std::array<rocksdb::Status, kReadTogether> statuses_;
};

}  // namespace

Status RocksTableGeneration::get_heads(std::uint32_t table, std::span<const BytesView> keys,
                                       const TakeRow& take) const {
  if (keys.size() == 1) {
    OPS_TRY_ASSIGN(const auto found, get_head(table, keys[0]));
    take(0, found ? std::optional<BytesView>(found->row) : std::nullopt);
    return {};
  }
  HeadReader reader(*family_, table);
  for (std::size_t from = 0; from < keys.size(); from += kReadTogether) {
    const auto part = keys.subspan(from, std::min(keys.size() - from, kReadTogether));
    reader.read(part);
    for (std::size_t i = 0; i < part.size(); ++i) {
      OPS_TRY_ASSIGN(const auto row, reader.row(i));
      take(from + i, row);
    }
  }
  return {};
}

namespace {

/// The newest version at or before the wanted one; its key is left empty.
Result<std::optional<RowVersion>> seek_version(rocksdb::Iterator& it, const std::string& wanted,
                                               Position as_of) {
  it.Seek(wanted);
  if (!it.Valid()) {
    OPS_TRY(to_status(it.status(), "read a row's version"));
    return std::optional<RowVersion>();
  }
  OPS_TRY_ASSIGN(auto version, version_of_run(it.key(), it.value(), as_of));
  if (version.erased) return std::optional<RowVersion>();
  return std::optional<RowVersion>(std::move(version));
}

}  // namespace

Result<std::optional<RowVersion>> RocksTableGeneration::get(std::uint32_t table, BytesView key,
                                                            Position as_of) const {
  if (as_of == kHead) return get_head(table, key);
  auto lease = versions_.take(*family_);
  auto found = seek_version(*lease.it, version_key(table, key, as_of), as_of);
  versions_.give_back(std::move(lease));
  if (found.ok() && *found) (*found)->key.assign(key);
  return found;
}

namespace {

/// Adds the versions of the run under `it`, newest first; those that a newer run replaced are left
/// out.
Status add_run(const rocksdb::Iterator& it, BytesView key, std::vector<RowVersion>* versions) {
  const auto from = static_cast<std::ptrdiff_t>(versions->size());
  const Position newer = versions->empty() ? kHead : versions->back().position;
  RunReader run({it.key().data(), it.key().size()}, {it.value().data(), it.value().size()});
  while (run.next() && run.position() < newer) {
    versions->push_back({Bytes(key), Bytes(run.row()), run.position(), run.erased()});
  }
  if (run.damaged()) return corrupt("a row's versions", "bytes");
  std::reverse(versions->begin() + from, versions->end());
  return {};
}

}  // namespace

Result<std::vector<RowVersion>> RocksTableGeneration::history(std::uint32_t table,
                                                              BytesView key) const {
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  std::unique_ptr<rocksdb::Iterator> it(family_->db().NewIterator(options, family_->handle));
  std::vector<RowVersion> versions;  // newest first
  for (it->Seek(version_key(table, key, {UINT64_MAX})); it->Valid(); it->Next()) {
    OPS_TRY(add_run(*it, key, &versions));
  }
  OPS_TRY(to_status(it->status(), "read a row's history"));
  std::reverse(versions.begin(), versions.end());
  return versions;
}

std::unique_ptr<RowCursor> RocksTableGeneration::scan(std::uint32_t table, const KeyRange& range,
                                                      Position as_of, bool backward) const {
  if (as_of == kHead) return make_head_cursor(family_, table, range, backward);
  return make_as_of_cursor(family_, table, range, as_of, backward);
}

std::unique_ptr<RowCursor> RocksTableGeneration::scan_index(std::uint32_t table,
                                                            std::uint32_t index,
                                                            const KeyRange& range,
                                                            bool backward) const {
  return make_index_cursor(family_, table, index, range, backward);
}

Status RocksTableGeneration::commit(std::span<const RowWrite> writes, const Progress& progress) {
  for (const RowWrite& write : writes) OPS_TRY(check_row_write(write));
  auto& batch = commit_.build(writes, progress);
  sync_point(SyncPoint::kRowsBuilt);
  OPS_TRY(to_status(family_->db().Write(without_wal(), &batch), "write rows"));
  sync_point(SyncPoint::kRowsWritten);
  versions_.invalidate();
  std::lock_guard lock(mutex_);
  progress_ = progress;
  return {};
}

Status RocksTableGeneration::flush() {
  versions_.invalidate();  // they would keep the flushed memtables
  commit_.shrink();
  sync_point(SyncPoint::kRowsFlushing);
  OPS_TRY(to_status(family_->db().Flush({}, family_->handle), "flush a generation"));
  sync_point(SyncPoint::kRowsFlushed);
  return {};
}

}  // namespace opsledger::rocks
