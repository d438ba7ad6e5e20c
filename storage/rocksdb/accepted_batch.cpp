#include "storage/rocksdb/accepted_batch.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "storage/core/posting_walk.hpp"

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

BatchIndex index_events(std::span<const NewEvent> events, TagHashFunction hash) {
  BatchIndex index;
  std::size_t tags = 0;
  for (const NewEvent& event : events) tags += event.tags.size();
  index.tags.reserve(tags);
  index.types.reserve(events.size());
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    for (const std::string& tag : events[i].tags) index.tags.push_back({hash(tag), i});
    index.types.push_back({hash(events[i].type), i});
  }
  std::vector<IndexEntry> space;
  for (std::vector<IndexEntry>* entries : {&index.tags, &index.types}) {
    sort_entries(entries, &space);
    entries->erase(std::unique(entries->begin(), entries->end()), entries->end());
  }
  return index;
}

Position first_posting(const AcceptedBatch& batch, PostingList list, Position at_least) {
  if (at_least > batch.last()) return kNoPosting;
  const Position first = batch.first();
  const auto offset =
      at_least <= first ? 0 : static_cast<std::uint32_t>(at_least.value - first.value);
  const auto& entries = batch.index.of(list.kind);
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), IndexEntry{list.hash, offset});
  if (found == entries.end() || found->hash != list.hash) return kNoPosting;
  return {first.value + found->offset};
}

Position last_posting(const AcceptedBatch& batch, PostingList list, Position at_most) {
  const Position first = batch.first();
  if (at_most < first) return {};
  const std::uint64_t offset = std::min(at_most.value, batch.last().value) - first.value;
  const auto& entries = batch.index.of(list.kind);
  auto found = std::upper_bound(entries.begin(), entries.end(),
                                IndexEntry{list.hash, static_cast<std::uint32_t>(offset)});
  if (found == entries.begin() || (--found)->hash != list.hash) return {};
  return {first.value + found->offset};
}

}  // namespace opsledger::rocks
