// Reading tables: PostgREST's grammar over the row schema, at head or as of a position.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/projection/projection_engine.hpp"
#include "kernel/query/row_filter.hpp"

namespace opsledger {

/// Decoded query-string pairs in order, `as_of`, `as_shown`, `min_position` already taken out.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

struct TablePage {
  std::string json;  ///< JSON array of rows
  std::uint64_t rows = 0, offset = 0;
  std::optional<std::uint64_t> total;  ///< when counted
  Position as_of{};
  std::string generation;
};

/// In all of these a `filter` leaves out what the reader may not see, as if it were not there;
/// null: everything is seen.

/// Runs one read. Uses a head index or the key range where the filter allows, else scans with a
/// bound on rows looked at. Rows show `key` and every field of the row schema; the pseudo column
/// `_position` may be selected, filtered and ordered by. Errors: kUnsupported `query.unsupported`
/// (outside the subset, says what), kInvalid `query.invalid` (column, operator or value wrong),
/// kMalformed `query.malformed` (not the grammar), kTooLarge `query.too_large` (a bound of
/// limits.hpp, says which). `limit` defaults to and is cut to query_limits::kLimitMax.
Result<TablePage> read_table(const TableSnapshot& snapshot, const QueryParameters& parameters,
                             bool count_exact, RowFilter* filter = nullptr);
/// One row as a JSON object; kNotFound `entity.not_found`.
Result<std::string> read_row(const TableSnapshot& snapshot, std::string_view key,
                             RowFilter* filter = nullptr);
/// JSON array: each version up to the snapshot's position with position, recorded_at, time, actor,
/// type, event_id, module, department, correlation, causation_position, reason (where there are
/// any), generation, erased and the row (null when erased): the events that made it. kNotFound.
Result<std::string> read_history(const TableSnapshot& snapshot, const Ledger& ledger,
                                 std::string_view key, RowFilter* filter = nullptr);
/// `to` = kHead or beyond what is built: the newest. kInvalid when `from` is after `to`; kTooLarge.
/// `{"from":P,"to":Q,"generation":"…","added":[…],"changed":[…],"removed":[…]}` between two
/// positions; a change is `{"key","position":N,"from":{…},"to":{…}}`.
Result<std::string> diff_table(const TableSnapshot& snapshot, Position from, Position to,
                               RowFilter* filter = nullptr);

}  // namespace opsledger
