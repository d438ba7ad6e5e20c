// Scans over one generation. Each sees the generation as it was when the cursor was made.
#pragma once

#include <rocksdb/slice.h>

#include <memory>

#include "storage/api/table_store.hpp"
#include "storage/rocksdb/table_generation.hpp"

namespace opsledger::rocks {

/// The newest version at or before `as_of` of a run that begins at or before it; its key is left
/// empty.
Result<RowVersion> version_of_run(const rocksdb::Slice& key, const rocksdb::Slice& value,
                                  Position as_of);

std::unique_ptr<RowCursor> make_head_cursor(std::shared_ptr<TableFamily> family,
                                            std::uint32_t table, const KeyRange& range,
                                            bool backward);
std::unique_ptr<RowCursor> make_as_of_cursor(std::shared_ptr<TableFamily> family,
                                             std::uint32_t table, const KeyRange& range,
                                             Position as_of, bool backward);
std::unique_ptr<RowCursor> make_index_cursor(std::shared_ptr<TableFamily> family,
                                             std::uint32_t table, std::uint32_t index,
                                             const KeyRange& range, bool backward);

}  // namespace opsledger::rocks
