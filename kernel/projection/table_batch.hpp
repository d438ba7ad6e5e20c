// The rows that one batch of events changes: an overlay over a generation, and a bounded cache of
// rows that outlives the batch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "kernel/projection/row_cache.hpp"
#include "kernel/projection/table_shape.hpp"
#include "storage/api/table_store.hpp"

namespace opsledger {

/// One thread (a projector's). Reads see the batch's own writes. Nothing is stored before `commit`.
class TableBatch {
 public:
  using Shapes = std::vector<std::shared_ptr<const TableShape>>;

  TableBatch(TableGeneration& generation, const Shapes& shapes, std::size_t cache_bytes_max);
  ~TableBatch();

  /// Access to the rows of shapes[table]. What is put has been checked (see RowAccess).
  RowAccess& rows(std::size_t table);
  /// Reads the rows that are not cached yet, together.
  Status prefetch(std::size_t table, std::span<const Bytes> keys);
  /// Rows that the store was asked for since the last call: whether a prefetch would pay.
  std::size_t take_rows_read(std::size_t table);

  bool empty() const { return writes_.empty(); }
  /// Enough is gathered to commit.
  bool full() const;
  /// Stores every row version and the progress atomically. On an error nothing is kept: discard.
  Status commit(const Progress& progress);
  /// Forgets all writes since the last commit, and the cache with them.
  void discard();

 private:
  /// One row version. Its bytes lie in bytes_: rows change again before they are committed.
  struct Write {
    Position position{};
    std::size_t from = 0, size = 0;
    bool erased = false;
    std::uint32_t next = CachedRow::kNone;  ///< write of the same row
  };
  struct Table;
  class Access;

  Result<CachedRow*> load(Table& table, BytesView key);
  Status read(Table& table, bool notes, std::span<const BytesView> keys);
  Status write(Table& table, BytesView key, std::optional<BytesView> row, Position position);
  Write& version_at(CachedRow& row, Position position);
  void begin_change(Table& table, CachedRow& row);
  Status gather_writes();
  Status add_row_writes(const Table& table, bool notes);
  Status add_index_changes(const Table& table, const CachedRow& row,
                           const std::optional<Bytes>& before, RowWrite* write) const;
  Status add_index_keys(const Table& table, BytesView key, BytesView row, bool adding,
                        RowWrite* write) const;
  void forget_writes();
  void age_cache();

  TableGeneration& generation_;
  const std::size_t cache_bytes_max_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<Write> writes_;  // in the order of the events
  Bytes bytes_;                // of the rows written
  std::size_t key_bytes_ = 0;
  std::vector<RowWrite> gathered_;
};

}  // namespace opsledger
