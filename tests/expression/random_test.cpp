// Random expressions: arithmetic against exact fractions, and what was checked against what
// happens.
#include <boost/multiprecision/cpp_int.hpp>
#include <opsledger/expression.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace ops {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using expr::Kind;
using expr::Shape;
using expr::Value;

std::mt19937 seeded() {
  const char* given = std::getenv("OPSLEDGER_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device{}();
  std::printf("OPSLEDGER_SEED=%u\n", seed);
  return std::mt19937(seed);
}

/// The nearest multiple of 1/10,000, halves away from zero.
cpp_rational rounded(const cpp_rational& exact) {
  const cpp_rational scaled = abs(exact) * 10'000 + cpp_rational(1, 2);
  const cpp_int whole = numerator(scaled) / denominator(scaled);
  return cpp_rational(exact < 0 ? -whole : whole, 10'000);
}

/// What an expression should be: no value when it overflows, divides by zero or holds a null.
struct Expected {
  std::string source;
  std::optional<cpp_rational> value;
  bool whole = true, overflows = false;
};

class Arithmetic {
 public:
  explicit Arithmetic(std::mt19937& random) : random_(random) {}

  Expected any(int depth) {
    if (depth == 0 || random_() % 4 == 0) return leaf();
    const Expected a = any(depth - 1), b = any(depth - 1);
    const char op = "+-*/"[random_() % 4];
    Expected out{"(" + a.source + " " + op + " " + b.source + ")",
                 {},
                 a.whole && b.whole && op != '/',
                 a.overflows || b.overflows};
    if (out.overflows || !a.value || !b.value) return out;
    if (op == '/' && *b.value == 0) return out;
    const cpp_rational exact = op == '+'   ? cpp_rational(*a.value + *b.value)
                               : op == '-' ? cpp_rational(*a.value - *b.value)
                               : op == '*' ? cpp_rational(*a.value * *b.value)
                                           : cpp_rational(*a.value / *b.value);
    out.value = out.whole ? exact : rounded(exact);
    // A decimal's digits depend on its places; well inside the range all forms agree.
    if (abs(*out.value) > cpp_rational(900'000'000'000'000LL)) out.overflows = true;
    return out;
  }

 private:
  Expected leaf() {
    if (random_() % 20 == 0) return {"null", {}, true, false};
    std::int64_t n = static_cast<std::int64_t>(random_() % 2001) - 1000;
    if (random_() % 3 == 0) n = static_cast<std::int64_t>(random_()) * 7;
    const unsigned places = random_() % 5;
    const Decimal decimal(n, places);
    const std::string text = places == 0 ? std::to_string(n) : decimal.str();
    std::int64_t power = 1;
    for (unsigned i = 0; i < places; ++i) power *= 10;
    return {n < 0 ? "(" + text + ")" : text, cpp_rational(n, power), places == 0, false};
  }
  std::mt19937& random_;
};

cpp_rational exact(const Value& value) {
  if (const auto* whole = value.get<std::int64_t>()) return *whole;
  const Decimal decimal = *value.get<Decimal>();
  return cpp_rational(cpp_int(decimal.unscaled()), pow(cpp_int(10), decimal.scale()));
}

TEST(ExpressionRandom, ArithmeticAgreesWithExactFractions) {
  auto random = seeded();
  unsigned compared = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Expected expected = Arithmetic(random).any(4);
    const auto parsed = Expression::parse(expected.source);
    if (expected.overflows) {
      try {
        static_cast<void>(parsed.evaluate({}));
      } catch (const ExpressionError&) {  // near the edge both are right: never a wrong value
      }
      continue;
    }
    const Value value = parsed.evaluate({});
    ASSERT_EQ(value.is_null(), !expected.value) << expected.source;
    if (value.is_null()) continue;
    ASSERT_EQ(exact(value), *expected.value) << expected.source;
    ++compared;
  }
  EXPECT_GT(compared, 5'000u);
}

/// Random expressions over names of every kind, most of them wrong in some way.
class Anything {
 public:
  explicit Anything(std::mt19937& random) : random_(random) {}

  std::string any(int depth) {
    if (depth == 0) return leaf();
    const auto sub = [&] { return any(depth - 1); };
    switch (random_() % 9) {
      case 0:
        return "(" + sub() + pick({" + ", " - ", " * ", " / "}) + sub() + ")";
      case 1:
        return "(" + sub() + pick({" == ", " != ", " < ", " >= ", " in ", " contains "}) + sub() +
               ")";
      case 2:
        return "(" + sub() + pick({" and ", " or "}) + sub() + ")";
      case 3:
        return std::string("(") + pick({"not ", "-"}) + "(" + sub() + "))";
      case 4:
        return pick({"count", "sum", "avg", "min", "max", "p50", "p90", "first", "last", "minor",
                     "date", "time", "decimal"}) +
               std::string("(") + sub() + ")";
      case 5:
        return pick(
                   {"default", "days_between", "hours_between", "add_days", "add_hours", "round"}) +
               std::string("(") + sub() + ", " + sub() + ")";
      case 6:
        return "[" + sub() + ", " + sub() + "]";
      case 7:
        return "filter(" + sub() + ", it" + pick({".n", "", ".t"}) + pick({" > ", " == "}) + sub() +
               ")";
      default:
        return "if(" + sub() + ", " + sub() + ", " + sub() + ")";
    }
  }

 private:
  const char* pick(std::initializer_list<const char*> choices) {
    return choices.begin()[random_() % choices.size()];
  }
  std::string leaf() {
    return pick({"b",
                 "i",
                 "d",
                 "m",
                 "t",
                 "at",
                 "day",
                 "numbers",
                 "texts",
                 "rows",
                 "rows.n",
                 "rows.t",
                 "1",
                 "0",
                 "2.5",
                 "'x'",
                 "'2026-01-01'",
                 "true",
                 "null",
                 "money(5, 'CNY')",
                 "i",
                 "b"});
  }
  std::mt19937& random_;
};

Shape shape_of_names() {
  return Shape::record(
      {{"b", Kind::kBool},
       {"i", Kind::kInteger},
       {"d", Kind::kDecimal},
       {"m", Kind::kMoney},
       {"t", Kind::kText},
       {"at", Kind::kTime},
       {"day", Kind::kDate},
       {"numbers", Shape::list_of(Kind::kInteger)},
       {"texts", Shape::list_of(Kind::kText)},
       {"rows", Shape::list_of(Shape::record({{"n", Kind::kInteger}, {"t", Kind::kText}}))}});
}

expr::Record values(std::mt19937& random) {
  const auto maybe = [&](Value value) { return random() % 5 == 0 ? Value() : value; };
  const auto number = [&] { return static_cast<int>(random() % 7) - 3; };
  expr::List rows, numbers, texts;
  for (unsigned n = random() % 4; n > 0; --n) {
    rows.push_back(maybe(expr::Record{{"n", maybe(number())}, {"t", maybe("x")}}));
    numbers.push_back(maybe(number()));
    texts.push_back(maybe("y"));
  }
  return {{"b", maybe(random() % 2 == 0)},
          {"i", maybe(number())},
          {"d", maybe(Decimal(number(), 2U))},
          {"m", maybe(Money::of(number(), "CNY"))},
          {"t", maybe("x")},
          {"at", maybe(Time{number() * 1'000'000'000LL})},
          {"day", maybe(Date{number()})},
          {"numbers", maybe(numbers)},
          {"texts", maybe(texts)},
          {"rows", maybe(rows)}};
}

/// What only the values can bring about.
bool is_of_values(const std::string& error) {
  for (const char* allowed :
       {"too large", "out of range", "is no date", "is no time", "is no number", "no such date",
        "round keeps 0 to 4 places", "a date and a time"}) {
    if (error.find(allowed) != error.npos) return true;
  }
  return false;
}

TEST(ExpressionRandom, WhatWasCheckedMeetsNoWrongKindAndYieldsTheKindSaid) {
  auto random = seeded();
  const Shape names = shape_of_names();
  unsigned checked = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string source = Anything(random).any(1 + static_cast<int>(random() % 3));
    const auto parsed = Expression::parse(source);
    Shape said;
    try {
      said = parsed.check(names);
    } catch (const ExpressionError&) {
      continue;
    }
    ++checked;
    for (int round = 0; round < 5; ++round) {
      try {
        const Value value = parsed.evaluate(values(random));
        if (value.is_null() || said.is_unknown()) continue;
        const bool widened = said.kind() == Kind::kDecimal && value.kind() == Kind::kInteger;
        ASSERT_TRUE(said.kind() == value.kind() || widened)
            << source << ": said " << said.str() << ", is " << value.str();
      } catch (const ExpressionError& error) {
        ASSERT_TRUE(is_of_values(error.what()) || said.is_unknown())
            << source << ": " << error.what();
      }
    }
  }
  EXPECT_GT(checked, 2'000u);
}

}  // namespace
}  // namespace ops
