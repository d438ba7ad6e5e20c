#include "storage/core/match.hpp"

#include <algorithm>

namespace opsledger {

bool matches(const QueryItem& item, const EventView& event) {
  const auto has_type = [&](const std::string& type) { return event.type == type; };
  const auto has_tag = [&](const std::string& tag) { return event.has_tag(tag); };
  return (item.types.empty() || std::any_of(item.types.begin(), item.types.end(), has_type)) &&
         std::all_of(item.tags.begin(), item.tags.end(), has_tag);
}

bool matches(const Query& query, const EventView& event) {
  const auto matches_event = [&](const QueryItem& item) { return matches(item, event); };
  return query.everything() || std::any_of(query.items.begin(), query.items.end(), matches_event);
}

}  // namespace opsledger
