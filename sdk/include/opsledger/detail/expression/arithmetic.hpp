// Arithmetic and order of values. Throws ValueError: wrong kinds, overflow. Null in, null out.
#pragma once

#include <opsledger/expression/text.hpp>
#include <opsledger/expression/value.hpp>

namespace ops::expr::detail {

inline constexpr unsigned kPlaces = 4;

[[noreturn]] inline void wrong_kinds(const char* what, const Value& a, const Value& b) {
  throw ValueError(std::string(what) + " " + name_of(a.kind()) + " and " + name_of(b.kind()));
}

inline std::int64_t narrow(__int128 value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    throw ValueError("the number is too large");
  }
  return static_cast<std::int64_t>(value);
}

constexpr __int128 power_of_ten(unsigned exponent) {
  __int128 result = 1;
  while (exponent-- > 0) result *= 10;
  return result;
}

/// Halves go away from zero: 2.5 → 3, -2.5 → -3. `d` is not 0.
constexpr __int128 divide_half_up(__int128 n, __int128 d) {
  if (d < 0) n = -n, d = -d;
  const __int128 magnitude = n < 0 ? -n : n;
  const __int128 quotient = magnitude / d + (magnitude % d >= d - magnitude % d ? 1 : 0);
  return n < 0 ? -quotient : quotient;
}

/// At most `places` digits after the point.
inline Decimal rounded(Decimal v, unsigned places) {
  if (v.scale() <= places) return v;
  return {narrow(divide_half_up(v.unscaled(), power_of_ten(v.scale() - places))), places};
}

inline bool is_number(const Value& v) {
  return v.kind() == Kind::kInteger || v.kind() == Kind::kDecimal;
}
/// An integer or decimal, with at most four places.
inline Decimal as_decimal(const Value& v) {
  if (const auto* whole = v.get<std::int64_t>()) return {*whole, 0U};
  return rounded(*v.get<Decimal>(), kPlaces);
}
inline Decimal quotient(Decimal a, Decimal b) {
  const __int128 n = __int128{a.unscaled()} * power_of_ten(b.scale() + kPlaces);
  return {narrow(divide_half_up(n, __int128{b.unscaled()} * power_of_ten(a.scale()))), kPlaces};
}
inline Decimal product(Decimal a, Decimal b) {
  const __int128 n = __int128{a.unscaled()} * b.unscaled();
  const unsigned scale = a.scale() + b.scale();
  if (scale <= kPlaces) return {narrow(n), scale};
  return {narrow(divide_half_up(n, power_of_ten(scale - kPlaces))), kPlaces};
}
/// minor × factor ÷ divisor, to the nearest minor unit.
inline Money scaled(Money money, Decimal factor, Decimal divisor) {
  const __int128 n = __int128{money.minor} * factor.unscaled();
  const __int128 shift = power_of_ten(divisor.scale());
  __int128 lifted = 0;
  if (__builtin_mul_overflow(n, shift, &lifted)) throw ValueError("the amount is too large");
  money.minor =
      narrow(divide_half_up(lifted, __int128{divisor.unscaled()} * power_of_ten(factor.scale())));
  return money;
}

inline Value add(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  const auto *x = a.get<std::int64_t>(), *y = b.get<std::int64_t>();
  if (x != nullptr && y != nullptr) return narrow(__int128{*x} + *y);
  if (is_number(a) && is_number(b)) return as_decimal(a) + as_decimal(b);
  if (a.kind() != Kind::kMoney || b.kind() != Kind::kMoney) wrong_kinds("cannot add", a, b);
  return *a.get<Money>() + *b.get<Money>();
}

inline Value subtract(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  const auto *x = a.get<std::int64_t>(), *y = b.get<std::int64_t>();
  if (x != nullptr && y != nullptr) return narrow(__int128{*x} - *y);
  if (is_number(a) && is_number(b)) return as_decimal(a) - as_decimal(b);
  if (a.kind() != Kind::kMoney || b.kind() != Kind::kMoney) wrong_kinds("cannot subtract", a, b);
  return *a.get<Money>() - *b.get<Money>();
}

inline Value multiply(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  const auto *x = a.get<std::int64_t>(), *y = b.get<std::int64_t>();
  if (x != nullptr && y != nullptr) return narrow(__int128{*x} * *y);
  if (is_number(a) && is_number(b)) return product(as_decimal(a), as_decimal(b));
  if (a.kind() == Kind::kMoney && is_number(b)) return scaled(*a.get<Money>(), as_decimal(b), 1);
  if (b.kind() == Kind::kMoney && is_number(a)) return scaled(*b.get<Money>(), as_decimal(a), 1);
  wrong_kinds("cannot multiply", a, b);
}

/// By zero: null ("no cases"), as a rate without a denominator is.
inline Value divide(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  const bool of_money = a.kind() == Kind::kMoney;
  if (of_money && b.kind() == Kind::kMoney) {
    static_cast<void>(*a.get<Money>() <=> *b.get<Money>());  // throws when currencies differ
    if (b.get<Money>()->minor == 0) return {};
    return quotient({a.get<Money>()->minor, 0U}, {b.get<Money>()->minor, 0U});
  }
  if (!is_number(b) || (!of_money && !is_number(a))) wrong_kinds("cannot divide", a, b);
  const Decimal divisor = as_decimal(b);
  if (divisor.unscaled() == 0) return {};
  if (of_money) return scaled(*a.get<Money>(), 1, divisor);
  return quotient(as_decimal(a), divisor);
}

inline Value negate(const Value& a) {
  if (a.is_null()) return {};
  if (const auto* money = a.get<Money>())
    return Money{narrow(-__int128{money->minor}), money->currency};
  if (const auto* whole = a.get<std::int64_t>()) return narrow(-__int128{*whole});
  if (a.kind() == Kind::kDecimal) return -as_decimal(a);
  throw ValueError(std::string("cannot negate ") + name_of(a.kind()));
}

/// Text beside a time, date or decimal is read as one: JSON without a schema has no other form.
inline Value read_as(Kind kind, const std::string& text) {
  if (kind == Kind::kTime) return parse_time(text);
  if (kind == Kind::kDate) return parse_date(text);
  try {
    return Decimal::parse(text);
  } catch (const ValueError&) {
    throw ValueError("'" + text + "' is no number");
  }
}
constexpr bool is_read_from_text(Kind kind) {
  return kind == Kind::kTime || kind == Kind::kDate || kind == Kind::kDecimal ||
         kind == Kind::kInteger;
}

/// Of two values that are not null.
inline std::strong_ordering compare(const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) {
    const auto *x = a.get<std::int64_t>(), *y = b.get<std::int64_t>();
    if (x != nullptr && y != nullptr) return *x <=> *y;
    const Decimal left = x != nullptr ? Decimal(*x, 0U) : *a.get<Decimal>();
    return left <=> (y != nullptr ? Decimal(*y, 0U) : *b.get<Decimal>());
  }
  if (a.kind() == b.kind()) {
    if (const auto* text = a.get<std::string>()) return text->compare(*b.get<std::string>()) <=> 0;
    if (const auto* time = a.get<Time>()) return *time <=> *b.get<Time>();
    if (const auto* date = a.get<Date>()) return *date <=> *b.get<Date>();
    if (const auto* money = a.get<Money>()) return *money <=> *b.get<Money>();
  } else if (a.kind() == Kind::kText && is_read_from_text(b.kind())) {
    return compare(read_as(b.kind(), *a.get<std::string>()), b);
  } else if (b.kind() == Kind::kText && is_read_from_text(a.kind())) {
    return compare(a, read_as(a.kind(), *b.get<std::string>()));
  }
  wrong_kinds("cannot compare", a, b);
}

/// Null equals null alone. `steps` is called for each element compared.
template <class Steps>
bool equal(const Value& a, const Value& b, Steps&& steps) {
  steps();
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.kind() == Kind::kBool && b.kind() == Kind::kBool) return *a.get<bool>() == *b.get<bool>();
  if (a.kind() == Kind::kMoney && b.kind() == Kind::kMoney)
    return *a.get<Money>() == *b.get<Money>();
  if (a.kind() == Kind::kList && b.kind() == Kind::kList) {
    const List &x = *a.get<List>(), &y = *b.get<List>();
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [&](const Value& p, const Value& q) { return equal(p, q, steps); });
  }
  return compare(a, b) == 0;
}

}  // namespace ops::expr::detail
