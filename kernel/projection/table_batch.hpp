// The rows that one batch of events changes: an overlay over a generation, and a bounded cache of
// rows that outlives the batch.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "kernel/projection/table_shape.hpp"
#include "storage/api/table_store.hpp"

namespace opsledger {

/// One thread (a projector's). Reads see the batch's own writes. Nothing is stored before `commit`.
class TableBatch {
 public:
  using Shapes = std::vector<std::shared_ptr<const TableShape>>;

  TableBatch(TableGeneration& generation, const Shapes& shapes, std::size_t cache_bytes_max);
  ~TableBatch();

  /// Access to the rows of shapes[table] while events first..last are applied. A put is refused
  /// (kInternal `plugin.row_invalid`) when the row does not fit the table's schema, the key is
  /// empty, too long or no UTF-8, or the position lies outside.
  RowAccess& rows(std::size_t table, Position first, Position last);
  /// Reads the rows that are not cached yet, in key order.
  Status prefetch(std::size_t table, std::vector<Bytes> keys);

  bool empty() const { return writes_.empty(); }
  /// Enough is gathered to commit.
  bool full() const;
  /// Stores every row version and the progress atomically. On an error nothing is kept: discard.
  Status commit(const Progress& progress);
  /// Forgets all writes since the last commit, and the cache with them.
  void discard();

 private:
  static constexpr std::uint32_t kNoWrite = UINT32_MAX;
  struct CachedRow {
    std::optional<Bytes> row;         ///< as the batch sees it now
    std::optional<Bytes> stored_row;  ///< when written: as it was before the batch
    std::uint32_t first_write = kNoWrite, last_write = kNoWrite;
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(BytesView key) const { return std::hash<BytesView>()(key); }
  };
  using Rows = std::unordered_map<Bytes, CachedRow, KeyHash, std::equal_to<>>;
  using Entry = Rows::value_type;
  struct Table;
  class Access;

  Result<Entry*> load(Table& table, BytesView key);
  Entry* find(Table& table, BytesView key);
  Entry* insert(Table& table, BytesView key, std::optional<Bytes> row);
  Status write(Table& table, BytesView key, std::optional<BytesView> row, Position position);
  Status add_index_changes(Table& table);
  std::vector<RowWrite> take_writes_by_row();
  Status add_index_keys(const Table& table, BytesView row, bool adding, RowWrite* write) const;
  void age_cache();

  TableGeneration& generation_;
  const std::size_t cache_bytes_max_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<RowWrite> writes_;           // in the order of the events
  std::vector<std::uint32_t> next_write_;  // of the same row, for each of writes_
  std::size_t write_bytes_ = 0, young_bytes_ = 0;
};

}  // namespace opsledger
