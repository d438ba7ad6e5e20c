// A table read whose names, operators and values have been checked against the table's columns.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/projection/table_shape.hpp"
#include "kernel/query/like_pattern.hpp"
#include "kernel/query/query_ast.hpp"

namespace opsledger {

/// A column of the row, the row key, or the position of the row version.
struct ColumnRef {
  enum class Kind { kField, kKey, kPosition };
  Kind kind = Kind::kKey;
  std::uint32_t field = 0;         ///< kField
  const TypeNode* type = nullptr;  ///< kField; lives as long as the shape

  friend bool operator==(const ColumnRef& a, const ColumnRef& b) {
    return a.kind == b.kind && a.field == b.field;
  }
};

/// `is.` what.
enum class IsValue { kNull, kNotNull, kTrue, kFalse, kUnknown };

struct BoundTest {
  ColumnRef column;
  FilterOperator op{};
  Bytes key;                       ///< comparisons: column key of the value
  std::vector<Bytes> keys;         ///< kIn: sorted; kCs: element keys
  std::string text;                ///< comparisons of the row key: the value itself
  std::vector<std::string> texts;  ///< kIn of the row key: sorted
  std::optional<LikePattern> like;
  IsValue is{};
};

struct BoundNode {
  FilterNode::Kind kind = FilterNode::Kind::kAnd;
  bool negated = false;
  std::vector<BoundNode> children;
  BoundTest test;
};

struct OutputColumn {
  std::string json_key;  ///< `,"alias":`
  ColumnRef column;      ///< nothing for count()
  bool counts_rows = false;
  Aggregate aggregate = Aggregate::kNone;
};

struct BoundOrder {
  ColumnRef column;
  bool descending = false;
  bool nulls_first = false;
};

struct BoundQuery {
  std::shared_ptr<const TableShape> shape;
  BoundNode where;
  bool all_columns = false;  ///< the whole row, key first
  bool aggregated = false;
  std::vector<OutputColumn> output;  ///< never empty
  std::vector<BoundOrder> order;
  std::uint64_t limit = 0, offset = 0;
};

/// Pure. Errors: kInvalid `query.invalid` naming parameter, value and type; kUnsupported.
Result<BoundQuery> bind_query(const ParsedQuery& parsed, std::shared_ptr<const TableShape> shape);

/// The column called `name`. Errors: kInvalid listing the columns there are.
Result<ColumnRef> find_column(const TableShape& shape, std::string_view name,
                              std::string_view parameter);

/// `kBool` ... as text for errors.
std::string column_type_name(const ColumnRef& column);

/// Every column as `select=*` shows it: the key first, then the row's fields.
std::vector<OutputColumn> whole_row(const TableShape& shape);

}  // namespace opsledger
