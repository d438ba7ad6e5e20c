// Reading tables: PostgREST's grammar over the row schema, at head or as of a position.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/projection/projection_engine.hpp"

namespace opsledger {

/// Decoded query-string pairs in order, `as_of`, `as_shown`, `min_position` already taken out.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

struct TablePage {
  std::string json;                     ///< JSON array of rows
  std::uint64_t rows = 0, offset = 0;
  std::optional<std::uint64_t> total;   ///< when counted
  Position as_of{};
  std::string generation;
};

/// Runs one read. Uses a head index or the key range where the filter allows, else scans with a
/// bound on rows looked at. Rows show `key` and every field of the row schema; the pseudo column
/// `_position` may be selected, filtered and ordered by. Errors: kUnsupported `query.unsupported`
/// (outside the subset, says what), kInvalid `query.invalid` (column, operator or value wrong).
Result<TablePage> read_table(const TableSnapshot& snapshot, const QueryParameters& parameters,
                             bool count_exact);
/// One row as a JSON object; kNotFound `entity.not_found`.
Result<std::string> read_row(const TableSnapshot& snapshot, std::string_view key);
/// JSON array: each version with position, recorded_at, time, actor, type and the row (or null
/// when erased): the events that made it.
Result<std::string> read_history(const TableSnapshot& snapshot, const Ledger& ledger,
                                 std::string_view key);
/// `{"added":[…],"changed":[{"key","from":{…},"to":{…}}],"removed":[…]}` between two positions.
Result<std::string> diff_table(const TableSnapshot& snapshot, Position from, Position to);

}  // namespace opsledger
