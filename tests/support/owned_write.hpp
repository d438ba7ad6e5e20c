// A row write that owns its bytes: what tests pass about before a commit borrows them.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "storage/api/table_store.hpp"

namespace opsledger::testing_support {

/// As RowWrite.
struct OwnedWrite {
  std::uint32_t table = 0;
  Bytes key;
  std::optional<Bytes> row;
  Position position{};
  std::vector<std::pair<std::uint32_t, Bytes>> index_add = {}, index_remove = {};

  OwnedWrite(std::uint32_t in, Bytes named, std::optional<Bytes> bytes, Position at)
      : table(in), key(std::move(named)), row(std::move(bytes)), position(at) {}
  explicit OwnedWrite(const RowWrite& write)
      : OwnedWrite(write.table, Bytes(write.key),
                   write.row ? std::optional(Bytes(*write.row)) : std::nullopt, write.position) {
    index_add = write.index_add;
    index_remove = write.index_remove;
  }
  /// Lives as long as this.
  RowWrite view() const {
    return {table,    key,       row ? std::optional<BytesView>(*row) : std::nullopt,
            position, index_add, index_remove};
  }
};

inline Status commit_owned(TableGeneration& rows, std::span<const OwnedWrite> writes,
                           const Progress& progress) {
  std::vector<RowWrite> views;
  for (const auto& write : writes) views.push_back(write.view());
  return rows.commit(views, progress);
}

}  // namespace opsledger::testing_support
