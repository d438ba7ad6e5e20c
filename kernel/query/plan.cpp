#include "kernel/query/plan.hpp"

#include <algorithm>
#include <optional>

#include "kernel/projection/column_key.hpp"
#include "kernel/query/limits.hpp"

namespace opsledger {
namespace {

const BytesView kNullKeys("\0", 1);
const BytesView kValueKeys("\x01", 1);

/// Tests that every row must pass.
void collect_required(const BoundNode& node, std::vector<const BoundTest*>* tests) {
  if (node.negated || node.kind == FilterNode::Kind::kOr) return;
  if (node.kind == FilterNode::Kind::kTest) tests->push_back(&node.test);
  for (const auto& child : node.children) collect_required(child, tests);
}

/// Bounds that several tests put on one column; half-open.
struct Bounds {
  Bytes begin;
  std::optional<Bytes> end;
  bool restricted = false;

  void at_least(Bytes key) { begin = std::max(begin, std::move(key)), restricted = true; }
  void below(Bytes key) {
    end = end ? std::min(*end, key) : key;
    restricted = true;
  }
  bool empty() const { return end && *end <= begin; }
  KeyRange range() const { return {begin, end.value_or(Bytes())}; }
};

/// `after` gives the smallest bytes beyond everything equal to a key.
template <class After>
void restrict(Bounds& bounds, FilterOperator op, const Bytes& key, After after) {
  switch (op) {
    case FilterOperator::kEq:
      bounds.at_least(key);
      bounds.below(after(key));
      return;
    case FilterOperator::kGt:
      return bounds.at_least(after(key));
    case FilterOperator::kGte:
      return bounds.at_least(key);
    case FilterOperator::kLt:
      return bounds.below(key);
    case FilterOperator::kLte:
      return bounds.below(after(key));
    default:
      return;
  }
}

class Planner {
 public:
  Planner(const BoundQuery& query, bool at_head) : query_(query), at_head_(at_head) {
    collect_required(query.where, &required_);
  }

  Plan plan() const {
    Plan plan;
    if (by_keys(plan) || by_key_range(plan) || by_index_values(plan) || by_index_order(plan) ||
        by_index_range(plan)) {
      return plan;
    }
    plan.ranges = {KeyRange{}};
    return finish_key_order(plan);
  }

 private:
  bool ordered_by_key() const {
    return query_.order.empty() ||
           (query_.order.size() == 1 && query_.order[0].column.kind == ColumnRef::Kind::kKey);
  }

  Plan& finish_key_order(Plan& plan) const {
    plan.ordered = ordered_by_key();
    plan.backward = plan.ordered && ties_descend(query_);
    return plan;
  }

  bool by_keys(Plan& plan) const {
    for (const auto* test : required_) {
      if (test->column.kind != ColumnRef::Kind::kKey) continue;
      if (test->op != FilterOperator::kEq && test->op != FilterOperator::kIn) continue;
      plan.kind = Plan::Kind::kKeys;
      plan.keys = test->op == FilterOperator::kEq ? std::vector<Bytes>{test->text} : test->texts;
      finish_key_order(plan);
      if (plan.backward) std::reverse(plan.keys.begin(), plan.keys.end());
      return true;
    }
    return false;
  }

  bool by_key_range(Plan& plan) const {
    Bounds bounds;
    for (const auto* test : required_) {
      if (test->column.kind != ColumnRef::Kind::kKey) continue;
      restrict(bounds, test->op, test->text, [](Bytes key) { return key += '\0'; });
      if (test->op == FilterOperator::kLike && !test->like->prefix().empty()) {
        bounds.at_least(test->like->prefix());
        if (auto end = end_of_prefix(test->like->prefix()); !end.empty()) bounds.below(end);
      }
    }
    if (!bounds.restricted) return false;
    if (!bounds.empty()) plan.ranges = {bounds.range()};
    finish_key_order(plan);
    return true;
  }

  std::optional<std::uint32_t> index_of(const ColumnRef& column) const {
    if (!at_head_ || column.kind != ColumnRef::Kind::kField) return std::nullopt;
    const auto& indexes = query_.shape->indexes;
    const auto found = std::find(indexes.begin(), indexes.end(), column.field);
    if (found == indexes.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - indexes.begin());
  }

  /// eq, in and is.null: a range per value.
  bool by_index_values(Plan& plan) const {
    for (const auto* test : required_) {
      const auto index = index_of(test->column);
      if (!index) continue;
      std::vector<Bytes> keys;
      if (test->op == FilterOperator::kEq) keys = {test->key};
      if (test->op == FilterOperator::kIn) keys = test->keys;
      if (test->op == FilterOperator::kIs && test->is == IsValue::kNull) keys = {Bytes(kNullKeys)};
      if (keys.empty() || keys.size() > query_limits::kIndexRangesMax) continue;
      plan.kind = Plan::Kind::kIndex;
      plan.index = *index;
      for (auto& key : keys) plan.ranges.push_back({key, end_of_prefix(key)});
      if (keys.size() == 1) finish_key_order(plan);  // equal index bytes come in key order
      return true;
    }
    return false;
  }

  Bounds index_bounds(const ColumnRef& column) const {
    Bounds bounds;
    bounds.begin = kValueKeys;
    for (const auto* test : required_) {
      if (test->column == column) restrict(bounds, test->op, test->key, end_of_prefix);
    }
    if (!bounds.end) bounds.end = end_of_prefix(kValueKeys);
    return bounds;
  }

  bool by_index_order(Plan& plan) const {
    if (query_.order.size() != 1 || query_.aggregated) return false;
    const auto& term = query_.order[0];
    const auto index = index_of(term.column);
    if (!index) return false;
    const auto bounds = index_bounds(term.column);
    plan.kind = Plan::Kind::kIndex;
    plan.index = *index;
    plan.ordered = true;
    plan.backward = term.descending;
    if (!bounds.empty()) plan.ranges.push_back(bounds.range());
    if (!bounds.restricted) {
      const auto nulls = KeyRange{Bytes(kNullKeys), end_of_prefix(kNullKeys)};
      plan.ranges.insert(term.nulls_first ? plan.ranges.begin() : plan.ranges.end(), nulls);
    }
    return true;
  }

  bool by_index_range(Plan& plan) const {
    for (const auto* test : required_) {
      const auto index = index_of(test->column);
      if (!index) continue;
      const auto bounds = index_bounds(test->column);
      if (!bounds.restricted) continue;
      plan.kind = Plan::Kind::kIndex;
      plan.index = *index;
      if (!bounds.empty()) plan.ranges.push_back(bounds.range());
      return true;
    }
    return false;
  }

  const BoundQuery& query_;
  bool at_head_;
  std::vector<const BoundTest*> required_;
};

}  // namespace

bool ties_descend(const BoundQuery& query) {
  return !query.order.empty() && query.order.back().descending;
}

Plan make_plan(const BoundQuery& query, bool at_head) {
  return Planner(query, at_head).plan();
}

}  // namespace opsledger
