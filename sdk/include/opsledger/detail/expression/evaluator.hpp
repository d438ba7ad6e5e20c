// Runs a Program over named values.
#pragma once

#include <opsledger/detail/expression/program.hpp>
#include <opsledger/expression/aggregate.hpp>

namespace ops::expr {

/// What an expression cannot know by itself. Everything here must be a pure function.
struct Environment {
  /// Working hours from one time to another in a calendar ("" is the context's own). Empty:
  /// `workhours_between` is an error.
  std::function<Decimal(Time from, Time to, std::string_view calendar)> workhours;
  /// The day a time falls on. Empty: the day in UTC.
  std::function<Date(Time)> local_date;
  /// Nodes, list elements and pieces of text looked at by one evaluation.
  std::uint64_t steps_max = 100'000;
};

namespace detail {

/// One use per evaluation. Operands are evaluated from left to right; what is decided is not
/// looked at any further.
class Evaluator {
 public:
  Evaluator(const Program& program, const Record& names, const Environment& environment)
      : program_(program), names_(names), environment_(environment) {}

  Value run() {
    Value scratch;
    const Value& result = value(program_.nodes.back(), scratch);
    if (&result != &scratch) return result;
    return scratch;
  }

 private:
  static constexpr std::int64_t kHour_us = 3'600'000'000, kDay_us = 24 * kHour_us;

  [[noreturn]] void fail(const Node& node, const std::string& what) const {
    program_.fail(node, what);
  }
  void step(const Node& node, std::uint64_t count = 1) {
    steps_ += count;
    if (steps_ > environment_.steps_max) {
      fail(node, "more than " + std::to_string(environment_.steps_max) + " steps");
    }
  }

  /// What stands in the program or in the names is not copied; anything else goes to `scratch`.
  const Value& value(const Node& node, Value& scratch) {
    step(node);
    if (node.op == Op::kLiteral) return node.literal;
    if (node.op == Op::kPath) return path(node, scratch);
    try {
      scratch = computed(node);
    } catch (const ExpressionError&) {
      throw;
    } catch (const ValueError& error) {
      fail(node, error.what());
    }
    return scratch;
  }
  const Node& argument(const Node& node, std::size_t i) const { return program_.argument(node, i); }

  Value computed(const Node& node) {
    switch (node.op) {
      case Op::kAnd:
      case Op::kOr:
        return junction(node, node.op == Op::kOr);
      case Op::kNot: {
        const auto condition = truth(argument(node, 0));
        return condition ? Value(!*condition) : Value();
      }
      case Op::kList:
        return list(node);
      case Op::kCall:
        return call(node);
      default:
        return operation(node);
    }
  }
  Value operation(const Node& node) {
    Value scratch_a, scratch_b;
    const Value& a = value(argument(node, 0), scratch_a);
    if (node.op == Op::kNegate) return negate(a);
    if (node.op == Op::kMatches) return matches(node, a);
    const Value& b = value(argument(node, 1), scratch_b);
    switch (node.op) {
      case Op::kAdd:
        return add(a, b);
      case Op::kSubtract:
        return subtract(a, b);
      case Op::kMultiply:
        return multiply(a, b);
      case Op::kDivide:
        return divide(a, b);
      case Op::kEqual:
        return equals(node, a, b);
      case Op::kNotEqual:
        return !equals(node, a, b);
      case Op::kIn:
        return is_in(node, a, b);
      case Op::kContains:
        return contains(node, a, b);
      default:
        return a.is_null() || b.is_null() ? Value() : Value(ordered(node.op, compare(a, b)));
    }
  }
  static bool ordered(Op op, std::strong_ordering order) {
    if (op == Op::kLess) return order < 0;
    if (op == Op::kLessEqual) return order <= 0;
    return op == Op::kGreater ? order > 0 : order >= 0;
  }
  bool equals(const Node& node, const Value& a, const Value& b) {
    return equal(a, b, [&] { step(node); });
  }

  /// Empty: null.
  std::optional<bool> truth(const Node& node) {
    Value scratch;
    const Value& condition = value(node, scratch);
    if (const bool* flag = condition.get<bool>()) return *flag;
    if (condition.is_null()) return {};
    fail(node, std::string("expected a condition, not ") + name_of(condition.kind()));
  }
  /// `decisive` in one operand decides; else null in one makes the whole null.
  Value junction(const Node& node, bool decisive) {
    bool unknown = false;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      const auto condition = truth(argument(node, i));
      if (condition == decisive) return decisive;
      unknown = unknown || !condition;
    }
    return unknown ? Value() : Value(!decisive);
  }

  const Value& path(const Node& node, Value& scratch) {
    const bool of_element = node.path[0] == "it";
    return follow(node, of_element ? it_ : names_.find(node.path[0]), 1, scratch);
  }
  const Value& follow(const Node& node, const Value* at, std::size_t i, Value& scratch) {
    for (; at != nullptr && i < node.path.size(); ++i) {
      step(node);
      if (const auto* record = at->get<Record>()) {
        at = record->find(node.path[i]);
      } else if (const auto* list = at->get<List>()) {
        scratch = members(node, *list, i);
        return scratch;
      } else if (at->is_null()) {
        return null_;
      } else {
        fail(node, "'" + joined(node.path) + "': there is no '" + node.path[i] + "' in " +
                       name_of(at->kind()));
      }
    }
    return at != nullptr ? *at : null_;
  }
  /// The rest of the path in each element; lists within lists become one.
  List members(const Node& node, const List& list, std::size_t i) {
    List out;
    for (const Value& element : list) {
      step(node);
      Value scratch;
      const Value& found = follow(node, &element, i, scratch);
      if (const auto* inner = found.get<List>()) {
        step(node, inner->size());
        out.insert(out.end(), inner->begin(), inner->end());
      } else {
        out.push_back(found);
      }
    }
    return out;
  }
  List list(const Node& node) {
    List out;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      Value scratch;
      out.push_back(value(argument(node, i), scratch));
    }
    return out;
  }

  Value matches(const Node& node, const Value& text) {
    if (text.is_null()) return {};
    const auto* subject = text.get<std::string>();
    if (subject == nullptr)
      fail(node, std::string("'matches' looks at text, not ") + name_of(text.kind()));
    step(node, subject->size() / 64);
    return node.pattern(*subject);
  }
  Value is_in(const Node& node, const Value& one, const Value& list) {
    if (list.is_null()) return {};
    const auto* elements = list.get<List>();
    if (elements == nullptr)
      fail(node, std::string("'in' looks into a list, not ") + name_of(list.kind()));
    return std::any_of(elements->begin(), elements->end(),
                       [&](const Value& element) { return equals(node, one, element); });
  }
  Value contains(const Node& node, const Value& whole, const Value& part) {
    if (whole.is_null()) return {};
    const auto *text = whole.get<std::string>(), *piece = part.get<std::string>();
    if (text == nullptr) {
      if (whole.kind() != Kind::kList) {
        fail(node,
             std::string("'contains' looks into a list or text, not ") + name_of(whole.kind()));
      }
      return is_in(node, part, whole);
    }
    if (part.is_null()) return {};
    if (piece == nullptr)
      fail(node, std::string("text contains text, not ") + name_of(part.kind()));
    step(node, text->size() * piece->size() / 1024);
    return text->find(*piece) != text->npos;
  }

  Value call(const Node& node) {
    if (is_aggregate(node.function)) return aggregate(node);
    switch (node.function) {
      case Function::kHas: {
        Value scratch;
        return !value(argument(node, 0), scratch).is_null();
      }
      case Function::kFilter:
        return filter(node);
      case Function::kIf:
        return copy(argument(node, truth(argument(node, 0)).value_or(false) ? 1 : 2));
      case Function::kDefault: {
        Value first = copy(argument(node, 0));
        return first.is_null() ? copy(argument(node, 1)) : first;
      }
      default:
        return strict(node);
    }
  }
  Value copy(const Node& node) {
    Value scratch;
    const Value& found = value(node, scratch);
    if (&found != &scratch) return found;
    return scratch;
  }
  const List* elements(const Node& node, const Value& list) {
    if (const auto* found = list.get<List>()) return found;
    if (list.is_null()) return nullptr;
    fail(node, std::string("expected a list, not ") + name_of(list.kind()));
  }
  Value aggregate(const Node& node) {
    Value scratch;
    const List* list = elements(node, value(argument(node, 0), scratch));
    Aggregate result(static_cast<AggregateKind>(node.function));
    if (list != nullptr) {
      step(node, list->size());
      for (const Value& element : *list) result.add(element);
    }
    return result.result();
  }
  Value filter(const Node& node) {
    Value scratch;
    const List* list = elements(node, value(argument(node, 0), scratch));
    if (list == nullptr) return {};
    List kept;
    const Value* const outer = it_;
    for (const Value& element : *list) {
      it_ = &element;
      if (truth(argument(node, 1)).value_or(false)) kept.push_back(element);
    }
    it_ = outer;
    return kept;
  }

  /// Functions that are null when an argument is.
  Value strict(const Node& node) {
    Value arguments[3];
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      arguments[i] = copy(argument(node, i));
      if (arguments[i].is_null()) return {};
    }
    const Value &a = arguments[0], &b = arguments[1];
    switch (node.function) {
      case Function::kRound:
        return round(a, get<std::int64_t>(b, "a whole number of places"));
      case Function::kMoney:
        return Money::of(get<std::int64_t>(a, "minor units"), get<std::string>(b, "a currency"));
      case Function::kMinor:
        return get<Money>(a, "money").minor;
      case Function::kDate:
        return date(a);
      case Function::kTime:
        return time(a);
      case Function::kDecimal:
        return decimal(a);
      case Function::kAddDays:
        return add_days(a, get<std::int64_t>(b, "whole days"));
      case Function::kAddHours:
        if (!is_number(b)) get<Decimal>(b, "a number of hours");
        return in_range(narrow(__int128{get<Time>(a, "a time").us} +
                               divide_half_up(__int128{as_decimal(b).unscaled()} * kHour_us,
                                              power_of_ten(as_decimal(b).scale()))));
      case Function::kDaysBetween:
        return days_between(a, b);
      case Function::kHoursBetween:
        return hours(*time(a).template get<Time>(), *time(b).template get<Time>());
      default:
        return workhours(*time(a).template get<Time>(), *time(b).template get<Time>(),
                         arguments[2]);
    }
  }
  template <class T>
  static const T& get(const Value& value, const char* what) {
    if (const T* found = value.get<T>()) return *found;
    throw ValueError(std::string("expected ") + what + ", not " + name_of(value.kind()));
  }
  static Value round(const Value& number, std::int64_t places) {
    if (number.kind() == Kind::kInteger) return number;
    if (places < 0 || places > kPlaces) throw ValueError("round keeps 0 to 4 places");
    return rounded(get<Decimal>(number, "a number"), static_cast<unsigned>(places));
  }
  Value date(const Value& v) const {
    if (v.kind() == Kind::kDate) return v;
    if (v.kind() == Kind::kText && v.get<std::string>()->size() == 10)
      return read_as(Kind::kDate, *v.get<std::string>());
    const Time instant = *time(v).template get<Time>();
    return environment_.local_date ? environment_.local_date(instant) : instant.date();
  }
  static Value time(const Value& v) {
    if (const auto* text = v.get<std::string>()) return parse_time(*text);
    return get<Time>(v, "a time");
  }
  static Value decimal(const Value& v) {
    if (const auto* text = v.get<std::string>()) return read_as(Kind::kDecimal, *text);
    return is_number(v) ? as_decimal(v) : get<Decimal>(v, "a number or text");
  }
  /// Years 1 to 9999: what RFC 3339 can write.
  static Time in_range(std::int64_t us) {
    const Time time{us};
    if (time < Time::of(Date::of(1, 1, 1)) || time >= Time::of(Date::of(9999, 12, 31))) {
      throw ValueError("the time is out of range");
    }
    return time;
  }
  static Value add_days(const Value& v, std::int64_t days) {
    if (const auto* date = v.get<Date>()) {
      const __int128 us = (__int128{date->days} + days) * kDay_us;
      return in_range(narrow(us)).date();
    }
    return in_range(narrow(get<Time>(v, "a time or date").us + __int128{days} * kDay_us));
  }
  Value days_between(const Value& a, const Value& b) const {
    const auto is_day = [](const Value& v) {
      return v.kind() == Kind::kDate ||
             (v.kind() == Kind::kText && v.get<std::string>()->size() == 10);
    };
    if (is_day(a) != is_day(b)) throw ValueError("a date and a time: write date(…) of the time");
    if (is_day(a))
      return std::int64_t{date(b).template get<Date>()->days} - date(a).template get<Date>()->days;
    const auto from = time(a), to = time(b);
    return narrow(__int128{to.get<Time>()->us} - from.get<Time>()->us) / kDay_us;
  }
  static Decimal hours(Time from, Time to) {
    const __int128 us = __int128{to.us} - from.us;
    return {narrow(divide_half_up(us * power_of_ten(kPlaces), kHour_us)), kPlaces};
  }
  Decimal workhours(Time from, Time to, const Value& calendar) const {
    if (!environment_.workhours) throw ValueError("there is no working calendar here");
    const bool named = !calendar.is_null();
    const auto name = named ? get<std::string>(calendar, "a calendar's name") : std::string();
    return rounded(environment_.workhours(from, to, name), kPlaces);
  }

  const Program& program_;
  const Record& names_;
  const Environment& environment_;
  const Value null_;
  const Value* it_ = nullptr;
  std::uint64_t steps_ = 0;
};

}  // namespace detail
}  // namespace ops::expr
