// Exact matching of one event, byte by byte: what the hashed indexes' candidates are checked with.
#pragma once

#include "storage/api/event.hpp"
#include "storage/api/query.hpp"

namespace opsledger {

/// True when `event` has any of the item's types (none listed = any) and all of its tags.
bool matches(const QueryItem& item, const EventView& event);

/// True when any item matches; a query without items matches everything.
bool matches(const Query& query, const EventView& event);

}  // namespace opsledger
