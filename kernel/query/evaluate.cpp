#include "kernel/query/evaluate.hpp"

#include <algorithm>

namespace opsledger {
namespace {

Truth truth(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

Truth negate(Truth value) {
  return value == Truth::kNull ? value : truth(value == Truth::kFalse);
}

bool compare(FilterOperator op, BytesView row_key, BytesView key) {
  const int order = row_key.compare(key);
  switch (op) {
    case FilterOperator::kEq:
      return order == 0;
    case FilterOperator::kNeq:
      return order != 0;
    case FilterOperator::kGt:
      return order > 0;
    case FilterOperator::kGte:
      return order >= 0;
    case FilterOperator::kLt:
      return order < 0;
    default:
      return order <= 0;
  }
}

/// `is` is never null. The column key of a bool ends in its byte.
bool is_value(const BoundTest& test, RowContext& row) {
  const bool null = row.is_null(test.column);
  switch (test.is) {
    case IsValue::kNull:
    case IsValue::kUnknown:
      return null;
    case IsValue::kNotNull:
      return !null;
    case IsValue::kTrue:
      return !null && row.column_key(test.column).back() == 1;
    case IsValue::kFalse:
      return !null && row.column_key(test.column).back() == 0;
  }
  return false;
}

bool contains_all(const BoundTest& test, const RowContext& row) {
  auto found = row.element_keys(test.column);
  std::sort(found.begin(), found.end());
  return std::includes(found.begin(), found.end(), test.keys.begin(), test.keys.end());
}

Truth evaluate_test(const BoundTest& test, RowContext& row) {
  if (test.op == FilterOperator::kIs) return truth(is_value(test, row));
  // x IN () is false even for null, as in PostgreSQL's = ANY of an empty array
  if (test.op == FilterOperator::kIn && test.keys.empty()) return Truth::kFalse;
  if (row.is_null(test.column)) return Truth::kNull;
  switch (test.op) {
    case FilterOperator::kIn: {
      const auto key = row.column_key(test.column);
      return truth(std::binary_search(test.keys.begin(), test.keys.end(), key));
    }
    case FilterOperator::kCs:
      return truth(contains_all(test, row));
    case FilterOperator::kLike:
    case FilterOperator::kIlike:
      return truth(test.like->matches(row.text(test.column)));
    default:
      return truth(compare(test.op, row.column_key(test.column), test.key));
  }
}

Truth evaluate_children(const BoundNode& node, RowContext& row) {
  const Truth decisive = node.kind == FilterNode::Kind::kAnd ? Truth::kFalse : Truth::kTrue;
  Truth result = negate(decisive);
  for (const auto& child : node.children) {
    const Truth value = evaluate(child, row);
    if (value == decisive) return value;
    if (value == Truth::kNull) result = value;
  }
  return result;
}

}  // namespace

Truth evaluate(const BoundNode& node, RowContext& row) {
  const Truth value = node.kind == FilterNode::Kind::kTest ? evaluate_test(node.test, row)
                                                           : evaluate_children(node, row);
  return node.negated ? negate(value) : value;
}

}  // namespace opsledger
