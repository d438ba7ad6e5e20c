#include "kernel/projection/table_batch.hpp"

#include <algorithm>

#include "kernel/projection/column_key.hpp"
#include "kernel/projection/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

/// What a cached row takes, with its node.
std::size_t bytes_of(BytesView key, const std::optional<Bytes>& row) {
  return 128 + key.size() + (row ? row->size() : 0);
}

/// A key that begins with a zero byte is a note, the table's own memory (sdk/ABI.md): any bytes, in
/// a table of the store beside the rows, so that no scan, count or index ever meets it.
bool is_note(BytesView key) {
  return key.starts_with('\0');
}
constexpr std::uint32_t kNotesOf = 0x8000'0000;
std::uint32_t stored_table(const TableShape& shape, BytesView key) {
  return is_note(key) ? shape.number | kNotesOf : shape.number;
}

}  // namespace

/// Cached rows are young or old. When the young ones fill half of the budget the old ones are
/// dropped and the young become old: least recently used in two steps, without a list.
struct TableBatch::Table {
  std::shared_ptr<const TableShape> shape;
  Rows young, old;
  std::vector<Entry*> written;  // rows with a write in this batch
  std::unique_ptr<Access> access;
};

class TableBatch::Access final : public RowAccess {
 public:
  Access(TableBatch& batch, Table& table) : batch_(batch), table_(table) {}

  void span(Position first, Position last) { first_ = first, last_ = last; }

  Result<std::optional<BytesView>> get(BytesView key) override {
    OPS_TRY_ASSIGN(const Entry* const entry, batch_.load(table_, key));
    if (!entry->second.row) return std::optional<BytesView>();
    return std::optional<BytesView>(*entry->second.row);
  }

  Status put(BytesView key, BytesView row, Position position) override {
    OPS_TRY(check(key, position));
    if (row.size() > projection_limits::kRowBytesMax) {
      return refuse("a row of " + std::to_string(row.size()) + " bytes; at most " +
                    std::to_string(projection_limits::kRowBytesMax) + " are kept");
    }
    if (is_note(key)) return batch_.write(table_, key, row, position);
    if (auto fits = table_.shape->row->check(row); !fits.ok()) {
      return refuse("a row that does not fit its schema: " + fits.error().message);
    }
    return batch_.write(table_, key, row, position);
  }

  Status erase(BytesView key, Position position) override {
    OPS_TRY(check(key, position));
    return batch_.write(table_, key, std::nullopt, position);
  }

 private:
  Status check(BytesView key, Position position) const {
    if (key.empty() || key.size() > projection_limits::kRowKeyBytesMax ||
        !(is_note(key) || is_utf8(key))) {
      return refuse("a key of " + std::to_string(key.size()) + " bytes; keys are UTF-8 of 1 to " +
                    std::to_string(projection_limits::kRowKeyBytesMax) + " bytes");
    }
    if (position < first_ || position > last_) {
      return refuse("a position " + std::to_string(position.value) + " outside of the events " +
                    std::to_string(first_.value) + " to " + std::to_string(last_.value));
    }
    return {};
  }

  Error refuse(const std::string& what) const {
    return {Code::kInternal, "plugin.row_invalid",
            "table " + table_.shape->name + " was given " + what};
  }

  TableBatch& batch_;
  Table& table_;
  Position first_{}, last_{};
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

RowAccess& TableBatch::rows(std::size_t table, Position first, Position last) {
  tables_[table]->access->span(first, last);
  return *tables_[table]->access;
}

TableBatch::Entry* TableBatch::find(Table& table, BytesView key) {
  if (const auto young = table.young.find(key); young != table.young.end()) return &*young;
  const auto old = table.old.find(key);
  if (old == table.old.end()) return nullptr;
  young_bytes_ += bytes_of(key, old->second.row);
  return &*table.young.insert(table.old.extract(old)).position;
}

TableBatch::Entry* TableBatch::insert(Table& table, BytesView key, std::optional<Bytes> row) {
  young_bytes_ += bytes_of(key, row);
  return &*table.young.emplace(Bytes(key), CachedRow{std::move(row)}).first;
}

Result<TableBatch::Entry*> TableBatch::load(Table& table, BytesView key) {
  if (auto* cached = find(table, key)) return cached;
  OPS_TRY_ASSIGN(auto stored, generation_.get(stored_table(*table.shape, key), key, kHead));
  std::optional<Bytes> row;
  if (stored && !stored->erased) row = std::move(stored->row);
  return insert(table, key, std::move(row));
}

Status TableBatch::prefetch(std::size_t number, std::vector<Bytes> keys) {
  Table& table = *tables_[number];
  std::erase_if(keys, [&](const Bytes& key) { return find(table, key) != nullptr; });
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const auto& key : keys) OPS_TRY(load(table, key));
  return {};
}

Status TableBatch::write(Table& table, BytesView key, std::optional<BytesView> row,
                         Position position) {
  Entry* entry = find(table, key);
  if (entry == nullptr && table.shape->indexes.empty()) {
    entry = insert(table, key, std::nullopt);  // what was there before is asked by nobody
  } else if (entry == nullptr) {
    OPS_TRY_ASSIGN(entry, load(table, key));
  }
  CachedRow& cached = entry->second;
  young_bytes_ += (row ? row->size() : 0) - (cached.row ? cached.row->size() : 0);
  write_bytes_ += key.size() + (row ? row->size() : 0);
  if (cached.last_write == kNoWrite) {
    if (!table.shape->indexes.empty()) cached.stored_row = std::move(cached.row);
    table.written.push_back(entry);
  }
  if (cached.last_write == kNoWrite || writes_[cached.last_write].position != position) {
    const auto added = static_cast<std::uint32_t>(writes_.size());
    (cached.last_write == kNoWrite ? cached.first_write : next_write_[cached.last_write]) = added;
    cached.last_write = added;
    next_write_.push_back(kNoWrite);
    writes_.push_back({stored_table(*table.shape, key), Bytes(key), std::nullopt, position});
  }
  cached.row = row;
  writes_[cached.last_write].row = cached.row;
  return {};
}

bool TableBatch::full() const {
  return write_bytes_ > projection_limits::kBatchBytesMax;
}

Status TableBatch::add_index_keys(const Table& table, BytesView row, bool adding,
                                  RowWrite* write) const {
  std::vector<BytesView> values;
  OPS_TRY(split_fields(table.shape->row->root(), row, &values));
  for (std::uint32_t i = 0; i < table.shape->indexes.size(); ++i) {
    const auto field = table.shape->indexes[i];
    Bytes key;
    OPS_ASSERT(append_column_key(*table.shape->fields()[field].type, values[field], &key));
    if (!adding) {
      write->index_remove.emplace_back(i, std::move(key));
    } else if (const auto same = std::find(write->index_remove.begin(), write->index_remove.end(),
                                           std::pair<std::uint32_t, Bytes>(i, key));
               same != write->index_remove.end()) {
      write->index_remove.erase(same);  // the column did not change: the entry stays
    } else {
      write->index_add.emplace_back(i, std::move(key));
    }
  }
  return {};
}

/// Only the difference between before and after the batch, on the last write of each row: versions
/// in between never were the head.
Status TableBatch::add_index_changes(Table& table) {
  if (table.shape->indexes.empty()) return {};
  for (const auto* entry : table.written) {
    if (is_note(entry->first)) continue;
    const CachedRow& cached = entry->second;
    RowWrite& write = writes_[cached.last_write];
    if (cached.stored_row) OPS_TRY(add_index_keys(table, *cached.stored_row, false, &write));
    if (cached.row) OPS_TRY(add_index_keys(table, *cached.row, true, &write));
  }
  return {};
}

/// By table and key, the order per row stays: the store keeps the versions of a row together. Sorts
/// rows, which are fewer than writes.
std::vector<RowWrite> TableBatch::take_writes_by_row() {
  std::vector<std::uint32_t> rows;
  for (const auto& table : tables_) {
    for (const auto* entry : table->written) rows.push_back(entry->second.first_write);
  }
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    const RowWrite &left = writes_[a], &right = writes_[b];
    return left.table != right.table ? left.table < right.table : left.key < right.key;
  });
  std::vector<RowWrite> sorted;
  sorted.reserve(writes_.size());
  for (auto at : rows) {
    for (; at != kNoWrite; at = next_write_[at]) sorted.push_back(std::move(writes_[at]));
  }
  return sorted;
}

Status TableBatch::commit(const Progress& progress) {
  for (auto& table : tables_) OPS_TRY(add_index_changes(*table));
  OPS_TRY(generation_.commit(take_writes_by_row(), progress));
  for (auto& table : tables_) {
    for (auto* entry : table->written) {
      entry->second.stored_row.reset();
      entry->second.first_write = entry->second.last_write = kNoWrite;
    }
    table->written.clear();
  }
  write_bytes_ = 0;
  writes_.clear();
  next_write_.clear();
  age_cache();
  return {};
}

void TableBatch::age_cache() {
  if (young_bytes_ <= cache_bytes_max_ / 2) return;
  for (auto& table : tables_) {
    table->old = std::move(table->young);
    table->young.clear();
  }
  young_bytes_ = 0;
}

void TableBatch::discard() {
  writes_.clear();
  next_write_.clear();
  write_bytes_ = young_bytes_ = 0;
  for (auto& table : tables_) {
    table->written.clear();
    table->young.clear();
    table->old.clear();
  }
}

}  // namespace opsledger
