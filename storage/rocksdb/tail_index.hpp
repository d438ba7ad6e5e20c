// The index of the newest events, in memory: which of them stand in which posting list. Commits
// write no postings; the indexer writes them in long steps, and until then they are here.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "storage/api/event.hpp"
#include "storage/base/result.hpp"
#include "storage/core/posting_walk.hpp"
#include "storage/rocksdb/index_entries.hpp"

namespace opsledger::rocks {

/// Lists of one kind: hash → ascending offsets. Found by a table with open addressing (hashes are
/// random already); most lists have one entry, and need no memory of their own.
class OffsetLists {
 public:
  struct List {
    std::uint64_t hash;
    std::uint32_t first;  // kNone: empty
    std::vector<std::uint32_t> more;
  };
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// Adds `offset` to the list `hash`, once. Offsets never descend.
  void add(std::uint64_t hash, std::uint32_t offset);
  /// Removes every offset greater than `last`.
  void truncate(std::uint32_t last);
  /// Null when there is no such list.
  const List* find(std::uint64_t hash) const;
  std::span<const List> lists() const { return lists_; }

 private:
  std::size_t slot_of(std::uint64_t hash) const;
  void grow();
  std::vector<std::uint32_t> slots_;  // number of a list + 1, 0 = free; a power of two
  std::vector<List> lists_;
};

/// The postings of adjacent events, written to the database in one step. One thread at a time
/// adds; any thread may read meanwhile.
class TailSegment {
 public:
  /// Holds events after `floor`.
  explicit TailSegment(Position floor) : floor_(floor), last_(floor.value) {}
  /// The one that a step was writing when its process ended: it has the same end again.
  explicit TailSegment(const IndexNote& note)
      : floor_(note.upto), last_(floor_.value), end_(note.step_upto), bound_(note.bound) {}

  /// Adds `events` events behind last(). When it fails (out of memory) nothing is added.
  void add(const BatchEntries& entries, std::size_t events);
  /// Forgets everything after `last`.
  void truncate(Position last);

  Position floor() const { return floor_; }
  Position last() const { return {last_.load(std::memory_order_acquire)}; }
  bool complete() const;
  const PostingList& bound() const { return bound_; }  ///< lists before it are stored already

  /// The first posting >= `at_least`, or kNoPosting; the last one <= `at_most`, or 0.
  Position seek(const PostingList& list, Position at_least) const;
  Position seek_back(const PostingList& list, Position at_most) const;

  /// Calls `use(list, positions)` for every list of a kind from bound() on, by ascending hash, cut
  /// into chunks of at most `chunk_max` positions. Precondition: nobody adds any more. Errors: the
  /// first of `use`, which ends it.
  using Use = std::function<Status(const PostingList& list, std::span<const Position> positions)>;
  Status each_chunk(PostingKind kind, std::size_t chunk_max, const Use& use) const;

 private:
  OffsetLists& lists(PostingKind kind) { return lists_[kind == PostingKind::kTag ? 0 : 1]; }
  const OffsetLists& lists(PostingKind kind) const {
    return lists_[kind == PostingKind::kTag ? 0 : 1];
  }
  const Position floor_;
  std::atomic<std::uint64_t> last_;
  const Position end_{};
  const PostingList bound_{};
  mutable std::mutex mutex_;  // guards the lists; shared, readers could keep appends out
  std::array<OffsetLists, 2> lists_;
};

/// The tail as it was at one moment: whoever holds it goes on reading the segments that were
/// written and dropped meanwhile. Its last segment may grow: readers stop at their own last
/// position.
struct TailView {
  Position indexed_upto{};                             ///< postings up to here are in the database
  std::vector<std::shared_ptr<TailSegment>> segments;  ///< adjacent, from indexed_upto on

  Position last() const { return segments.empty() ? indexed_upto : segments.back()->last(); }
  /// As TailSegment's, over all segments.
  Position seek(const PostingList& list, Position at_least) const;
  Position seek_back(const PostingList& list, Position at_most) const;
};
using TailPtr = std::shared_ptr<const TailView>;

/// A segment is written when it has this many events: a longer one makes longer chunks and fewer
/// insertions, a shorter one takes less memory and less of the next start after a kill.
inline constexpr std::uint64_t kSegmentEvents = 16'384;

/// The tail itself. Thread safe; one thread at a time adds, one indexes.
class TailIndex {
 public:
  /// `events_max`: beyond it, `admit` refuses.
  TailIndex(const IndexNote& note, std::uint64_t events_max);

  /// Adds the next `events` events (which end at or before note.step_upto when they begin there).
  /// When it fails (out of memory) nothing is added.
  void add(const BatchEntries& entries, std::size_t events);
  TailPtr view() const;
  /// Forgets everything after `last`, which never became durable.
  void truncate(Position last);

  /// kOverloaded `append.index_behind` while the tail is full, or why it cannot be written.
  Status admit() const;
  /// Success, or kNotReady `storage.index`: see `fail`.
  Status health() const;

  // --- the indexer's side ---

  /// The oldest segment, complete and durable; null when there is none. `partly`: with however few
  /// events; it is closed then.
  std::shared_ptr<const TailSegment> next(Position durable, bool partly);
  /// Would `next` return a segment?
  bool has_next(Position durable, bool partly) const;
  /// The segment `next` returned is in the database: readers find it there from now on.
  void drop_first();
  /// Nothing will be written until the next start, because of `cause`.
  void fail(const Error& cause);

 private:
  bool writable(Position durable, bool partly) const;  ///< needs the mutex
  const std::uint64_t events_max_;
  mutable std::mutex mutex_;  // guards what follows; taken after the sequencer's
  TailPtr view_;
  std::shared_ptr<TailSegment> open_;  // the last segment of view_, while it may grow
  std::optional<Error> failure_;
};

}  // namespace opsledger::rocks
