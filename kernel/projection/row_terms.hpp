// The terms that a row is found by: of its key and of the columns its table names for search.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kernel/projection/table_shape.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Sorted, each once, at most kSearchTermsMax for the key and for each column; none when the table
/// is not searchable. `values` = bytes of each field, as `split_fields` cuts them.
std::vector<std::string> row_terms(const TableShape& shape, BytesView key,
                                   std::span<const BytesView> values);

/// The text of a text field's bytes; empty when it is null.
BytesView text_of_field(const TypeNode& type, BytesView value);

}  // namespace opsledger
