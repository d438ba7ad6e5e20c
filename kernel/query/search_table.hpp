// Finding rows of a table by words of their key and their search columns.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/projection/projection_engine.hpp"
#include "kernel/query/row_context.hpp"

namespace opsledger {

struct SearchHit {
  std::string key;
  std::string title;    ///< the first search column that is not empty
  Position position{};  ///< of the row's last change
  bool exact = false;   ///< the question is the key itself
};

/// What a table gave.
struct SearchHits {
  std::vector<SearchHit> hits;  ///< exact ones first, then the newest change first
  bool complete = true;         ///< false: more rows match than were looked at
};

/// Head rows that have every word of `question` (search_terms.hpp) and are `visible`, at most
/// `limit`. The cost grows with the rows that have the question's rarest word, of which at most
/// query_limits::kSearchRowsMax are looked at. Nothing when the table is not searchable or the
/// question has no word. Errors: kCorrupt; what `visible` returns.
Result<SearchHits> search_table(const TableSnapshot& snapshot, std::string_view question,
                                std::size_t limit,
                                const std::function<Result<bool>(RowContext&)>& visible);

}  // namespace opsledger
