// PostgREST's filters: `age=gte.18`, `or=(a.eq.1,not.and(b.is.null,c.in.(1,"x,y")))`.
#pragma once

#include <string_view>

#include "kernel/query/query_ast.hpp"

namespace opsledger {

/// Parses filters and counts them against the limits. One use per query, one thread.
class FilterParser {
 public:
  /// The value of a column's parameter: `not.eq.5`.
  Result<FilterNode> column_filter(std::string_view column, std::string_view text);
  /// The value of `or`, `and`, `not.or`, `not.and`: `(…)`.
  Result<FilterNode> logic_filter(std::string_view parameter, std::string_view text);

 private:
  std::size_t nodes_ = 0;
};

/// A column name at the front of `text` up to one of `stops`; quoted names are unquoted.
/// Errors: kMalformed; kUnsupported for JSON paths (`->`).
class Scanner;
Result<std::string> parse_column_name(Scanner& in, std::string_view parameter,
                                      std::string_view stops);

}  // namespace opsledger
