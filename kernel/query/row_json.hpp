// Rows as JSON objects.
#pragma once

#include <string>

#include "kernel/query/row_context.hpp"

namespace opsledger {

/// The given columns (BoundQuery::output, or whole_row) of a row. Precondition: at least one.
/// Errors: kCorrupt.
Status append_columns(const std::vector<OutputColumn>& columns, const RowContext& row,
                      std::string* out);

}  // namespace opsledger
