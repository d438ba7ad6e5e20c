#include "tests/query/oracle.hpp"

#include <algorithm>
#include <cmath>

namespace opsledger::testing {
namespace {

const char* const kStates[] = {"open", "held", "closed"};
const char* const kNames[] = {"ann", "Bob", "b_b", "50%", "a,b", "q\"(x)", "", "李雷", "annie"};
const char* const kTags[] = {"x", "y", "a,b", ""};

std::size_t pick(std::mt19937_64& random, std::size_t n) {
  return random() % n;
}

std::string decimal_text(std::int64_t thousandths) {
  const auto magnitude = thousandths < 0 ? -thousandths : thousandths;
  auto digits = std::to_string(magnitude % 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return (thousandths < 0 ? "-" : "") + std::to_string(magnitude / 1000) + "." + digits;
}

std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

/// A column's value as something comparable: numbers as long double, text as text.
struct Value {
  std::optional<long double> number;
  std::optional<std::string> text;
  bool null() const { return !number && !text; }
};

Value value_of(const OracleRow& row, const std::string& column) {
  if (column == "id") return {{}, row.key};
  if (column == "name") return {{}, row.name};
  if (column == "age") return {row.age ? std::optional<long double>(*row.age) : std::nullopt, {}};
  if (column == "price") return {static_cast<long double>(row.price_thousandths), {}};
  if (column == "score") {
    return {row.score ? std::optional<long double>(*row.score) : std::nullopt, {}};
  }
  if (column == "state") return {static_cast<long double>(row.state), {}};
  return {row.done ? std::optional<long double>(*row.done) : std::nullopt, {}};
}

Value literal_of(const std::string& column, const std::string& text) {
  if (column == "id" || column == "name") return {{}, text};
  if (column == "price") return {std::llround(std::stold(text) * 1000), {}};
  if (column == "done") return {text == "true" ? 1.0L : 0.0L, {}};
  if (column == "state") {
    return {static_cast<long double>(std::find(kStates, kStates + 3, text) - kStates), {}};
  }
  return {std::stold(text), {}};
}

int order_of(const Value& a, const Value& b) {
  if (a.text) return a.text->compare(*b.text);
  return *a.number < *b.number ? -1 : *a.number > *b.number ? 1 : 0;
}

/// The obvious recursion; `_` is one UTF-8 character.
bool like(const std::string& text, std::size_t t, const std::string& pattern, std::size_t p,
          bool fold) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == '%') {
    for (auto rest = t; rest <= text.size(); ++rest) {
      const bool at_start = rest == text.size() || (text[rest] & 0xc0) != 0x80;
      if (at_start && like(text, rest, pattern, p + 1, fold)) return true;
    }
    return false;
  }
  if (t == text.size()) return false;
  if (pattern[p] == '_') {
    do ++t;
    while (t < text.size() && (text[t] & 0xc0) == 0x80);
    return like(text, t, pattern, p + 1, fold);
  }
  if (pattern[p] == '\\') ++p;
  const auto lower = [&](char c) { return fold && c >= 'A' && c <= 'Z' ? c + 32 : c; };
  return lower(text[t]) == lower(pattern[p]) && like(text, t + 1, pattern, p + 1, fold);
}

std::optional<bool> judge_test(const OracleFilter& filter, const OracleRow& row) {
  if (filter.column == "tags") {
    return std::all_of(filter.values.begin(), filter.values.end(), [&](const std::string& wanted) {
      return std::find(row.tags.begin(), row.tags.end(), wanted) != row.tags.end();
    });
  }
  const auto value = value_of(row, filter.column);
  const auto& first = filter.values[0];
  if (filter.op == "is") {
    if (first == "null" || first == "unknown") return value.null();
    if (first == "not_null") return !value.null();
    return !value.null() && (*value.number == 1) == (first == "true");
  }
  if (value.null()) return std::nullopt;
  if (filter.op == "like" || filter.op == "ilike") {
    return like(*value.text, 0, first, 0, filter.op == "ilike");
  }
  if (filter.op == "in") {
    return std::any_of(filter.values.begin(), filter.values.end(), [&](const std::string& one) {
      return order_of(value, literal_of(filter.column, one)) == 0;
    });
  }
  const int order = order_of(value, literal_of(filter.column, first));
  if (filter.op == "eq") return order == 0;
  if (filter.op == "neq") return order != 0;
  if (filter.op == "gt") return order > 0;
  if (filter.op == "gte") return order >= 0;
  return filter.op == "lt" ? order < 0 : order <= 0;
}

std::string random_literal(std::mt19937_64& random, const std::string& column) {
  if (column == "id") return "k" + std::to_string(pick(random, 40));
  if (column == "name") return kNames[pick(random, std::size(kNames))];
  if (column == "age") return std::to_string(static_cast<int>(pick(random, 9)) - 3);
  if (column == "price")
    return decimal_text(static_cast<std::int64_t>(pick(random, 40)) * 50 - 500);
  if (column == "score") return std::to_string(static_cast<int>(pick(random, 7)) - 3) + ".5";
  if (column == "state") return kStates[pick(random, 3)];
  return pick(random, 2) == 0 ? "true" : "false";
}

void fill_test(std::mt19937_64& random, OracleFilter& filter) {
  static const char* const columns[] = {"id",    "name",  "age",  "price",
                                        "score", "state", "done", "tags"};
  static const char* const compare[] = {"eq", "neq", "gt", "gte", "lt", "lte", "in", "is"};
  filter.column = columns[pick(random, 8)];
  if (filter.column == "tags") {
    filter.op = "cs";
    for (auto n = pick(random, 3); n > 0; --n) filter.values.push_back(kTags[pick(random, 4)]);
    return;
  }
  filter.op = compare[pick(random, 8)];
  const bool text = filter.column == "id" || filter.column == "name";
  if (text && pick(random, 3) == 0) filter.op = pick(random, 2) == 0 ? "like" : "ilike";
  if (filter.op == "is") {
    static const char* const truths[] = {"null", "not_null", "true", "false", "unknown"};
    filter.values = {truths[pick(random, filter.column == "done" ? 5 : 2)]};
  } else if (filter.op == "like" || filter.op == "ilike") {
    static const char* const patterns[] = {"%",     "a%",  "%b", "_ob", "%\\%",
                                           "b\\_b", "k1%", "K_", "__"};
    filter.values = {patterns[pick(random, std::size(patterns))]};
  } else {
    const auto count = filter.op == "in" ? 1 + pick(random, 4) : 1;
    for (std::size_t i = 0; i < count; ++i) {
      filter.values.push_back(random_literal(random, filter.column));
    }
  }
}

std::string value_text(const OracleFilter& filter, bool nested) {
  if (filter.op != "in" && filter.op != "cs") {
    const bool quote = nested && filter.op != "is";
    return quote ? in_quotes(filter.values[0]) : filter.values[0];
  }
  std::string list;
  for (const auto& value : filter.values) list += (list.empty() ? "" : ",") + in_quotes(value);
  return filter.op == "in" ? "(" + list + ")" : "{" + list + "}";
}

std::string node_text(const OracleFilter& filter) {
  const std::string negation = filter.negated ? "not." : "";
  if (filter.kind == OracleFilter::Kind::kTest) {
    return filter.column + "." + negation + filter.op + "." + value_text(filter, true);
  }
  std::string children;
  for (const auto& child : filter.children) {
    children += (children.empty() ? "" : ",") + node_text(child);
  }
  return negation + (filter.kind == OracleFilter::Kind::kOr ? "or(" : "and(") + children + ")";
}

}  // namespace

OracleRow random_row(std::mt19937_64& random, const std::string& key) {
  OracleRow row;
  row.key = key;
  row.name = kNames[pick(random, std::size(kNames))];
  if (pick(random, 4) != 0) row.age = static_cast<int>(pick(random, 9)) - 3;
  row.price_thousandths = static_cast<std::int64_t>(pick(random, 40)) * 50 - 500;
  if (pick(random, 4) != 0) row.score = static_cast<int>(pick(random, 7)) - 3 + 0.5;
  row.state = static_cast<int>(pick(random, 3));
  if (pick(random, 3) != 0) row.done = pick(random, 2) == 1;
  std::string tags;
  for (auto n = pick(random, 3); n > 0; --n) {
    row.tags.push_back(kTags[pick(random, 4)]);
    tags += (tags.empty() ? "" : ",") + in_quotes(row.tags.back());
  }
  row.json_members = "\"name\":" + in_quotes(row.name) + ",\"price\":\"" +
                     decimal_text(row.price_thousandths) + std::string(pick(random, 3), '0') +
                     "\",\"state\":\"" + kStates[row.state] + "\",\"tags\":[" + tags + "]";
  if (row.age) row.json_members += ",\"age\":" + std::to_string(*row.age);
  if (row.score) row.json_members += ",\"score\":" + std::to_string(*row.score);
  if (row.done) row.json_members += *row.done ? ",\"done\":true" : ",\"done\":false";
  return row;
}

OracleFilter random_filter(std::mt19937_64& random, unsigned depth) {
  OracleFilter filter;
  filter.negated = pick(random, 4) == 0;
  if (depth == 0 || pick(random, 3) != 0) {
    fill_test(random, filter);
    return filter;
  }
  filter.kind = pick(random, 2) == 0 ? OracleFilter::Kind::kAnd : OracleFilter::Kind::kOr;
  for (auto n = 1 + pick(random, 3); n > 0; --n) {
    filter.children.push_back(random_filter(random, depth - 1));
  }
  return filter;
}

std::pair<std::string, std::string> parameter_of(const OracleFilter& filter) {
  const std::string negation = filter.negated ? "not." : "";
  if (filter.kind == OracleFilter::Kind::kTest) {
    return {filter.column, negation + filter.op + "." + value_text(filter, false)};
  }
  const auto text = node_text(filter);
  const auto open = text.find('(');
  return {text.substr(0, open), text.substr(open)};
}

std::optional<bool> judge(const OracleFilter& filter, const OracleRow& row) {
  std::optional<bool> result;
  if (filter.kind == OracleFilter::Kind::kTest) {
    result = judge_test(filter, row);
  } else {
    int yes = 0, no = 0, unknown = 0;
    for (const auto& child : filter.children) {
      const auto one = judge(child, row);
      (!one ? unknown : *one ? yes : no) += 1;
    }
    if (filter.kind == OracleFilter::Kind::kAnd) {
      result = no > 0 ? std::optional(false) : unknown > 0 ? std::nullopt : std::optional(true);
    } else {
      result = yes > 0 ? std::optional(true) : unknown > 0 ? std::nullopt : std::optional(false);
    }
  }
  if (result && filter.negated) result = !*result;
  return result;
}

std::vector<OracleOrder> random_order(std::mt19937_64& random) {
  static const char* const columns[] = {"id", "name", "age", "price", "score", "state", "done"};
  std::vector<OracleOrder> order;
  for (auto n = pick(random, 3); n > 0; --n) {
    order.push_back({columns[pick(random, 7)], pick(random, 2) == 0, pick(random, 2) == 0});
  }
  return order;
}

std::string order_text(const std::vector<OracleOrder>& order) {
  std::string text;
  for (const auto& term : order) {
    text += (text.empty() ? "" : ",") + term.column + (term.descending ? ".desc" : ".asc") +
            (term.nulls_first ? ".nullsfirst" : ".nullslast");
  }
  return text;
}

std::vector<std::string> select_keys(const std::map<std::string, OracleRow>& rows,
                                     const std::vector<OracleFilter>& filters,
                                     const std::vector<OracleOrder>& order) {
  std::vector<const OracleRow*> found;
  for (const auto& [key, row] : rows) {
    const bool passes = std::all_of(filters.begin(), filters.end(), [&](const auto& filter) {
      return judge(filter, row) == std::optional(true);
    });
    if (passes) found.push_back(&row);
  }
  const auto before = [&](const OracleRow* a, const OracleRow* b) {
    for (const auto& term : order) {
      const auto left = value_of(*a, term.column), right = value_of(*b, term.column);
      if (left.null() != right.null()) return left.null() == term.nulls_first;
      const int compared = left.null() ? 0 : order_of(left, right);
      if (compared != 0) return term.descending ? compared > 0 : compared < 0;
    }
    const bool descending = !order.empty() && order.back().descending;
    return descending ? a->key > b->key : a->key < b->key;
  };
  std::sort(found.begin(), found.end(), before);
  std::vector<std::string> keys;
  for (const auto* row : found) keys.push_back(row->key);
  return keys;
}

}  // namespace opsledger::testing
