#include <charconv>

#include "kernel/query/filter_parser.hpp"
#include "kernel/query/limits.hpp"
#include "kernel/query/query_ast.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/query/scanner.hpp"

namespace opsledger {
namespace {

Result<std::uint64_t> parse_count(std::string_view parameter, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) {
    return query_malformed(parameter, "expected a number of rows, got '" + std::string(text) + "'");
  }
  return value;
}

Result<Aggregate> aggregate_named(std::string_view name) {
  if (name == "sum") return Aggregate::kSum;
  if (name == "avg") return Aggregate::kAvg;
  if (name == "min") return Aggregate::kMin;
  if (name == "max") return Aggregate::kMax;
  if (name == "count") return Aggregate::kCount;
  return query_unsupported("select", "aggregate '" + std::string(name) +
                                         "()' is not supported; use sum, avg, min, max or count");
}

/// What stands before a single colon (`alias:column`), taken; empty when there is none.
Result<std::string> parse_alias(Scanner& in) {
  const auto before = in;
  std::string alias;
  if (in.peek() == '"') {
    if (!in.quoted(&alias)) return query_malformed("select", "a quote is not closed");
  } else {
    alias = in.until(":,.()");
  }
  if (in.at(":") && !in.at("::") && !alias.empty()) {
    in.take(":");
    return alias;
  }
  in = before;
  return std::string();
}

Status refuse_select_rest(const Scanner& in, const std::string& column) {
  if (in.at("::")) return query_unsupported("select", "casts ('::') are not supported");
  if (in.at("(") || in.at("!") || in.at(".")) {
    return query_unsupported("select", "embedding and functions ('" + column +
                                           std::string(in.rest().substr(0, 1)) +
                                           "…') are not supported");
  }
  return {};
}

Result<SelectItem> parse_select_item(Scanner& in) {
  SelectItem item;
  if (in.at("...")) return query_unsupported("select", "spread embeds ('...') are not supported");
  if (in.take("*")) return item.all = true, item;
  OPS_TRY_ASSIGN(item.alias, parse_alias(in));
  if (in.take("count()")) {
    item.aggregate = Aggregate::kCount;
    if (item.alias.empty()) item.alias = "count";
  } else {
    OPS_TRY_ASSIGN(item.column, parse_column_name(in, "select", ".,:(!"));
    if (in.at(".") && in.rest().find("()") != std::string_view::npos) {
      in.take(".");
      const auto name = in.until("(");
      OPS_TRY_ASSIGN(item.aggregate, aggregate_named(name));
      if (!in.take("()")) return query_malformed("select", "expected () after an aggregate");
      if (item.alias.empty()) item.alias = name;
    }
    if (item.alias.empty()) item.alias = item.column;
  }
  OPS_TRY(refuse_select_rest(in, item.column));
  return item;
}

Result<std::vector<SelectItem>> parse_select(std::string_view text) {
  std::vector<SelectItem> items;
  if (text.empty()) return items;
  Scanner in(text);
  do {
    if (items.size() >= query_limits::kSelectItemsMax) {
      return query_too_large("select names more than " +
                             std::to_string(query_limits::kSelectItemsMax) + " columns");
    }
    OPS_TRY_ASSIGN(auto item, parse_select_item(in));
    items.push_back(std::move(item));
  } while (in.take(","));
  if (!in.done()) {
    return query_malformed("select", "unexpected '" + std::string(in.rest()) + "'");
  }
  return items;
}

Result<OrderTerm> parse_order_term(Scanner& in) {
  OrderTerm term;
  OPS_TRY_ASSIGN(term.column, parse_column_name(in, "order", ".,("));
  if (in.at("("))
    return query_unsupported("order", "ordering by embedded resources is not supported");
  std::optional<bool> nulls_first;
  bool direction_known = false;
  while (in.take(".")) {
    const auto word = in.until(".,(");
    if (in.at("(")) return query_unsupported("order", "ordering by an aggregate is not supported");
    if ((word == "asc" || word == "desc") && !direction_known && !nulls_first) {
      direction_known = true;
      term.descending = word == "desc";
    } else if ((word == "nullsfirst" || word == "nullslast") && !nulls_first) {
      nulls_first = word == "nullsfirst";
    } else {
      return query_malformed("order", "expected asc, desc, nullsfirst or nullslast after '" +
                                          term.column + "', got '" + std::string(word) + "'");
    }
  }
  term.nulls_first = nulls_first.value_or(term.descending);
  return term;
}

Result<std::vector<OrderTerm>> parse_order(std::string_view text) {
  std::vector<OrderTerm> terms;
  Scanner in(text);
  do {
    if (terms.size() >= query_limits::kOrderTermsMax) {
      return query_too_large("order has more than " + std::to_string(query_limits::kOrderTermsMax) +
                             " terms");
    }
    OPS_TRY_ASSIGN(auto term, parse_order_term(in));
    terms.push_back(std::move(term));
  } while (in.take(","));
  if (!in.done()) return query_malformed("order", "unexpected '" + std::string(in.rest()) + "'");
  return terms;
}

bool is_logic(std::string_view name) {
  return name == "or" || name == "and" || name == "not.or" || name == "not.and";
}

Status parse_parameter(const std::string& name, const std::string& value, FilterParser& filters,
                       ParsedQuery& query) {
  if (name == "select") {
    OPS_TRY_ASSIGN(query.select, parse_select(value));
  } else if (name == "order") {
    OPS_TRY_ASSIGN(query.order, parse_order(value));
  } else if (name == "limit") {
    OPS_TRY_ASSIGN(query.limit, parse_count(name, value));
  } else if (name == "offset") {
    OPS_TRY_ASSIGN(query.offset, parse_count(name, value));
  } else if (name == "columns" || name == "on_conflict") {
    return query_unsupported(name, "tables are written by events, not through this path");
  } else {
    OPS_TRY_ASSIGN(auto node, is_logic(name) ? filters.logic_filter(name, value)
                                             : filters.column_filter(name, value));
    query.where.children.push_back(std::move(node));
  }
  return {};
}

}  // namespace

Result<ParsedQuery> parse_query(
    const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : parameters) bytes += name.size() + value.size();
  if (bytes > query_limits::kParameterBytesMax) {
    return query_too_large("parameters have " + std::to_string(bytes) + " bytes, at most " +
                           std::to_string(query_limits::kParameterBytesMax) + " are taken");
  }
  ParsedQuery query;
  FilterParser filters;
  for (const auto& [name, value] : parameters) {
    OPS_TRY(parse_parameter(name, value, filters, query));
  }
  return query;
}

}  // namespace opsledger
