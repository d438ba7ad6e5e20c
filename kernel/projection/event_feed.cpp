#include "kernel/projection/event_feed.hpp"

#include <algorithm>

#include "kernel/projection/limits.hpp"
#include "storage/base/limits.hpp"

namespace opsledger {
namespace {

constexpr double kTypesBelowShare = 0.08, kScanAboveShare = 0.2;

/// One item per kItemTypesMax types; no item at all = everything.
Query query_of(const std::vector<std::string>& types) {
  Query query;
  for (std::size_t i = 0; i < types.size(); i += limits::kItemTypesMax) {
    const auto count = std::min(limits::kItemTypesMax, types.size() - i);
    const auto from = types.begin() + static_cast<std::ptrdiff_t>(i);
    query.items.push_back({{from, from + static_cast<std::ptrdiff_t>(count)}, {}});
  }
  return query;
}

}  // namespace

FeedMode next_feed_mode(FeedMode mode, double listened_share) {
  if (mode == FeedMode::kScan) {
    return listened_share < kTypesBelowShare ? FeedMode::kTypes : FeedMode::kScan;
  }
  return listened_share > kScanAboveShare ? FeedMode::kScan : FeedMode::kTypes;
}

EventFeed::EventFeed(const Ledger& ledger, std::vector<std::string> types,
                     std::function<Interest(std::string_view)> classify)
    : ledger_(ledger), typed_(query_of(types)), classify_(std::move(classify)) {}

Status EventFeed::open(Position after, Position head) {
  const auto tail = head.value - after.value;
  const bool probed = upto_ == after && upto_ > begin_;
  if (typed_.everything() || tail <= projection_limits::kProbePositions) {
    mode_ = FeedMode::kScan;
  } else if (probed) {
    const auto positions = static_cast<double>(upto_.value - begin_.value);
    mode_ = next_feed_mode(mode_, static_cast<double>(listened_) / positions);
  }
  const auto chunk =
      probed ? projection_limits::kChunkPositions : projection_limits::kProbePositions;
  begin_ = covered_ = after;
  upto_ = {after.value + std::min(tail, chunk)};
  listened_ = 0;
  ReadOptions options;
  options.after = after;
  options.upto = upto_;
  OPS_TRY_ASSIGN(cursor_, ledger_.read(mode_ == FeedMode::kScan ? Query{} : typed_, options));
  return {};
}

Result<EventFeed::Span> EventFeed::next(Position after) {
  if (!cursor_ || after != covered_ || covered_ == upto_) {
    const Position head = ledger_.durable().position;
    if (head <= after) return Span{{}, after};
    OPS_TRY(open(after, head));
  }
  OPS_TRY_ASSIGN(const auto events, cursor_->next());
  covered_ = events.empty() ? upto_ : events.back().position;
  look_at(events);
  return Span{events, covered_};
}

void EventFeed::look_at(std::span<const EventView> events) {
  if (mode_ == FeedMode::kTypes) {
    listened_ += events.size();
    return;
  }
  std::string_view last_type;
  auto last = Interest::kKnown;
  for (const auto& event : events) {
    if (event.type != last_type) {
      last_type = event.type;
      last = interest(last_type);
    }
    listened_ += last == Interest::kListened;
    unknown_ += last == Interest::kUnknown && event.position > counted_;
  }
  if (!events.empty()) counted_ = std::max(counted_, events.back().position);
}

Interest EventFeed::interest(std::string_view type) {
  std::string name(type);
  if (const auto found = interests_.find(name); found != interests_.end()) return found->second;
  if (interests_.size() >= projection_limits::kTypesCachedMax) interests_.clear();
  return interests_.emplace(std::move(name), classify_(type)).first->second;
}

}  // namespace opsledger
