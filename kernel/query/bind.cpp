#include <algorithm>
#include <set>

#include "kernel/projection/column_key.hpp"
#include "kernel/query/bound_query.hpp"
#include "kernel/query/limits.hpp"
#include "kernel/query/literal.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/schema/json_text.hpp"

namespace opsledger {
namespace {

using Kind = TypeNode::Kind;
constexpr std::string_view kPositionColumn = "_position";

bool is_text(const ColumnRef& column) {
  return column.kind == ColumnRef::Kind::kKey ||
         (column.kind == ColumnRef::Kind::kField && inner_type(*column.type).kind == Kind::kString);
}

bool is_list(const ColumnRef& column) {
  return column.kind == ColumnRef::Kind::kField && inner_type(*column.type).kind == Kind::kList;
}

bool has_order(const ColumnRef& column) {
  return column.kind != ColumnRef::Kind::kField || has_column_key(*column.type);
}

Status bind_is(const FilterNode& node, BoundTest& test) {
  static constexpr std::pair<std::string_view, IsValue> kValues[] = {
      {"null", IsValue::kNull},   {"not_null", IsValue::kNotNull}, {"true", IsValue::kTrue},
      {"false", IsValue::kFalse}, {"unknown", IsValue::kUnknown},
  };
  for (const auto& [name, value] : kValues) {
    if (node.value != name) continue;
    test.is = value;
    const bool logical = value != IsValue::kNull && value != IsValue::kNotNull;
    const bool is_bool = test.column.kind == ColumnRef::Kind::kField &&
                         inner_type(*test.column.type).kind == Kind::kBool;
    if (logical && !is_bool) {
      return query_invalid(node.column, "is." + node.value + " needs a bool, the column is a " +
                                            column_type_name(test.column));
    }
    return {};
  }
  return query_invalid(node.column,
                       "is takes null, not_null, true, false or unknown, got '" + node.value + "'");
}

Status bind_list(const FilterNode& node, BoundTest& test) {
  if (node.op == FilterOperator::kCs && !is_list(test.column)) {
    return query_unsupported(node.column,
                             "cs needs a list, the column is a " + column_type_name(test.column));
  }
  for (const auto& value : node.list) {
    OPS_TRY_ASSIGN(auto key,
                   node.op == FilterOperator::kIn
                       ? literal_key(test.column, node.column, value)
                       : literal_key(*inner_type(*test.column.type).element, node.column, value));
    test.keys.push_back(std::move(key));
  }
  test.texts = node.list;
  for (auto* list : {&test.keys, &test.texts}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return {};
}

Status bind_value(const FilterNode& node, BoundTest& test) {
  switch (node.op) {
    case FilterOperator::kIs:
      return bind_is(node, test);
    case FilterOperator::kIn:
    case FilterOperator::kCs:
      return bind_list(node, test);
    case FilterOperator::kLike:
    case FilterOperator::kIlike: {
      if (!is_text(test.column)) {
        return query_invalid(
            node.column, "like needs a string, the column is a " + column_type_name(test.column));
      }
      OPS_TRY_ASSIGN(test.like, LikePattern::parse(node.value, node.op == FilterOperator::kIlike,
                                                   node.column));
      return {};
    }
    default:
      break;
  }
  OPS_TRY_ASSIGN(test.key, literal_key(test.column, node.column, node.value));
  test.text = node.value;
  return {};
}

Result<BoundNode> bind_filter(const TableShape& shape, const FilterNode& node) {
  BoundNode bound;
  bound.kind = node.kind;
  bound.negated = node.negated;
  for (const auto& child : node.children) {
    OPS_TRY_ASSIGN(auto bound_child, bind_filter(shape, child));
    bound.children.push_back(std::move(bound_child));
  }
  if (node.kind != FilterNode::Kind::kTest) return bound;
  OPS_TRY_ASSIGN(bound.test.column, find_column(shape, node.column, node.column));
  bound.test.op = node.op;
  OPS_TRY(bind_value(node, bound.test));
  return bound;
}

std::string json_key(std::string_view name) {
  std::string key = ",";
  append_json_string(name, &key);
  return key += ':';
}

Status check_aggregate(const SelectItem& item, const ColumnRef& column) {
  const auto kind = column.kind == ColumnRef::Kind::kField ? inner_type(*column.type).kind
                    : column.kind == ColumnRef::Kind::kKey ? Kind::kString
                                                           : Kind::kU64;
  const bool number =
      (kind >= Kind::kI8 && kind <= Kind::kF64) || kind == Kind::kDecimal || kind == Kind::kMoney;
  const bool adds = item.aggregate == Aggregate::kSum || item.aggregate == Aggregate::kAvg;
  if (adds && !number) {
    return query_invalid("select", "sum() and avg() need numbers, '" + item.column + "' is a " +
                                       column_type_name(column));
  }
  const bool compares = item.aggregate == Aggregate::kMin || item.aggregate == Aggregate::kMax;
  if (compares && !has_order(column)) {
    return query_invalid("select", "min() and max() need an order, '" + item.column + "' is a " +
                                       column_type_name(column));
  }
  return {};
}

Status bind_select_item(const TableShape& shape, const SelectItem& item, BoundQuery& query) {
  if (item.all) {
    for (auto& column : whole_row(shape)) query.output.push_back(std::move(column));
    return {};
  }
  OutputColumn output;
  output.json_key = json_key(item.alias);
  output.aggregate = item.aggregate;
  output.counts_rows = item.column.empty();
  if (!output.counts_rows) {
    OPS_TRY_ASSIGN(output.column, find_column(shape, item.column, "select"));
    OPS_TRY(check_aggregate(item, output.column));
  }
  query.aggregated = query.aggregated || item.aggregate != Aggregate::kNone;
  query.output.push_back(std::move(output));
  return {};
}

Status check_groups(const BoundQuery& query) {
  for (const auto& output : query.output) {
    if (output.aggregate == Aggregate::kNone && !has_order(output.column)) {
      return query_unsupported(
          "select", "grouping by a " + column_type_name(output.column) + " is not supported");
    }
  }
  for (const auto& term : query.order) {
    const bool grouped =
        std::any_of(query.output.begin(), query.output.end(), [&](const OutputColumn& output) {
          return output.aggregate == Aggregate::kNone && output.column == term.column;
        });
    if (!grouped) {
      return query_unsupported("order",
                               "with aggregates, only columns that are selected beside "
                               "them can be ordered by");
    }
  }
  return {};
}

Status bind_select(const TableShape& shape, const ParsedQuery& parsed, BoundQuery& query) {
  query.all_columns = parsed.select.empty() || (parsed.select.size() == 1 && parsed.select[0].all);
  if (parsed.select.empty()) query.output = whole_row(shape);
  for (const auto& item : parsed.select) OPS_TRY(bind_select_item(shape, item, query));
  std::set<std::string_view> names;
  for (const auto& output : query.output) {
    if (names.insert(output.json_key).second) continue;
    return query_invalid("select", "two columns are called " +
                                       output.json_key.substr(1, output.json_key.size() - 2) +
                                       "; rename one as alias:column");
  }
  return {};
}

}  // namespace

std::string column_type_name(const ColumnRef& column) {
  if (column.kind == ColumnRef::Kind::kKey) return "string";
  return column.kind == ColumnRef::Kind::kPosition ? "position" : describe(*column.type);
}

Result<ColumnRef> find_column(const TableShape& shape, std::string_view name,
                              std::string_view parameter) {
  if (name == shape.key_column && shape.shows_key()) return ColumnRef{};
  if (const auto field = shape.field(name)) {
    return ColumnRef{ColumnRef::Kind::kField, *field, shape.fields()[*field].type.get()};
  }
  if (name == kPositionColumn) return ColumnRef{ColumnRef::Kind::kPosition};
  std::string known;
  for (const auto& output : whole_row(shape)) {
    known += output.json_key.substr(2, output.json_key.size() - 4) + ", ";
  }
  return query_invalid(parameter, "table " + shape.name + " has no column '" + std::string(name) +
                                      "'; it has " + known + std::string(kPositionColumn));
}

std::vector<OutputColumn> whole_row(const TableShape& shape) {
  std::vector<OutputColumn> columns;
  if (shape.shows_key()) columns.push_back({json_key(shape.key_column), ColumnRef{}});
  const auto& fields = shape.fields();
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    if (shape.shows_key() && fields[i].name == shape.key_column) continue;
    columns.push_back(
        {json_key(fields[i].name), ColumnRef{ColumnRef::Kind::kField, i, fields[i].type.get()}});
  }
  return columns;
}

Result<BoundQuery> bind_query(const ParsedQuery& parsed, std::shared_ptr<const TableShape> shape) {
  BoundQuery query;
  query.shape = shape;
  query.limit =
      std::min(parsed.limit.value_or(query_limits::kLimitDefault), query_limits::kLimitMax);
  query.offset = parsed.offset;
  OPS_TRY_ASSIGN(query.where, bind_filter(*shape, parsed.where));
  for (const auto& term : parsed.order) {
    OPS_TRY_ASSIGN(auto column, find_column(*shape, term.column, "order"));
    if (!has_order(column)) {
      return query_unsupported("order", "'" + term.column + "' is a " + column_type_name(column) +
                                            ", which has no order");
    }
    query.order.push_back({column, term.descending, term.nulls_first});
  }
  OPS_TRY(bind_select(*shape, parsed, query));
  if (query.aggregated) OPS_TRY(check_groups(query));
  return query;
}

}  // namespace opsledger
