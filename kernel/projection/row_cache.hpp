// Rows of one table in memory, by key.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger {

/// A row as the batch under way sees it.
struct CachedRow {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  Bytes key;
  Bytes row;
  bool exists = false;  ///< else `row` is empty and means nothing
  bool young = false;   ///< used since the last `age`
  /// First and last write of the batch under way, as its numbers; kNone = not written.
  std::uint32_t first_write = kNone, last_write = kNone;
  std::uint32_t hash = 0;

  std::optional<BytesView> view() const {
    return exists ? std::optional<BytesView>(row) : std::nullopt;
  }
};

/// A hash table with open addressing; rows stay where they are until they are dropped. One thread.
/// Bounded by its user, who lets it age: a row that was not used since the last time goes.
class RowCache {
 public:
  /// Null when it is not here. A row that is found or added becomes young.
  CachedRow* find(BytesView key);
  /// Precondition: it is not here.
  CachedRow* add(BytesView key);
  /// Drops the rows that are not young; the others are no longer young.
  void age();
  void clear();

  /// What all young rows take, about.
  std::size_t young_bytes() const { return young_bytes_; }
  /// After a row's size changed.
  void grew(std::size_t from, std::size_t to) { young_bytes_ += to - from; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    CachedRow* row = nullptr;
  };
  static std::uint32_t hash_of(BytesView key);
  void place(CachedRow& row);
  void rebuild(std::size_t slots);
  void make_young(CachedRow& row);

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::deque<CachedRow> rows_;
  std::vector<CachedRow*> free_;
  std::size_t used_ = 0, young_bytes_ = 0;
};

}  // namespace opsledger
