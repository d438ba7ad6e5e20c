// How to reach the rows of a query: by key, by key range, by a head index, or all of them.
#pragma once

#include <vector>

#include "kernel/query/bound_query.hpp"
#include "storage/api/table_store.hpp"

namespace opsledger {

/// The filter is always evaluated on what a plan yields; a plan only leaves out rows that cannot
/// pass.
struct Plan {
  enum class Kind { kKeys, kScan, kIndex };
  Kind kind = Kind::kScan;
  std::vector<Bytes> keys;       ///< kKeys: ascending, once each; already reversed when backward
  std::vector<KeyRange> ranges;  ///< kScan: at most one (none = no row can pass); kIndex: in order
  std::uint32_t index = 0;       ///< kIndex: index number
  bool backward = false;
  bool ordered = false;  ///< rows come in the order the query asks for
};

/// Pure. Head indexes are used when `at_head`. Preference: keys, key range, eq/in on an index, the
/// order of an index, a range of an index, everything in key order.
Plan make_plan(const BoundQuery& query, bool at_head);

/// Whether ties are broken by descending keys: they follow the last order term, so that an index
/// read backwards and a sort agree. Without an order, rows come in ascending key order.
bool ties_descend(const BoundQuery& query);

}  // namespace opsledger
