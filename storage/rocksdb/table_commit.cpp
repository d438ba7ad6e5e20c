#include "storage/rocksdb/table_commit.hpp"

#include <algorithm>

#include "storage/rocksdb/table_keys.hpp"

namespace opsledger::rocks {

namespace {

bool same_row(const RowWrite* a, const RowWrite* b) {
  if (a->table != b->table || a->key.size() != b->key.size()) return false;
  return a->key.data() == b->key.data() || a->key == b->key;
}
bool row_before(const RowWrite* a, const RowWrite* b) {
  return a->table != b->table ? a->table < b->table : a->key < b->key;
}

/// Calls `with` for the writes of each row.
template <class With>
void for_each_row(std::span<const RowWrite* const> order, With with) {
  while (!order.empty()) {
    std::size_t count = 1;
    while (count < order.size() && same_row(order[count], order.front())) ++count;
    with(order.first(count));
    order = order.subspan(count);
  }
}

}  // namespace

rocksdb::WriteBatch& TableCommit::build(std::span<const RowWrite> writes,
                                        const Progress& progress) {
  batch_.Clear();
  put_in_row_order(writes);
  for_each_row(order_, [&](RowWrites row) {
    for (const RowWrite* write : row) put_indexes(*write);
    put_head(*row.back());
  });
  for_each_row(order_, [&](RowWrites row) { put_versions(row); });
  batch_.Put(family_, rocksdb::Slice(&kProgressKind, 1), encode_progress(progress));
  return batch_;
}

void TableCommit::shrink() {
  batch_ = rocksdb::WriteBatch();
  order_ = {};
}

/// Grouped by row, in key order; the order within a row stays.
void TableCommit::put_in_row_order(std::span<const RowWrite> writes) {
  order_.clear();
  for (const RowWrite& write : writes) order_.push_back(&write);
  if (!std::is_sorted(order_.begin(), order_.end(), row_before)) {
    std::stable_sort(order_.begin(), order_.end(), row_before);
  }
}

void TableCommit::put_indexes(const RowWrite& write) {
  for (const auto& [index, column] : write.index_remove) {
    batch_.Delete(family_, index_key(write.table, index, column, write.key));
  }
  for (const auto& [index, column] : write.index_add) {
    batch_.Put(family_, index_key(write.table, index, column, write.key), {});
  }
}

/// Only the last write of a row becomes its head.
void TableCommit::put_head(const RowWrite& last) {
  key_.clear();
  append_head_key(last.table, last.key, &key_);
  if (!last.row) {
    batch_.Delete(family_, key_);
    return;
  }
  value_.clear();
  append_be64(last.position.value, &value_);
  const rocksdb::Slice key(key_), parts[] = {value_, {last.row->data(), last.row->size()}};
  batch_.Put(family_, {&key, 1}, {parts, 2});
}

/// All versions, in runs. Of several at one position the last one stays.
void TableCommit::put_versions(RowWrites writes) {
  while (!writes.empty()) {
    value_.clear();
    const Position first = writes.front()->position;
    std::size_t taken = 0;
    for (std::size_t kept = 0; taken < writes.size(); ++taken) {
      if (kept == kRunVersionsMax || value_.size() >= kRunBytesMax) break;
      const RowWrite& write = *writes[taken];
      const bool replaced =
          taken + 1 < writes.size() && writes[taken + 1]->position == write.position;
      if (replaced) continue;
      append_version(first, write.position, write.row, &value_);
      ++kept;
    }
    key_.clear();
    append_version_key(writes.front()->table, writes.front()->key, first, &key_);
    batch_.Put(family_, key_, value_);
    writes = writes.subspan(taken);
  }
}

}  // namespace opsledger::rocks
