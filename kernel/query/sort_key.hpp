// One byte string per row that memcmp puts into the order the query asks for.
#pragma once

#include "kernel/query/row_context.hpp"

namespace opsledger {

/// Appends the order terms' column keys (complemented where descending, nulls moved to their side),
/// then the row key as tie-break. The result is unique per row.
void append_sort_key(const BoundQuery& query, RowContext& row, Bytes* out);
/// The order terms alone.
void append_order_key(const BoundQuery& query, RowContext& row, Bytes* out);

}  // namespace opsledger
