// A table read as it was asked: parsed, not yet compared with the table's columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

enum class FilterOperator { kEq, kNeq, kGt, kGte, kLt, kLte, kLike, kIlike, kIn, kIs, kCs };

/// One test of a column, or AND / OR of others.
struct FilterNode {
  enum class Kind { kAnd, kOr, kTest };
  Kind kind = Kind::kAnd;
  bool negated = false;
  std::vector<FilterNode> children;  ///< kAnd, kOr
  std::string column;                ///< kTest
  FilterOperator op{};
  std::string value;              ///< kTest, except kIn and kCs
  std::vector<std::string> list;  ///< kIn, kCs
};

enum class Aggregate { kNone, kSum, kAvg, kMin, kMax, kCount };

struct SelectItem {
  bool all = false;    ///< `*`
  std::string column;  ///< empty for `count()`
  std::string alias;   ///< never empty, except for `*`
  Aggregate aggregate = Aggregate::kNone;
};

struct OrderTerm {
  std::string column;
  bool descending = false;
  bool nulls_first = false;  ///< default as in PostgreSQL: nulls are larger than everything
};

struct ParsedQuery {
  FilterNode where;                ///< kAnd of all parameters
  std::vector<SelectItem> select;  ///< empty = `*`
  std::vector<OrderTerm> order;
  std::optional<std::uint64_t> limit;
  std::uint64_t offset = 0;
};

/// Pure. Errors: kMalformed, kUnsupported, kTooLarge (kernel/query/limits.hpp).
Result<ParsedQuery> parse_query(const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace opsledger
