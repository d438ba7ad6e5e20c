#include "storage/rocksdb/index_entries.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace opsledger::rocks {

namespace {

constexpr std::size_t kSmallSort = 64;  // below it std::sort is as fast

}  // namespace

void sort_entries(std::vector<IndexEntry>* entries, std::vector<IndexEntry>* space) {
  if (entries->size() < kSmallSort) return std::sort(entries->begin(), entries->end());
  // Hashes are uniform: their highest bits put nearly every entry at its place.
  const int bits = std::bit_width(entries->size()) - 2;  // two to four entries per bucket
  const auto bucket = [bits](const IndexEntry& entry) { return entry.hash >> (64 - bits); };
  std::vector<std::uint32_t> bounds(std::size_t{1} << bits);
  for (const IndexEntry& entry : *entries) ++bounds[bucket(entry)];
  std::partial_sum(bounds.begin(), bounds.end(), bounds.begin());
  space->resize(entries->size());
  for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry) {
    (*space)[--bounds[bucket(*entry)]] = *entry;  // from the end of its bucket to the begin
  }
  entries->swap(*space);
  bounds.push_back(static_cast<std::uint32_t>(entries->size()));
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    std::sort(entries->begin() + bounds[i], entries->begin() + bounds[i + 1]);
  }
}

BatchEntries index_events(std::span<const NewEvent> events, TagHashFunction hash) {
  BatchEntries entries;
  std::size_t tags = 0;
  for (const NewEvent& event : events) tags += event.tags.size();
  entries.tags.reserve(tags);
  entries.types.reserve(events.size());
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    for (const std::string& tag : events[i].tags) entries.tags.push_back({hash(tag), i});
    entries.types.push_back({hash(events[i].type), i});
  }
  return entries;
}

}  // namespace opsledger::rocks
