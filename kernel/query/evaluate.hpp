// Whether a row passes a filter, in SQL's three-valued logic.
#pragma once

#include "kernel/query/row_context.hpp"

namespace opsledger {

enum class Truth { kFalse, kNull, kTrue };

/// Pure but for the context's cache. Only kTrue passes.
Truth evaluate(const BoundNode& node, RowContext& row);

}  // namespace opsledger
