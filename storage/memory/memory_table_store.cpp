#include "storage/memory/memory_table_store.hpp"

#include <algorithm>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "storage/core/table_keys.hpp"

namespace opsledger {
namespace {

/// Rows that were collected when the cursor was created.
class CopiedRows final : public RowCursor {
 public:
  explicit CopiedRows(std::vector<RowVersion> rows) : rows_(std::move(rows)) {}

  bool next() override {
    if (next_ == rows_.size()) return false;
    ++next_;
    return true;
  }
  BytesView key() const override { return current().key; }
  BytesView row() const override { return current().row; }
  Position position() const override { return current().position; }
  Status status() const override { return {}; }

 private:
  const RowVersion& current() const {
    OPS_ASSERT(next_ > 0);
    return rows_[next_ - 1];
  }

  const std::vector<RowVersion> rows_;
  std::size_t next_ = 0;
};

bool in_range(BytesView key, const KeyRange& range) {
  return key >= range.begin && (range.end.empty() || key < range.end);
}

class MemoryGeneration final : public TableGeneration {
 public:
  Progress progress() const override {
    std::shared_lock lock(mutex_);
    return progress_;
  }

  Result<std::optional<RowVersion>> get(std::uint32_t table, BytesView key,
                                        Position as_of) const override {
    std::shared_lock lock(mutex_);
    const auto row = rows_.find({table, Bytes(key)});
    if (row == rows_.end()) return std::optional<RowVersion>();
    const RowVersion* version = version_at(row->second, as_of);
    if (version == nullptr || version->erased) return std::optional<RowVersion>();
    return std::optional<RowVersion>(*version);
  }

  Status get_heads(std::uint32_t table, std::span<const BytesView> keys,
                   const TakeRow& take) const override {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      OPS_TRY_ASSIGN(const auto found, get(table, keys[i], kHead));
      take(i, found ? std::optional<BytesView>(found->row) : std::nullopt);
    }
    return {};
  }

  std::unique_ptr<RowCursor> scan(std::uint32_t table, const KeyRange& range, Position as_of,
                                  bool backward) const override {
    std::shared_lock lock(mutex_);
    std::vector<RowVersion> found;
    for (const auto& [row, versions] : rows_) {
      if (row.first != table || !in_range(row.second, range)) continue;
      const RowVersion* version = version_at(versions, as_of);
      if (version != nullptr && !version->erased) found.push_back(*version);
    }
    if (backward) std::reverse(found.begin(), found.end());
    return std::make_unique<CopiedRows>(std::move(found));
  }

  std::unique_ptr<RowCursor> scan_index(std::uint32_t table, std::uint32_t index,
                                        const KeyRange& range, bool backward) const override {
    std::shared_lock lock(mutex_);
    std::vector<RowVersion> found;
    for (const auto& [entry_table, entry_index, bytes, key] : index_) {
      if (entry_table != table || entry_index != index || !in_range(bytes, range)) continue;
      const auto row = rows_.find({table, key});
      if (row != rows_.end() && !row->second.back().erased) found.push_back(row->second.back());
    }
    if (backward) std::reverse(found.begin(), found.end());
    return std::make_unique<CopiedRows>(std::move(found));
  }

  Result<std::vector<RowVersion>> history(std::uint32_t table, BytesView key) const override {
    std::shared_lock lock(mutex_);
    const auto row = rows_.find({table, Bytes(key)});
    return row == rows_.end() ? std::vector<RowVersion>() : row->second;
  }

  Status commit(std::span<const RowWrite> writes, const Progress& progress) override {
    std::lock_guard lock(mutex_);
    for (const RowWrite& write : writes) OPS_TRY(check_row_write(write));
    for (const RowWrite& write : writes) apply(write);
    progress_ = progress;
    return {};
  }

  Status flush() override { return {}; }

 private:
  static const RowVersion* version_at(const std::vector<RowVersion>& versions, Position as_of) {
    const RowVersion* found = nullptr;
    for (const auto& version : versions) {
      if (version.position <= as_of) found = &version;
    }
    return found;
  }

  void apply(const RowWrite& write) {
    const Bytes key(write.key);
    auto& versions = rows_[{write.table, key}];
    if (!versions.empty() && versions.back().position == write.position) versions.pop_back();
    versions.push_back(
        {key, Bytes(write.row.value_or(BytesView())), write.position, !write.row.has_value()});
    for (const auto& [index, bytes] : write.index_remove) {
      index_.erase({write.table, index, bytes, key});
    }
    for (const auto& [index, bytes] : write.index_add) {
      index_.insert({write.table, index, bytes, key});
    }
  }

  mutable std::shared_mutex mutex_;
  std::map<std::pair<std::uint32_t, Bytes>, std::vector<RowVersion>> rows_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, Bytes, Bytes>> index_;  // …, column, row key
  Progress progress_;
};

}  // namespace

Result<std::shared_ptr<TableGeneration>> MemoryTableStore::open(const std::string& name) {
  OPS_TRY(check_generation_name(name));
  std::lock_guard lock(mutex_);
  auto& generation = generations_[name];
  if (!generation) generation = std::make_shared<MemoryGeneration>();
  return generation;
}

Status MemoryTableStore::drop(const std::string& name) {
  std::lock_guard lock(mutex_);
  if (generations_.erase(name) == 1) return {};
  return Error{Code::kNotFound, "generation.not_found",
               "There is no generation `" + name + "`: list them first"};
}

std::vector<std::string> MemoryTableStore::list() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, generation] : generations_) names.push_back(name);
  return names;
}

}  // namespace opsledger
