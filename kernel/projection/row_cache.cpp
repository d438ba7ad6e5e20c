#include "kernel/projection/row_cache.hpp"

#include <functional>

namespace opsledger {

namespace {
constexpr std::size_t kSlotsMin = 64;
/// Of a row beside its own bytes: the object, two heap blocks, two slots.
constexpr std::size_t kRowOverheadBytes = 160;

std::size_t bytes_of(const CachedRow& row) {
  return kRowOverheadBytes + row.key.size() + row.row.size();
}
}  // namespace

std::uint32_t RowCache::hash_of(BytesView key) {
  return static_cast<std::uint32_t>(std::hash<BytesView>()(key));
}

CachedRow* RowCache::find(BytesView key) {
  if (slots_.empty()) return nullptr;
  const auto hash = hash_of(key);
  const auto mask = slots_.size() - 1;
  for (auto at = hash & mask; slots_[at].row != nullptr; at = (at + 1) & mask) {
    if (slots_[at].hash != hash || slots_[at].row->key != key) continue;
    make_young(*slots_[at].row);
    return slots_[at].row;
  }
  return nullptr;
}

CachedRow* RowCache::add(BytesView key) {
  if (2 * (used_ + 1) > slots_.size()) rebuild(std::max(kSlotsMin, 2 * slots_.size()));
  if (free_.empty()) free_.push_back(&rows_.emplace_back());
  CachedRow* row = free_.back();
  free_.pop_back();
  row->key = key;
  row->hash = hash_of(key);
  place(*row);
  ++used_;
  make_young(*row);
  return row;
}

void RowCache::make_young(CachedRow& row) {
  if (row.young) return;
  row.young = true;
  young_bytes_ += bytes_of(row);
}

void RowCache::place(CachedRow& row) {
  const auto mask = slots_.size() - 1;
  auto at = row.hash & mask;
  while (slots_[at].row != nullptr) at = (at + 1) & mask;
  slots_[at] = {row.hash, &row};
}

void RowCache::rebuild(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.row != nullptr) place(*slot.row);
  }
}

void RowCache::age() {
  std::vector<Slot> old(slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.row == nullptr) continue;
    if (slot.row->young) {
      slot.row->young = false;
      place(*slot.row);
    } else {
      *slot.row = CachedRow{};
      free_.push_back(slot.row);
      --used_;
    }
  }
  young_bytes_ = 0;
}

void RowCache::clear() {
  *this = RowCache{};
}

}  // namespace opsledger
