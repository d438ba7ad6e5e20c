// The oracle's own idea of what matches, shared with no other backend.
#pragma once

#include <functional>

#include "storage/api/event.hpp"
#include "storage/api/query.hpp"

namespace opsledger::oracle {

/// Does any item have one of its types (or none listed) and all of its tags on `event`?
bool query_selects(const Query& query, const EventView& event);

/// The event at a position from 1 to the log's end.
using EventAt = std::function<const EventView&(std::uint64_t position)>;

enum class ItemVerdict { kMatch, kNoMatch, kTooBroad };

/// The verdict of one condition item over the events after `after` up to `last`, by scanning.
/// kTooBroad when leapfrogging over the item's posting lists (storage/FORMAT.md §8) would need
/// more than `steps_max` steps.
ItemVerdict judge_item(const QueryItem& item, std::uint64_t after, std::uint64_t last,
                       std::uint64_t steps_max, const EventAt& event_at);

}  // namespace opsledger::oracle
