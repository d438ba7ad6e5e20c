#include "kernel/projection/table_batch.hpp"

#include <algorithm>

#include "kernel/projection/column_key.hpp"
#include "kernel/projection/limits.hpp"
#include "kernel/projection/row_terms.hpp"

namespace opsledger {

namespace {

/// A key that begins with a zero byte is a note, the table's own memory (sdk/ABI.md): any bytes, in
/// a table of the store beside the rows, so that no scan, count or index ever meets it.
bool is_note(BytesView key) {
  return key.starts_with('\0');
}
constexpr std::uint32_t kNotesOf = 0x8000'0000;
std::uint32_t stored_table(const TableShape& shape, bool note) {
  return note ? shape.number | kNotesOf : shape.number;
}

}  // namespace

struct TableBatch::Table {
  /// A row with a write in this batch.
  struct Changed {
    CachedRow* row;
    std::optional<Bytes> before;  ///< where there are indexes: as it was before the batch
  };

  std::shared_ptr<const TableShape> shape;
  RowCache cache;
  CachedRow* last = nullptr;  // read or written last: an edit reads and writes one row
  std::vector<Changed> changed;
  std::size_t rows_read = 0;
  std::unique_ptr<Access> access;
};

class TableBatch::Access final : public RowAccess {
 public:
  Access(TableBatch& batch, Table& table) : batch_(batch), table_(table) {}

  Result<std::optional<BytesView>> get(BytesView key) override {
    OPS_TRY_ASSIGN(const CachedRow* const row, batch_.load(table_, key));
    return row->view();
  }
  Status put(BytesView key, BytesView row, Position position) override {
    return batch_.write(table_, key, row, position);
  }
  Status erase(BytesView key, Position position) override {
    return batch_.write(table_, key, std::nullopt, position);
  }

 private:
  TableBatch& batch_;
  Table& table_;
};

TableBatch::TableBatch(TableGeneration& generation, const Shapes& shapes,
                       std::size_t cache_bytes_max)
    : generation_(generation), cache_bytes_max_(cache_bytes_max) {
  for (const auto& shape : shapes) {
    auto table = std::make_unique<Table>();
    table->shape = shape;
    table->access = std::make_unique<Access>(*this, *table);
    tables_.push_back(std::move(table));
  }
}

TableBatch::~TableBatch() = default;

RowAccess& TableBatch::rows(std::size_t table) {
  return *tables_[table]->access;
}

std::size_t TableBatch::take_rows_read(std::size_t table) {
  return std::exchange(tables_[table]->rows_read, 0);
}

Result<CachedRow*> TableBatch::load(Table& table, BytesView key) {
  if (table.last != nullptr && table.last->key == key) return table.last;
  table.last = table.cache.find(key);
  if (table.last == nullptr) {
    OPS_TRY(read(table, is_note(key), {&key, 1}));
    table.last = table.cache.find(key);
  }
  return table.last;
}

/// Adds the rows of `keys` (ascending, not cached) to the cache, rows that are nowhere too.
Status TableBatch::read(Table& table, bool notes, std::span<const BytesView> keys) {
  table.rows_read += keys.size();
  return generation_.get_heads(stored_table(*table.shape, notes), keys,
                               [&](std::size_t i, std::optional<BytesView> stored) {
                                 CachedRow* row = table.cache.add(keys[i]);
                                 row->exists = stored.has_value();
                                 if (!stored) return;
                                 row->row = *stored;
                                 table.cache.grew(0, stored->size());
                               });
}

Status TableBatch::prefetch(std::size_t number, std::span<const Bytes> keys) {
  Table& table = *tables_[number];
  std::vector<BytesView> missing;
  for (const BytesView key : keys) {
    if (table.cache.find(key) == nullptr) missing.push_back(key);
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  const auto rows = std::find_if_not(missing.begin(), missing.end(), is_note);
  OPS_TRY(read(table, true, {missing.begin(), rows}));
  return read(table, false, {rows, missing.end()});
}

/// Before the first write of a row in this batch.
void TableBatch::begin_change(Table& table, CachedRow& row) {
  auto& changed = table.changed.emplace_back();
  changed.row = &row;
  if (table.shape->is_indexed() && row.exists) changed.before = row.row;
  key_bytes_ += row.key.size();
}

/// The write of `row` at `position`: several of one event are one version.
TableBatch::Write& TableBatch::version_at(CachedRow& row, Position position) {
  if (row.last_write != CachedRow::kNone && writes_[row.last_write].position == position) {
    return writes_[row.last_write];
  }
  const auto added = static_cast<std::uint32_t>(writes_.size());
  (row.last_write == CachedRow::kNone ? row.first_write : writes_[row.last_write].next) = added;
  row.last_write = added;
  return writes_.emplace_back(Write{position});
}

Status TableBatch::write(Table& table, BytesView key, std::optional<BytesView> row,
                         Position position) {
  if (table.last == nullptr || table.last->key != key) table.last = table.cache.find(key);
  if (table.last == nullptr && !table.shape->is_indexed()) {
    table.last = table.cache.add(key);  // what was there before is asked by nobody
  } else if (table.last == nullptr) {
    OPS_TRY(load(table, key));
  }
  CachedRow& cached = *table.last;
  if (cached.last_write == CachedRow::kNone) begin_change(table, cached);
  Write& version = version_at(cached, position);
  version.erased = !row;
  version.from = bytes_.size();
  version.size = row ? row->size() : 0;
  table.cache.grew(cached.row.size(), version.size);
  cached.exists = row.has_value();
  cached.row = row.value_or(BytesView());
  bytes_ += cached.row;
  return {};
}

bool TableBatch::full() const {
  return bytes_.size() + key_bytes_ > projection_limits::kBatchBytesMax;
}

Status TableBatch::add_index_keys(const Table& table, BytesView key, BytesView row, bool adding,
                                  RowWrite* write) const {
  const auto add = [&](std::uint32_t index, Bytes entry) {
    if (!adding) {
      write->index_remove.emplace_back(index, std::move(entry));
    } else if (const auto same = std::find(write->index_remove.begin(), write->index_remove.end(),
                                           std::pair<std::uint32_t, Bytes>(index, entry));
               same != write->index_remove.end()) {
      write->index_remove.erase(same);  // the column did not change: the entry stays
    } else {
      write->index_add.emplace_back(index, std::move(entry));
    }
  };
  const TableShape& shape = *table.shape;
  std::vector<BytesView> values;
  OPS_TRY(split_fields(shape.row->root(), row, &values));
  for (std::uint32_t i = 0; i < shape.indexes.size(); ++i) {
    const auto field = shape.indexes[i];
    Bytes entry;
    OPS_ASSERT(append_column_key(*shape.fields()[field].type, values[field], &entry));
    add(i, std::move(entry));
  }
  for (auto& term : row_terms(shape, key, values)) {
    Bytes entry;
    append_text_key(term, &entry);
    add(shape.search_index(), std::move(entry));
  }
  return {};
}

/// Only the difference between before and after the batch, on the last write of each row: versions
/// in between never were the head.
Status TableBatch::add_index_changes(const Table& table, const CachedRow& row,
                                     const std::optional<Bytes>& before, RowWrite* write) const {
  if (!table.shape->is_indexed() || is_note(row.key)) return {};
  if (before) OPS_TRY(add_index_keys(table, row.key, *before, false, write));
  if (row.exists) OPS_TRY(add_index_keys(table, row.key, row.row, true, write));
  return {};
}

/// By table and key, as the store keeps them; the order within a row stays. Sorts rows, which are
/// fewer than writes.
Status TableBatch::gather_writes() {
  gathered_.clear();
  gathered_.reserve(writes_.size());
  for (auto& table : tables_) {
    std::sort(table->changed.begin(), table->changed.end(),
              [](const auto& a, const auto& b) { return a.row->key < b.row->key; });
  }
  for (const bool notes : {false, true}) {
    for (const auto& table : tables_) OPS_TRY(add_row_writes(*table, notes));
  }
  return {};
}

Status TableBatch::add_row_writes(const Table& table, bool notes) {
  const auto number = stored_table(*table.shape, notes);
  for (const auto& [row, before] : table.changed) {
    if (is_note(row->key) != notes) continue;
    for (auto at = row->first_write; at != CachedRow::kNone; at = writes_[at].next) {
      const Write& version = writes_[at];
      auto& write = gathered_.emplace_back();
      write.table = number;
      write.key = row->key;
      if (!version.erased) write.row = BytesView(bytes_).substr(version.from, version.size);
      write.position = version.position;
    }
    OPS_TRY(add_index_changes(table, *row, before, &gathered_.back()));
  }
  return {};
}

Status TableBatch::commit(const Progress& progress) {
  OPS_TRY(gather_writes());
  OPS_TRY(generation_.commit(gathered_, progress));
  forget_writes();
  age_cache();
  return {};
}

void TableBatch::forget_writes() {
  for (auto& table : tables_) {
    for (const auto& changed : table->changed) {
      changed.row->first_write = changed.row->last_write = CachedRow::kNone;
    }
    table->changed.clear();
    table->last = nullptr;
  }
  writes_.clear();
  bytes_.clear();
  gathered_.clear();
  key_bytes_ = 0;
}

/// Cached rows are young or old. When the young ones fill half of the budget the old ones go:
/// least recently used in two steps, without a list.
void TableBatch::age_cache() {
  std::size_t young_bytes = 0;
  for (const auto& table : tables_) young_bytes += table->cache.young_bytes();
  if (young_bytes <= cache_bytes_max_ / 2) return;
  for (auto& table : tables_) table->cache.age();
}

void TableBatch::discard() {
  forget_writes();
  for (auto& table : tables_) table->cache.clear();
}

}  // namespace opsledger
