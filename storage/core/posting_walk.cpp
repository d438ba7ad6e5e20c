#include "storage/core/posting_walk.hpp"

#include <algorithm>

namespace opsledger {
namespace {

std::vector<PostingList> hashed(std::vector<std::string> texts, PostingKind kind,
                                TagHashFunction hash) {
  std::sort(texts.begin(), texts.end());
  std::vector<PostingList> lists;
  for (const auto& text : texts) {
    const PostingList list{kind, hash(text)};
    if (std::find(lists.begin(), lists.end(), list) == lists.end()) lists.push_back(list);
  }
  return lists;
}

}  // namespace

ItemLists lists_of(const QueryItem& item, TagHashFunction hash) {
  return {hashed(item.tags, PostingKind::kTag, hash), hashed(item.types, PostingKind::kType, hash)};
}

ItemWalk::ItemWalk(ItemLists lists, Position after)
    : lists_(std::move(lists)), wanted_(after == kNoPosting ? kNoPosting : after.next()) {
  OPS_ASSERT(list_count() > 0);
}

Result<Position> ItemWalk::seek(PostingSource& source) {
  if (list_ < lists_.tags.size()) return source.seek(lists_.tags[list_], wanted_);
  Position first = kNoPosting;
  for (const auto& type : lists_.types) {
    OPS_TRY_ASSIGN(const Position found, source.seek(type, wanted_));
    first = std::min(first, found);
  }
  return first;
}

Result<std::optional<Position>> ItemWalk::next(PostingSource& source, std::uint64_t steps_max) {
  if (agreed_ == list_count()) {  // go on after the last candidate
    wanted_ = wanted_.next();
    agreed_ = 0;
  }
  while (agreed_ < list_count()) {
    OPS_TRY_ASSIGN(const Position found, seek(source));
    if (found == kNoPosting) return std::optional(kNoPosting);
    if (steps_ == steps_max) return std::optional<Position>();
    ++steps_;
    agreed_ = found == wanted_ ? agreed_ + 1 : 1;
    wanted_ = found;
    list_ = (list_ + 1) % list_count();
  }
  return std::optional(wanted_);
}

ConditionWalk::ConditionWalk(const AppendCondition& condition, TagHashFunction hash,
                             std::uint64_t condition_steps_max)
    : steps_max_(condition_steps_max) {
  OPS_ASSERT(!condition.query.items.empty());
  for (const auto& item : condition.query.items) {
    items_.push_back({&item, ItemWalk(lists_of(item, hash), condition.after)});
  }
}

Result<bool> ConditionWalk::advance(PostingSource& source, const Recheck& recheck) {
  const std::uint64_t share = steps_max_ / items_.size();
  for (auto& [item, walk, exhausted] : items_) {
    while (!exhausted) {
      OPS_TRY_ASSIGN(const auto candidate, walk.next(source, share));
      exhausted = !candidate;
      if (exhausted || *candidate == kNoPosting) break;
      OPS_TRY_ASSIGN(const bool matched, recheck(*item, *candidate));
      if (matched) return true;
    }
  }
  return false;
}

Status ConditionWalk::finish() const {
  const bool too_broad =
      std::any_of(items_.begin(), items_.end(), [](const Item& item) { return item.exhausted; });
  if (too_broad) return too_broad_error(steps_max_);
  return {};
}

}  // namespace opsledger
