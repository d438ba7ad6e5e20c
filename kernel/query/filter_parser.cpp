#include "kernel/query/filter_parser.hpp"

#include <array>

#include "kernel/query/limits.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/query/scanner.hpp"

namespace opsledger {
namespace {

struct OperatorName {
  std::string_view name;
  FilterOperator op;
};
constexpr std::array<OperatorName, 11> kOperators = {{{"eq", FilterOperator::kEq},
                                                      {"neq", FilterOperator::kNeq},
                                                      {"gt", FilterOperator::kGt},
                                                      {"gte", FilterOperator::kGte},
                                                      {"lt", FilterOperator::kLt},
                                                      {"lte", FilterOperator::kLte},
                                                      {"like", FilterOperator::kLike},
                                                      {"ilike", FilterOperator::kIlike},
                                                      {"in", FilterOperator::kIn},
                                                      {"is", FilterOperator::kIs},
                                                      {"cs", FilterOperator::kCs}}};

Result<FilterOperator> operator_named(std::string_view parameter, std::string_view name) {
  for (const auto& known : kOperators) {
    if (known.name == name) return known.op;
  }
  return query_unsupported(parameter, "operator '" + std::string(name) +
                                          "' is not supported; use one of eq, neq, gt, gte, lt, "
                                          "lte, like, ilike, in, is, cs");
}

/// One filter's text. `nested` = inside or/and, where a value ends at a comma or parenthesis.
class TestParser {
 public:
  TestParser(Scanner& in, std::string_view parameter, bool nested)
      : in_(in), parameter_(parameter), nested_(nested) {}

  Result<FilterNode> parse(std::string column) {
    FilterNode node;
    node.kind = FilterNode::Kind::kTest;
    node.column = std::move(column);
    while (in_.take("not.")) node.negated = !node.negated;
    const auto name = in_.until(".(,)");
    if (in_.peek() == '(') {
      return query_unsupported(parameter_, "operator modifiers such as '" + std::string(name) +
                                               "(any)' are not supported; use or or in");
    }
    if (!in_.take(".")) {
      return query_malformed(parameter_, "expected <operator>.<value>, for example eq.1, got '" +
                                             std::string(name) + "'");
    }
    OPS_TRY_ASSIGN(node.op, operator_named(parameter_, name));
    OPS_TRY(value(node));
    return node;
  }

 private:
  Status value(FilterNode& node) {
    if (node.op == FilterOperator::kIn) return list(node, '(', ')');
    if (node.op == FilterOperator::kCs && in_.peek() == '{') return list(node, '{', '}');
    if (node.op == FilterOperator::kCs) {
      return query_unsupported(parameter_, "cs takes a list in braces, for example cs.{a,b}");
    }
    if (!nested_) {
      node.value = in_.take_rest();
    } else if (in_.peek() == '"') {
      if (!in_.quoted(&node.value)) return query_malformed(parameter_, "a quote is not closed");
    } else {
      node.value = in_.until(",)");
    }
    return {};
  }

  Status list(FilterNode& node, char open, char close) {
    if (!in_.take(std::string_view(&open, 1))) {
      return query_malformed(parameter_, "expected a list in parentheses, for example in.(1,2)");
    }
    const std::string stops{',', close};
    while (!in_.take(std::string_view(&close, 1))) {
      if (!node.list.empty() && !in_.take(",")) {
        return query_malformed(parameter_,
                               std::string("expected ',' or '") + close + "' in a list");
      }
      if (node.list.size() >= query_limits::kListValuesMax) {
        return query_too_large(std::string(parameter_) + ": more than " +
                               std::to_string(query_limits::kListValuesMax) + " values in a list");
      }
      auto& item = node.list.emplace_back();
      if (in_.peek() == '"' ? !in_.quoted(&item) : (item = in_.until(stops), in_.done())) {
        return query_malformed(parameter_, "a list or a quote is not closed");
      }
    }
    return {};
  }

  Scanner& in_;
  std::string_view parameter_;
  bool nested_;
};

/// `(a.eq.1,or(…),…)` recursively.
class LogicParser {
 public:
  LogicParser(Scanner& in, std::string_view parameter, std::size_t& nodes)
      : in_(in), parameter_(parameter), nodes_(nodes) {}

  Status group(FilterNode& node, unsigned depth) {
    if (depth > query_limits::kFilterDepthMax) {
      return query_too_large(std::string(parameter_) + ": nested deeper than " +
                             std::to_string(query_limits::kFilterDepthMax));
    }
    if (!in_.take("(")) return query_malformed(parameter_, "expected '(' after and, or");
    do {
      if (++nodes_ > query_limits::kFilterNodesMax) {
        return query_too_large("more than " + std::to_string(query_limits::kFilterNodesMax) +
                               " filters");
      }
      OPS_TRY_ASSIGN(auto child, element(depth));
      node.children.push_back(std::move(child));
    } while (in_.take(","));
    if (!in_.take(")")) return query_malformed(parameter_, "expected ',' or ')' after a filter");
    return {};
  }

 private:
  Result<FilterNode> element(unsigned depth) {
    FilterNode node;
    const auto before = in_;
    while (in_.take("not.")) node.negated = !node.negated;
    if (in_.at("and(") || in_.at("or(")) {
      node.kind = in_.take("or") ? FilterNode::Kind::kOr : FilterNode::Kind::kAnd;
      if (node.kind == FilterNode::Kind::kAnd) in_.take("and");
      OPS_TRY(group(node, depth + 1));
      return node;
    }
    in_ = before;  // a column may itself begin with "not."
    OPS_TRY_ASSIGN(auto column, parse_column_name(in_, parameter_, ".,)"));
    if (!in_.take(".")) {
      return query_malformed(parameter_, "expected column.operator.value, got '" + column + "'");
    }
    return TestParser(in_, parameter_, true).parse(std::move(column));
  }

  Scanner& in_;
  std::string_view parameter_;
  std::size_t& nodes_;
};

}  // namespace

Result<std::string> parse_column_name(Scanner& in, std::string_view parameter,
                                      std::string_view stops) {
  std::string name;
  if (in.peek() == '"') {
    if (!in.quoted(&name)) return query_malformed(parameter, "a quote is not closed");
  } else {
    name = in.until(stops);
  }
  if (name.find("->") != std::string::npos) {
    return query_unsupported(parameter, "JSON paths ('" + name + "') are not supported");
  }
  if (name.empty()) return query_malformed(parameter, "a column name is missing");
  return name;
}

Result<FilterNode> FilterParser::column_filter(std::string_view column, std::string_view text) {
  if (++nodes_ > query_limits::kFilterNodesMax) {
    return query_too_large("more than " + std::to_string(query_limits::kFilterNodesMax) +
                           " filters");
  }
  Scanner name_in(column);
  OPS_TRY_ASSIGN(auto name, parse_column_name(name_in, column, "."));
  if (!name_in.done()) {
    return query_unsupported(column, "filters on embedded resources are not supported");
  }
  Scanner in(text);
  OPS_TRY_ASSIGN(auto node, TestParser(in, column, false).parse(std::move(name)));
  if (!in.done()) {
    return query_malformed(column, "unexpected '" + std::string(in.rest()) + "' after the value");
  }
  return node;
}

Result<FilterNode> FilterParser::logic_filter(std::string_view parameter, std::string_view text) {
  FilterNode node;
  node.negated = parameter.substr(0, 4) == "not.";
  node.kind = parameter.ends_with("or") ? FilterNode::Kind::kOr : FilterNode::Kind::kAnd;
  Scanner in(text);
  OPS_TRY(LogicParser(in, parameter, nodes_).group(node, 1));
  if (!in.done()) {
    return query_malformed(parameter, "unexpected '" + std::string(in.rest()) + "' at the end");
  }
  return node;
}

}  // namespace opsledger
