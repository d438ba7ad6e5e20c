// Which lists the events of one append stand in, by hash.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/api/event.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/core/tag_hash.hpp"

namespace opsledger::rocks {

/// "Event `offset` of the batch has the tag (or type) with this hash."
struct IndexEntry {
  std::uint64_t hash = 0;
  std::uint32_t offset = 0;
  friend auto operator<=>(const IndexEntry&, const IndexEntry&) = default;
};

/// In order of the events; an entry may be there twice.
struct BatchEntries {
  std::vector<IndexEntry> tags;
  std::vector<IndexEntry> types;
};

/// How far the stored postings reach: lists before `bound` to `step_upto`, all others to `upto`. A
/// step of the indexer is several writes; between steps both are the same.
struct IndexNote {
  Position upto{};
  Position step_upto{};
  PostingList bound{};

  Position of(const PostingList& list) const { return list < bound ? step_upto : upto; }
  bool in_step() const { return step_upto > upto; }
};

/// Hashes the tags and types of `events`. Does not need positions, so it runs outside every lock.
BatchEntries index_events(std::span<const NewEvent> events, TagHashFunction hash);

/// Sorts by hash, then by offset. `space` is scratch memory that the caller may keep.
void sort_entries(std::vector<IndexEntry>* entries, std::vector<IndexEntry>* space);

}  // namespace opsledger::rocks
