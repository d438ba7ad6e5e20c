// Leapfrog over posting lists: candidates for a query item, and the verdict on a condition with
// the step count that every node agrees on (storage/FORMAT.md §8).
//
// An item's lists are, in this order: one per distinct tag hash, tags in ascending byte order;
// then, if it names types, the union of its types' lists. The walk stands at a wanted position,
// at first `after` + 1, and asks the lists in turn, round and round, for their first posting >=
// wanted. An answer is one step and becomes wanted; when every list in turn has answered the same
// position, that is a candidate. A list without an answer ends the walk and is no step. So the
// count depends on the lists alone, and a walk that ended at the end of a shorter log can go on
// when the log has grown, as if it had seen the longer log from the start.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "storage/api/query.hpp"
#include "storage/base/result.hpp"
#include "storage/core/apply.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/core/tag_hash.hpp"

namespace opsledger {

/// "No posting": past every position.
inline constexpr Position kNoPosting{UINT64_MAX};

/// Where posting lists are read: a snapshot, an unsynced tail, or both. One thread at a time.
class PostingSource {
 public:
  virtual ~PostingSource() = default;
  /// The first posting of `list` that is >= `at_least`, or kNoPosting. Within one item calls for
  /// a list come with ascending `at_least`; the next item may start over. Errors: kIo, kCorrupt.
  virtual Result<Position> seek(const PostingList& list, Position at_least) = 0;
};

/// Does the event at `candidate` really match `item`? (Hashes collide.)
using Recheck = std::function<Result<bool>(const QueryItem& item, Position candidate)>;

/// The lists of one item, hashed once.
struct ItemLists {
  std::vector<PostingList> tags;   ///< order of the item's tags, sorted; no repetition
  std::vector<PostingList> types;  ///< joined to one list when not empty
};
ItemLists lists_of(const QueryItem& item, TagHashFunction hash);

/// One item's walk. Resumable; a value type.
class ItemWalk {
 public:
  ItemWalk(ItemLists lists, Position after);

  /// The next candidate, kNoPosting when `source` has no more (yet), or nothing when `steps_max`
  /// steps in all are used up. Errors: those of `source`.
  Result<std::optional<Position>> next(PostingSource& source, std::uint64_t steps_max);

  std::uint64_t steps() const { return steps_; }

 private:
  std::size_t list_count() const { return lists_.tags.size() + (lists_.types.empty() ? 0 : 1); }
  Result<Position> seek(PostingSource& source);

  ItemLists lists_;
  Position wanted_;
  std::size_t list_ = 0;    // whose turn it is
  std::size_t agreed_ = 0;  // how many in a row stand at wanted_
  std::uint64_t steps_ = 0;
};

/// Checks a condition in parts: first against a snapshot, then against what came after it, with
/// the verdict and step count of one check against the whole. An item's share of the steps is
/// SequenceRules::condition_steps_max / number of items. A match within an item's share is a
/// match; without any match, an item that ran out of its share makes the condition too broad.
/// `condition` must outlive the walk.
class ConditionWalk {
 public:
  ConditionWalk(const AppendCondition& condition, TagHashFunction hash,
                std::uint64_t condition_steps_max = limits::kConditionStepsMax);

  /// Goes on with what `source` holds: true when an event matched (the walk is over then). A
  /// later source needs only the postings after those of the earlier ones.
  Result<bool> advance(PostingSource& source, const Recheck& recheck);

  /// After the last `advance` returned false: kInvalid `condition.too_broad`, or fine.
  Status finish() const;

 private:
  struct Item {
    const QueryItem* item;
    ItemWalk walk;
    bool exhausted = false;
  };
  std::vector<Item> items_;
  std::uint64_t steps_max_;
};

}  // namespace opsledger
