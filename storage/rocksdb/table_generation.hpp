// One generation of a module's tables: a column family and its reads and writes.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/api/table_store.hpp"
#include "storage/rocksdb/background_errors.hpp"
#include "storage/rocksdb/table_commit.hpp"

namespace opsledger::rocks {

/// The open database. Shared by the store, its generations and their cursors, so that the last
/// of them closes it.
struct TableDb {
  TableDb(std::unique_ptr<rocksdb::DB> opened, std::shared_ptr<const BackgroundErrors> seen)
      : db(std::move(opened)), errors(std::move(seen)) {}
  ~TableDb();
  std::unique_ptr<rocksdb::DB> db;
  std::shared_ptr<const BackgroundErrors> errors;
};

/// A column family handle that lives as long as any reader of it.
struct TableFamily {
  TableFamily(std::shared_ptr<TableDb> opened, rocksdb::ColumnFamilyHandle* family)
      : store(std::move(opened)), handle(family) {}
  ~TableFamily();
  TableFamily(const TableFamily&) = delete;
  TableFamily& operator=(const TableFamily&) = delete;
  rocksdb::DB& db() const { return *store->db; }

  std::shared_ptr<TableDb> store;
  rocksdb::ColumnFamilyHandle* handle;
};

/// Column family options of every generation: prefix blooms over the versions of one row.
rocksdb::ColumnFamilyOptions table_family_options(std::shared_ptr<rocksdb::Cache> cache);

/// Iterators over the newest state, used again by reads of single versions: making one costs as
/// much as the seek. A commit makes all older ones stale. Thread safe.
class IteratorPool {
 public:
  struct Lease {
    std::uint64_t epoch = 0;
    std::unique_ptr<rocksdb::Iterator> it;
  };
  Lease take(const TableFamily& family);
  void give_back(Lease lease);
  void invalidate();  ///< after new data became visible

 private:
  std::mutex mutex_;
  std::uint64_t epoch_ = 0;
  std::vector<std::unique_ptr<rocksdb::Iterator>> idle_;
};

/// See TableGeneration. `commit` and `flush` by one thread at a time, reads by any.
class RocksTableGeneration final : public TableGeneration {
 public:
  static Result<std::shared_ptr<TableGeneration>> open(std::shared_ptr<TableFamily> family);

  Progress progress() const override;
  Result<std::optional<RowVersion>> get(std::uint32_t table, BytesView key,
                                        Position as_of) const override;
  Status get_heads(std::uint32_t table, std::span<const BytesView> keys,
                   const TakeRow& take) const override;
  std::unique_ptr<RowCursor> scan(std::uint32_t table, const KeyRange& range, Position as_of,
                                  bool backward) const override;
  std::unique_ptr<RowCursor> scan_index(std::uint32_t table, std::uint32_t index,
                                        const KeyRange& range, bool backward) const override;
  Result<std::vector<RowVersion>> history(std::uint32_t table, BytesView key) const override;
  Status commit(std::span<const RowWrite> writes, const Progress& progress) override;
  Status flush() override;

 private:
  RocksTableGeneration(std::shared_ptr<TableFamily> family, const Progress& progress)
      : family_(std::move(family)), commit_(family_->handle), progress_(progress) {}
  Result<std::optional<RowVersion>> get_head(std::uint32_t table, BytesView key) const;

  const std::shared_ptr<TableFamily> family_;
  TableCommit commit_;  // the committing thread's
  mutable IteratorPool versions_;
  mutable std::mutex mutex_;  // guards progress_
  Progress progress_;
};

}  // namespace opsledger::rocks
