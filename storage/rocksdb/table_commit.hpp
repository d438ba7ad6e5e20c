// Row writes -> the entries of one RocksDB write.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <span>
#include <string>
#include <vector>

#include "storage/api/table_store.hpp"

namespace opsledger::rocks {

/// Builds one write after the other; its buffers are used again. One thread.
class TableCommit {
 public:
  explicit TableCommit(rocksdb::ColumnFamilyHandle* family) : family_(family) {}

  /// The write for `writes` (each checked) and `progress`; valid until the next call. Entries of
  /// one kind come in key order, so that each is inserted beside the one before.
  rocksdb::WriteBatch& build(std::span<const RowWrite> writes, const Progress& progress);
  /// Gives memory back.
  void shrink();

 private:
  using RowWrites = std::span<const RowWrite* const>;  ///< of one row, in order
  void put_in_row_order(std::span<const RowWrite> writes);
  void put_indexes(const RowWrite& write);
  void put_head(const RowWrite& last);
  void put_versions(RowWrites writes);

  rocksdb::ColumnFamilyHandle* const family_;
  rocksdb::WriteBatch batch_;
  std::vector<const RowWrite*> order_;
  std::string key_, value_;
};

}  // namespace opsledger::rocks
