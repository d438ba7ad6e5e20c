#include "storage/rocksdb/cursors.hpp"

#include <algorithm>

#include "storage/core/match.hpp"
#include "storage/core/posting_walk.hpp"
#include "storage/core/record.hpp"
#include "storage/rocksdb/stored_postings.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::size_t kFirstSpanEvents = 4;  // small at first: each may be a read of a cold disk
constexpr std::size_t kSpanEventsMax = 128;

/// The positions a read covers; empty when begin > end.
struct Range {
  Position begin{1};
  Position end{};
};

Range range_of(const ReadOptions& options, Position last) {
  if (options.direction == Direction::kForward) {
    if (options.after >= last) return {};
    return {options.after.next(), std::min(last, options.upto)};
  }
  if (options.after.value == 0) return {{1}, last};
  return {{1}, {std::min(last.value, options.after.value - 1)}};
}

/// Every event of a range: chunks of the database, then batches; or the other way round.
class ScanCursor final : public EventCursor {
 public:
  ScanCursor(const LedgerDb& db, LogView log, const ReadOptions& options)
      : db_(db),
        log_(std::move(log)),
        range_(range_of(options, log_.last())),
        left_(options.limit),
        backward_(options.direction == Direction::kBackward) {}

  Result<std::span<const EventView>> next() override {
    events_.clear();
    if (left_ == 0 || range_.begin > range_.end) return std::span<const EventView>();
    OPS_TRY(wanted() > log_.durable ? load_batch() : load_chunk());
    if (backward_) {
      std::reverse(events_.begin(), events_.end());
      range_.end.value -= events_.size();
    } else {
      range_.begin.value += events_.size();
    }
    if (events_.size() > left_) events_.resize(left_);
    left_ -= events_.size();
    return std::span<const EventView>(events_);
  }

 private:
  Position wanted() const { return backward_ ? range_.end : range_.begin; }

  Status load_chunk() {
    if (!walk_) {
      walk_ = std::make_unique<ChunkWalk>(db_, /*fill_cache=*/false);
      OPS_TRY(walk_->seek(wanted()));
    } else {
      OPS_TRY(walk_->step(backward_));
      if (!walk_->valid() || walk_->first() > wanted() || walk_->last() < wanted()) {
        OPS_TRY(walk_->seek(wanted()));  // reports the gap
      }
    }
    const Position end = std::min(range_.end, log_.durable);
    return decode_chunk(walk_->chunk(), walk_->first(), range_.begin, end, &events_);
  }

  Status load_batch() {
    const auto found =
        std::partition_point(log_.tail.begin(), log_.tail.end(),
                             [&](const BatchPtr& batch) { return batch->last() < wanted(); });
    const AcceptedBatch& batch = **found;
    const Position begin = std::max(range_.begin, batch.first());
    const Position end = std::min(range_.end, batch.last());
    for (Position p = begin; p <= end; ++p.value) {
      const BytesView record = batch.entries.record(p.value - batch.first().value);
      OPS_ASSERT(EventDecoder::decode(record, &events_.emplace_back()));
    }
    return {};
  }

  const LedgerDb& db_;
  const LogView log_;
  Range range_;
  std::uint64_t left_;
  bool backward_;
  std::unique_ptr<ChunkWalk> walk_;
  std::vector<EventView> events_;
};

/// Candidates of all items, merged without repetition, in either direction.
class Candidates {
 public:
  Candidates(const Query& query, Range range, bool backward, TagHashFunction hash)
      : range_(range), backward_(backward) {
    for (const QueryItem& item : query.items) {
      if (backward) {
        backward_walks_.emplace_back(lists_of(item, hash), range.end);
      } else {
        walks_.emplace_back(lists_of(item, hash), Position{range.begin.value - 1});
      }
    }
    heads_.resize(query.items.size());
  }

  /// The next candidate, or kNoPosting at the end.
  Result<Position> next(LogPostings& postings) {
    for (std::size_t i = 0; i < heads_.size(); ++i) {
      if (started_ && heads_[i] != current_) continue;
      OPS_TRY_ASSIGN(heads_[i], step(i, postings));
    }
    started_ = true;
    current_ = backward_ ? *std::max_element(heads_.begin(), heads_.end())
                         : *std::min_element(heads_.begin(), heads_.end());
    if (current_ < range_.begin || current_ > range_.end) return kNoPosting;
    return current_;
  }

 private:
  Result<Position> step(std::size_t item, LogPostings& postings) {
    if (backward_) return backward_walks_[item].next(postings);
    if (started_ && heads_[item] == kNoPosting) return kNoPosting;
    OPS_TRY_ASSIGN(const auto found, walks_[item].next(postings, UINT64_MAX));
    return found.value_or(kNoPosting);
  }

  Range range_;
  bool backward_, started_ = false;
  std::vector<ItemWalk> walks_;
  std::vector<BackwardWalk> backward_walks_;
  std::vector<Position> heads_;
  Position current_{};
};

/// Events that the indexes name, each compared with the query byte by byte.
class QueryCursor final : public EventCursor {
 public:
  QueryCursor(const LedgerDb& db, LogView log, const Query& query, const ReadOptions& options,
              TagHashFunction hash)
      : log_(std::move(log)),
        query_(query),
        left_(options.limit),
        postings_(db, log_.index, log_.last()),
        candidates_(query_, range_of(options, log_.last()),
                    options.direction == Direction::kBackward, hash),
        fetcher_(db, log_.durable, log_.packed_upto, log_.tail) {}

  Result<std::span<const EventView>> next() override {
    events_.clear();
    while (events_.empty() && left_ > 0 && !ended_) {
      OPS_TRY(collect());
      OPS_TRY_ASSIGN(const auto found, fetcher_.fetch(positions_));
      for (const EventView& event : found) {
        if (matches(query_, event)) events_.push_back(event);
      }
    }
    left_ -= events_.size();
    return std::span<const EventView>(events_);
  }

 private:
  Status collect() {
    positions_.clear();
    const std::uint64_t wanted = std::min<std::uint64_t>(span_events_, left_);
    while (positions_.size() < wanted) {
      OPS_TRY_ASSIGN(const Position candidate, candidates_.next(postings_));
      ended_ = candidate == kNoPosting;
      if (ended_) break;
      positions_.push_back(candidate);
    }
    span_events_ = std::min(span_events_ * 2, kSpanEventsMax);
    return {};
  }

  const LogView log_;
  const Query query_;
  std::uint64_t left_;
  LogPostings postings_;
  Candidates candidates_;
  EventFetcher fetcher_;
  bool ended_ = false;
  std::size_t span_events_ = kFirstSpanEvents;
  std::vector<Position> positions_;
  std::vector<EventView> events_;
};

}  // namespace

std::unique_ptr<EventCursor> make_cursor(const LedgerDb& db, LogView log, const Query& query,
                                         const ReadOptions& options, TagHashFunction hash) {
  if (query.everything()) return std::make_unique<ScanCursor>(db, std::move(log), options);
  return std::make_unique<QueryCursor>(db, std::move(log), query, options, hash);
}

}  // namespace opsledger::rocks
