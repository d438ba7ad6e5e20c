// Names and writes of table stores: what is refused everywhere.
#pragma once

#include <string_view>

#include "storage/api/table_store.hpp"

namespace opsledger {

/// Errors: kInvalid `generation.name` unless `name` is 1 to 200 bytes of [a-z0-9_.@-].
Status check_generation_name(std::string_view name);

/// Errors: kInvalid `row.key` for an empty key; kInvalid `row.index` for an erased row that adds
/// index entries.
Status check_row_write(const RowWrite& write);

}  // namespace opsledger
