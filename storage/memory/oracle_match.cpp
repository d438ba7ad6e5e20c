#include "storage/memory/oracle_match.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace opsledger::oracle {
namespace {

using PostingList = std::set<std::uint64_t>;

bool item_selects(const QueryItem& item, const EventView& event) {
  bool selected = item.types.empty();
  for (const auto& type : item.types) selected = selected || event.type == type;
  if (!selected || item.tags.empty()) return selected;
  const auto present = event.tags();
  for (const auto& wanted : item.tags) {
    if (std::find(present.begin(), present.end(), wanted) == present.end()) return false;
  }
  return true;
}

/// One list per distinct tag in ascending order, then one for all types together.
std::vector<PostingList> posting_lists(const QueryItem& item, std::uint64_t after,
                                       std::uint64_t last, const EventAt& event_at) {
  const std::set<std::string> tags(item.tags.begin(), item.tags.end());
  std::vector<PostingList> lists;
  for (const auto& tag : tags) {
    auto& list = lists.emplace_back();
    for (std::uint64_t p = after + 1; p <= last; ++p) {
      if (item_selects({{}, {tag}}, event_at(p))) list.insert(p);
    }
  }
  if (item.types.empty()) return lists;
  auto& list = lists.emplace_back();
  for (std::uint64_t p = after + 1; p <= last; ++p) {
    if (item_selects({item.types, {}}, event_at(p))) list.insert(p);
  }
  return lists;
}

ItemVerdict leapfrog(const std::vector<PostingList>& lists, std::uint64_t after,
                     std::uint64_t steps_max) {
  std::uint64_t wanted = after + 1;
  std::size_t agreed = 0;
  std::uint64_t steps = 0;
  for (std::size_t i = 0; agreed < lists.size(); i = (i + 1) % lists.size()) {
    const auto found = lists[i].lower_bound(wanted);
    if (found == lists[i].end()) return ItemVerdict::kNoMatch;
    if (++steps > steps_max) return ItemVerdict::kTooBroad;
    agreed = *found == wanted ? agreed + 1 : 1;
    wanted = *found;
  }
  return ItemVerdict::kMatch;
}

}  // namespace

bool query_selects(const Query& query, const EventView& event) {
  if (query.items.empty()) return true;
  for (const auto& item : query.items) {
    if (item_selects(item, event)) return true;
  }
  return false;
}

ItemVerdict judge_item(const QueryItem& item, std::uint64_t after, std::uint64_t last,
                       std::uint64_t steps_max, const EventAt& event_at) {
  // A walk has at most one step per list and position: short logs need no counting.
  const std::uint64_t lists_max = item.tags.size() + 1;
  const std::uint64_t positions = last > after ? last - after : 0;
  if (positions > steps_max / lists_max) {
    return leapfrog(posting_lists(item, after, last, event_at), after, steps_max);
  }
  for (std::uint64_t p = after + 1; p <= last; ++p) {
    if (item_selects(item, event_at(p))) return ItemVerdict::kMatch;
  }
  return ItemVerdict::kNoMatch;
}

}  // namespace opsledger::oracle
