// Kinds of every node, found before anything is evaluated.
#pragma once

#include <opsledger/detail/expression/arithmetic.hpp>
#include <opsledger/detail/expression/program.hpp>
#include <opsledger/expression/shape.hpp>

#include <initializer_list>

namespace ops::expr::detail {

/// One use per check. Throws ExpressionError at the first node that cannot work with the shapes.
class Checker {
 public:
  Checker(const Program& program, const Shape& names) : program_(program), names_(names) {}
  Shape run() { return shape_of(program_.nodes.back()); }

 private:
  using Kinds = std::initializer_list<Kind>;

  [[noreturn]] void fail(const Node& node, const std::string& what) const {
    program_.fail(node, what);
  }
  /// Nothing can be said against it: not known, or always null.
  static bool is_open(const Shape& shape) { return !shape.kind() || shape.kind() == Kind::kNull; }
  static bool is(const Shape& shape, Kinds kinds) {
    return is_open(shape) || std::find(kinds.begin(), kinds.end(), *shape.kind()) != kinds.end();
  }
  static bool is_number(const Shape& shape) {
    return is(shape, {Kind::kInteger, Kind::kDecimal}) && !is_open(shape);
  }
  Shape argument(const Node& node, std::size_t i) { return shape_of(program_.argument(node, i)); }
  Shape need(const Node& node, std::size_t i, Kinds kinds, const char* what) {
    const Shape shape = argument(node, i);
    if (!is(shape, kinds)) {
      fail(program_.argument(node, i), std::string(what) + ", not " + shape.str());
    }
    return shape;
  }

  Shape shape_of(const Node& node) {
    switch (node.op) {
      case Op::kLiteral:
        return node.literal.kind();
      case Op::kPath:
        return path(node);
      case Op::kList:
        return list(node);
      case Op::kNot:
      case Op::kAnd:
      case Op::kOr:
        for (std::size_t i = 0; i < node.arguments.size(); ++i) {
          need(node, i, {Kind::kBool}, "expected a condition");
        }
        return Kind::kBool;
      case Op::kNegate:
        return need(node, 0, {Kind::kInteger, Kind::kDecimal, Kind::kMoney}, "expected a number");
      case Op::kMatches:
        need(node, 0, {Kind::kText}, "'matches' looks at text");
        return Kind::kBool;
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kDivide:
        return arithmetic(node, argument(node, 0), argument(node, 1));
      case Op::kCall:
        return call(node);
      default:
        return comparison(node);
    }
  }

  Shape path(const Node& node) {
    const bool of_element = node.path[0] == "it";
    Shape at = of_element ? it_ : member(node, names_, 0);
    for (std::size_t i = 1; i < node.path.size(); ++i) at = member(node, at, i);
    return at;
  }
  Shape member(const Node& node, const Shape& of, std::size_t i) {
    if (is_open(of)) return of;
    if (of.kind() == Kind::kList) {
      const Shape found = member(node, of.element(), i);
      return found.kind() == Kind::kList ? found : Shape::list_of(found);
    }
    const std::string before = joined({node.path.begin(), node.path.begin() + static_cast<int>(i)});
    if (of.kind() != Kind::kRecord) {
      fail(node, "'" + before + "' is " + of.str() + ": it has no '" + node.path[i] + "'");
    }
    if (of.fields() == nullptr) return {};
    const auto found = of.fields()->find(node.path[i]);
    if (found != of.fields()->end()) return found->second;
    std::string known;
    for (const auto& [name, shape] : *of.fields()) known += (known.empty() ? "" : ", ") + name;
    fail(node, (before.empty() ? "there is no '" + node.path[i] + "'"
                               : "'" + before + "' has no '" + node.path[i] + "'") +
                   ", only: " + known);
  }
  Shape list(const Node& node) {
    if (node.arguments.empty()) return Shape::list_of(Kind::kNull);
    Shape element = argument(node, 0);
    for (std::size_t i = 1; i < node.arguments.size(); ++i) {
      element = either(program_.argument(node, i), element, argument(node, i));
    }
    return Shape::list_of(element);
  }
  /// What is one or the other.
  Shape either(const Node& node, const Shape& a, const Shape& b) {
    if (is_open(a) || is_open(b)) return a.kind() == Kind::kNull ? b : b.kind() ? a : b;
    if (is_number(a) && is_number(b) && a.kind() != b.kind()) return Kind::kDecimal;
    if (a.kind() != b.kind())
      fail(node, "this is " + b.str() + ", and beside it stands " + a.str());
    if (a.kind() == Kind::kList) return Shape::list_of(either(node, a.element(), b.element()));
    return a.fields() != nullptr && a.fields() == b.fields() ? a : Shape(*a.kind());
  }

  Shape arithmetic(const Node& node, const Shape& a, const Shape& b) {
    if (is_open(a) || is_open(b)) return open_arithmetic(node, a, b);
    const bool money_a = a.kind() == Kind::kMoney, money_b = b.kind() == Kind::kMoney;
    const bool scales = node.op == Op::kMultiply || node.op == Op::kDivide;
    if (is_number(a) && is_number(b)) {
      const bool whole = a.kind() == Kind::kInteger && b.kind() == Kind::kInteger;
      return whole && node.op != Op::kDivide ? Kind::kInteger : Kind::kDecimal;
    }
    if (money_a && money_b && node.op == Op::kDivide) return Kind::kDecimal;
    if (money_a && money_b && !scales) return Kind::kMoney;
    if (money_a && is_number(b) && scales) return Kind::kMoney;
    if (money_b && is_number(a) && node.op == Op::kMultiply) return Kind::kMoney;
    constexpr const char* kVerbs[] = {"add", "subtract", "multiply", "divide"};
    fail(node, std::string("cannot ") +
                   kVerbs[static_cast<int>(node.op) - static_cast<int>(Op::kAdd)] + " " + a.str() +
                   " and " + b.str());
  }
  Shape open_arithmetic(const Node& node, const Shape& a, const Shape& b) {
    for (const Shape* side : {&a, &b}) {
      if (!is(*side, {Kind::kInteger, Kind::kDecimal, Kind::kMoney})) {
        fail(node, "there is no arithmetic with " + side->str());
      }
    }
    const bool always_null = a.kind() == Kind::kNull || b.kind() == Kind::kNull;
    return always_null ? Shape(Kind::kNull) : Shape();
  }

  Shape comparison(const Node& node) {
    const Shape a = argument(node, 0), b = argument(node, 1);
    const Node &left = program_.argument(node, 0), &right = program_.argument(node, 1);
    if (node.op == Op::kIn) {
      if (!is(b, {Kind::kList})) fail(right, "'in' looks into a list, not " + b.str());
      element_of(node, left, a, right, b);
    } else if (node.op == Op::kContains) {
      if (!is(a, {Kind::kList, Kind::kText})) {
        fail(left, "'contains' looks into a list or text, not " + a.str());
      }
      if (a.kind() == Kind::kList) element_of(node, right, b, left, a);
      if (a.kind() == Kind::kText && !is(b, {Kind::kText})) {
        fail(right, "text contains text, not " + b.str());
      }
    } else {
      comparable(node, left, a, right, b);
    }
    return Kind::kBool;
  }
  void element_of(const Node& node, const Node& one, const Shape& a, const Node& list,
                  const Shape& b) {
    if (list.op != Op::kList) return comparable(node, one, a, list, b.element());
    for (std::size_t i = 0; i < list.arguments.size(); ++i) {
      comparable(node, one, a, program_.argument(list, i), argument(list, i));
    }
  }
  static bool is_order(const Node& node) {
    return node.op >= Op::kLess && node.op <= Op::kGreaterEqual;
  }
  void comparable(const Node& node, const Node& left, const Shape& a, const Node& right,
                  const Shape& b) {
    if (is_open(a) || is_open(b)) return;
    one_of(a, right);
    one_of(b, left);
    if (is_number(a) && is_number(b)) return;
    if (reads(left, b) || reads(right, a)) return;
    if (a.kind() == Kind::kList && b.kind() == Kind::kList && !is_order(node)) {
      return comparable(node, left, a.element(), right, b.element());
    }
    const bool ordered = is(a, {Kind::kText, Kind::kTime, Kind::kDate, Kind::kMoney});
    const bool equated = ordered || is(a, {Kind::kBool});
    if (a.kind() != b.kind() || (is_order(node) ? !ordered : !equated)) {
      fail(node, std::string("cannot ") + (is_order(node) ? "order " : "compare ") + a.str() +
                     " and " + b.str());
    }
  }
  /// `literal` is text that reads as what stands on the other side.
  bool reads(const Node& literal, const Shape& other) {
    if (literal.op != Op::kLiteral || !is_read_from_text(*other.kind())) return false;
    const auto* text = literal.literal.get<std::string>();
    if (text == nullptr) return false;
    try {
      read_as(*other.kind(), *text);
    } catch (const ValueError& error) {
      fail(literal, error.what());
    }
    return true;
  }
  void one_of(const Shape& choice, const Node& literal) {
    const auto* text = literal.op == Op::kLiteral ? literal.literal.get<std::string>() : nullptr;
    if (choice.values() == nullptr || text == nullptr) return;
    if (std::find(choice.values()->begin(), choice.values()->end(), *text) !=
        choice.values()->end()) {
      return;
    }
    std::string known;
    for (const auto& value : *choice.values()) known += (known.empty() ? "" : ", ") + value;
    fail(literal, "'" + *text + "' is none of: " + known);
  }

  Shape call(const Node& node) {
    if (is_aggregate(node.function)) return aggregate(node);
    switch (node.function) {
      case Function::kHas:
        argument(node, 0);
        return Kind::kBool;
      case Function::kFilter:
        return filter(node);
      case Function::kIf: {
        need(node, 0, {Kind::kBool}, "if decides by a condition");
        const Shape yes = argument(node, 1);
        return either(program_.argument(node, 2), yes, argument(node, 2));
      }
      case Function::kDefault: {
        const Shape value = argument(node, 0);
        return either(program_.argument(node, 1), value, argument(node, 1));
      }
      case Function::kRound:
        need(node, 1, {Kind::kInteger}, "round takes a number of places");
        return need(node, 0, {Kind::kInteger, Kind::kDecimal}, "round takes a number");
      case Function::kMoney:
        need(node, 0, {Kind::kInteger}, "money takes minor units");
        need(node, 1, {Kind::kText}, "money takes a currency");
        return Kind::kMoney;
      case Function::kMinor:
        need(node, 0, {Kind::kMoney}, "minor takes money");
        return Kind::kInteger;
      default:
        return convert_or_span(node);
    }
  }
  Shape aggregate(const Node& node) {
    const Shape list = need(node, 0, {Kind::kList}, "this counts over a list");
    if (node.function == Function::kCount) return Kind::kInteger;
    const Shape element = is_open(list) ? list : list.element();
    if (node.function == Function::kFirst || node.function == Function::kLast) return element;
    const bool adds = node.function == Function::kSum || node.function == Function::kAvg;
    const bool fits = adds ? is(element, {Kind::kInteger, Kind::kDecimal, Kind::kMoney})
                           : is(element, {Kind::kInteger, Kind::kDecimal, Kind::kMoney, Kind::kText,
                                          Kind::kTime, Kind::kDate});
    if (!fits) {
      fail(node, std::string("no ") + kFunctions[static_cast<int>(node.function)].name + " of " +
                     list.str());
    }
    if (node.function == Function::kAvg && element.kind() == Kind::kInteger) return Kind::kDecimal;
    return element;
  }
  Shape filter(const Node& node) {
    const Shape list = need(node, 0, {Kind::kList}, "filter takes a list");
    const Shape outer = std::exchange(it_, is_open(list) ? list : list.element());
    need(node, 1, {Kind::kBool}, "filter keeps by a condition");
    it_ = outer;
    return list;
  }
  Shape convert_or_span(const Node& node) {
    constexpr auto kInstant = "expected a time or date";
    switch (node.function) {
      case Function::kDate:
        need(node, 0, {Kind::kDate, Kind::kTime, Kind::kText}, kInstant);
        return Kind::kDate;
      case Function::kTime:
        need(node, 0, {Kind::kTime, Kind::kText}, "expected a time or text");
        return Kind::kTime;
      case Function::kDecimal:
        need(node, 0, {Kind::kInteger, Kind::kDecimal, Kind::kText}, "expected a number or text");
        return Kind::kDecimal;
      case Function::kAddDays:
        need(node, 1, {Kind::kInteger}, "add_days adds whole days");
        return need(node, 0, {Kind::kTime, Kind::kDate}, kInstant);
      case Function::kAddHours:
        need(node, 1, {Kind::kInteger, Kind::kDecimal}, "add_hours adds a number of hours");
        return need(node, 0, {Kind::kTime}, "expected a time");
      default:
        return span(node);
    }
  }
  Shape span(const Node& node) {
    const bool days = node.function == Function::kDaysBetween;
    for (std::size_t i = 0; i < 2; ++i) {
      if (days) {
        need(node, i, {Kind::kTime, Kind::kDate, Kind::kText}, "expected a time or date");
      } else {
        need(node, i, {Kind::kTime, Kind::kText}, "expected a time");
      }
    }
    if (node.arguments.size() > 2) need(node, 2, {Kind::kText}, "a calendar has a name");
    return days ? Kind::kInteger : Kind::kDecimal;
  }

  const Program& program_;
  const Shape& names_;
  Shape it_;
};

}  // namespace ops::expr::detail
