#include "storage/rocksdb/accepted_batch.hpp"

#include <algorithm>

#include "storage/core/posting_walk.hpp"

namespace opsledger::rocks {

namespace {

void sort_unique(std::vector<IndexEntry>& entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
}

}  // namespace

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
  sort_unique(index.tags);
  sort_unique(index.types);
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
