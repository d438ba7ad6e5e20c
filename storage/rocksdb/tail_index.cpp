#include "storage/rocksdb/tail_index.hpp"

#include <algorithm>

namespace opsledger::rocks {

namespace {
constexpr std::size_t kSlotsMin = 1u << 8;
}

std::size_t OffsetLists::slot_of(std::uint64_t hash) const {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at] != 0 && lists_[slots_[at] - 1].hash != hash)
    at = (at + 1) & (slots_.size() - 1);
  return at;
}

void OffsetLists::grow() {
  slots_.assign(std::max(kSlotsMin, slots_.size() * 2), 0);
  for (std::uint32_t list = 0; list < lists_.size(); ++list) {
    slots_[slot_of(lists_[list].hash)] = list + 1;
  }
}

void OffsetLists::add(std::uint64_t hash, std::uint32_t offset) {
  if (lists_.size() * 2 >= slots_.size()) grow();
  std::uint32_t& slot = slots_[slot_of(hash)];
  if (slot == 0) {
    lists_.push_back({hash, offset, {}});
    slot = static_cast<std::uint32_t>(lists_.size());
    return;
  }
  List& list = lists_[slot - 1];
  if (list.first == kNone) {
    list.first = offset;
  } else if ((list.more.empty() ? list.first : list.more.back()) != offset) {
    list.more.push_back(offset);
  }
}

void OffsetLists::truncate(std::uint32_t last) {
  for (List& list : lists_) {
    while (!list.more.empty() && list.more.back() > last) list.more.pop_back();
    if (list.first > last) list.first = kNone;
  }
}

const OffsetLists::List* OffsetLists::find(std::uint64_t hash) const {
  if (slots_.empty()) return nullptr;
  const std::uint32_t slot = slots_[slot_of(hash)];
  return slot == 0 || lists_[slot - 1].first == kNone ? nullptr : &lists_[slot - 1];
}

bool TailSegment::complete() const {
  return end_ > floor_ ? last() >= end_ : last().value - floor_.value >= kSegmentEvents;
}

void TailSegment::add(const BatchEntries& entries, std::size_t events) {
  const auto base = static_cast<std::uint32_t>(last().value - floor_.value + 1);
  const std::lock_guard lock(mutex_);
  try {
    for (const IndexEntry& tag : entries.tags) {
      lists(PostingKind::kTag).add(tag.hash, base + tag.offset);
    }
    for (const IndexEntry& type : entries.types) {
      lists(PostingKind::kType).add(type.hash, base + type.offset);
    }
  } catch (...) {
    for (OffsetLists& lists : lists_) lists.truncate(base - 1);
    throw;
  }
  last_.store(last_.load(std::memory_order_relaxed) + events, std::memory_order_release);
}

void TailSegment::truncate(Position last) {
  if (last >= this->last()) return;
  const std::lock_guard lock(mutex_);
  for (OffsetLists& lists : lists_) {
    lists.truncate(static_cast<std::uint32_t>(last.value - floor_.value));
  }
  last_.store(last.value, std::memory_order_release);
}

Position TailSegment::seek(const PostingList& list, Position at_least) const {
  if (at_least > last()) return kNoPosting;
  const std::uint32_t wanted =
      at_least <= floor_ ? 0 : static_cast<std::uint32_t>(at_least.value - floor_.value);
  const std::lock_guard lock(mutex_);
  const OffsetLists::List* found = lists(list.kind).find(list.hash);
  if (found == nullptr) return kNoPosting;
  if (found->first >= wanted) return {floor_.value + found->first};
  const auto at = std::lower_bound(found->more.begin(), found->more.end(), wanted);
  return at == found->more.end() ? kNoPosting : Position{floor_.value + *at};
}

Position TailSegment::seek_back(const PostingList& list, Position at_most) const {
  if (at_most <= floor_) return {};
  const auto wanted = static_cast<std::uint32_t>(std::min(at_most, last()).value - floor_.value);
  const std::lock_guard lock(mutex_);
  const OffsetLists::List* found = lists(list.kind).find(list.hash);
  if (found == nullptr || found->first > wanted) return {};
  const auto at = std::upper_bound(found->more.begin(), found->more.end(), wanted);
  return {floor_.value + (at == found->more.begin() ? found->first : *(at - 1))};
}

Status TailSegment::each_chunk(PostingKind kind, std::size_t chunk_max, const Use& use) const {
  const auto all = lists(kind).lists();
  std::vector<IndexEntry> order, space;
  order.reserve(all.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].first == OffsetLists::kNone || PostingList{kind, all[i].hash} < bound_) continue;
    order.push_back({all[i].hash, i});
  }
  sort_entries(&order, &space);
  std::vector<Position> positions;
  for (const IndexEntry& entry : order) {
    const OffsetLists::List& list = all[entry.offset];
    positions.assign(1, {floor_.value + list.first});
    for (const std::uint32_t offset : list.more) positions.push_back({floor_.value + offset});
    for (std::span<const Position> rest = positions; !rest.empty();) {
      const std::size_t count = std::min(chunk_max, rest.size());
      OPS_TRY(use({kind, list.hash}, rest.first(count)));
      rest = rest.subspan(count);
    }
  }
  return {};
}

Position TailView::seek(const PostingList& list, Position at_least) const {
  for (const auto& segment : segments) {
    const Position found = segment->seek(list, at_least);
    if (found != kNoPosting) return found;
  }
  return kNoPosting;
}

Position TailView::seek_back(const PostingList& list, Position at_most) const {
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    const Position found = (*segment)->seek_back(list, at_most);
    if (found.value != 0) return found;
  }
  return {};
}

TailIndex::TailIndex(const IndexNote& note, std::uint64_t events_max) : events_max_(events_max) {
  auto view = std::make_shared<TailView>(TailView{note.upto, {}});
  if (note.in_step()) open_ = view->segments.emplace_back(std::make_shared<TailSegment>(note));
  view_ = std::move(view);
}

void TailIndex::add(const BatchEntries& entries, std::size_t events) {
  const std::lock_guard lock(mutex_);
  if (!open_) {
    auto grown = std::make_shared<TailView>(*view_);
    auto segment = std::make_shared<TailSegment>(grown->last());
    grown->segments.push_back(segment);
    view_ = std::move(grown);
    open_ = std::move(segment);
  }
  open_->add(entries, events);
  if (open_->complete()) open_.reset();
}

TailPtr TailIndex::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

void TailIndex::truncate(Position last) {
  const std::lock_guard lock(mutex_);
  auto left = std::make_shared<TailView>(*view_);
  while (!left->segments.empty() && left->segments.back()->floor() >= last) {
    left->segments.pop_back();
  }
  if (!left->segments.empty()) left->segments.back()->truncate(last);
  view_ = std::move(left);
  open_.reset();
}

Status TailIndex::admit() const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t events = view_->last().value - view_->indexed_upto.value;
  if (events < events_max_) return {};
  if (failure_) return *failure_;
  return Error{
      Code::kOverloaded, "append.index_behind",
      std::to_string(events) + " events are not in the stored index yet; try again shortly"};
}

Status TailIndex::health() const {
  const std::lock_guard lock(mutex_);
  if (failure_) return *failure_;
  return {};
}

bool TailIndex::writable(Position durable, bool partly) const {
  if (failure_ || view_->segments.empty()) return false;
  const auto& first = view_->segments.front();
  return first->last() <= durable && (partly || first != open_);
}

bool TailIndex::has_next(Position durable, bool partly) const {
  const std::lock_guard lock(mutex_);
  return writable(durable, partly);
}

std::shared_ptr<const TailSegment> TailIndex::next(Position durable, bool partly) {
  const std::lock_guard lock(mutex_);
  if (!writable(durable, partly)) return nullptr;
  const auto& first = view_->segments.front();
  if (first == open_) open_.reset();
  return first;
}

void TailIndex::drop_first() {
  const std::lock_guard lock(mutex_);
  auto left = std::make_shared<TailView>();
  left->indexed_upto = view_->segments.front()->last();
  left->segments.assign(view_->segments.begin() + 1, view_->segments.end());
  view_ = std::move(left);
}

void TailIndex::fail(const Error& cause) {
  const std::lock_guard lock(mutex_);
  failure_ = Error{Code::kNotReady, "storage.index",
                   "the index cannot be written, so appends end when " +
                       std::to_string(events_max_) + " events are not in it: " + cause.message +
                       "; repair the cause, then restart the server"};
}

}  // namespace opsledger::rocks
