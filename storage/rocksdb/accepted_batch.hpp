// One accepted append: its records, their index entries, their leaf hashes. In memory until it is
// durable, and a little longer.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "storage/core/apply.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/core/tag_hash.hpp"

namespace opsledger::rocks {

/// "Event `offset` of the batch has the tag (or type) with this hash."
struct IndexEntry {
  std::uint64_t hash = 0;
  std::uint32_t offset = 0;
  friend auto operator<=>(const IndexEntry&, const IndexEntry&) = default;
};

/// Sorted, without repetition.
struct BatchIndex {
  std::vector<IndexEntry> tags;
  std::vector<IndexEntry> types;
  const std::vector<IndexEntry>& of(PostingKind kind) const {
    return kind == PostingKind::kTag ? tags : types;
  }
};

/// Sorts by hash, then by offset. `space` is scratch memory that the caller may keep.
void sort_entries(std::vector<IndexEntry>* entries, std::vector<IndexEntry>* space);

/// Hashes and sorts the tags and types of `events`. Does not need positions, so it runs outside
/// every lock.
BatchIndex index_events(std::span<const NewEvent> events, TagHashFunction hash);

/// Everything but the leaves is final once it is accepted. The leaves are hashed by the thread that
/// appends, while the committer already builds its write; `await_leaves` before reading them.
struct AcceptedBatch {
  Entries entries;
  BatchIndex index;
  std::vector<Hash> leaves;
  std::atomic<bool> hashed{false};

  void await_leaves() const { hashed.wait(false); }

  Position first() const { return entries.outcome.first; }
  Position last() const { return entries.outcome.last; }
  std::size_t bytes() const { return entries.records.size(); }
};
using BatchPtr = std::shared_ptr<const AcceptedBatch>;

/// The first posting of `list` at or after `at_least`, or kNoPosting; and the last one at or
/// before `at_most`, or 0.
Position first_posting(const AcceptedBatch& batch, PostingList list, Position at_least);
Position last_posting(const AcceptedBatch& batch, PostingList list, Position at_most);

}  // namespace opsledger::rocks
