// Queries and append conditions: the Dynamic Consistency Boundary (dcb.events).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger {

/// Matches an event that has ANY of `types` (none listed = any type) AND ALL of `tags`.
/// Matching is exact, byte by byte. An item without types and tags is refused.
struct QueryItem {
  std::vector<std::string> types;
  std::vector<std::string> tags;
};

/// OR of items. No items = every event (in a read; a condition refuses it).
struct Query {
  std::vector<QueryItem> items;
  bool everything() const { return items.empty(); }
};

/// "Fail if an event after `after` matches." `after` is exclusive; 0 = the whole log; it may lie
/// beyond the last match and even beyond the head.
struct AppendCondition {
  Query query;
  Position after{};
};

}  // namespace opsledger
