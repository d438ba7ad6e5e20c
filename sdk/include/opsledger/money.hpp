// Money: integer minor units of one currency (fen, cents).
#pragma once

#include <opsledger/error.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace ops {

/// Amounts of different currencies neither add nor compare (ValueError).
struct Money {
  std::int64_t minor = 0;
  std::array<char, 3> currency{'X', 'X', 'X'};  ///< ISO 4217; this one means none

  static Money of(std::int64_t minor, std::string_view code) {
    if (code.size() != 3) throw ValueError("a currency code has three letters");
    return {minor, {code[0], code[1], code[2]}};
  }
  std::string_view code() const { return {currency.data(), 3}; }

  friend bool operator==(const Money&, const Money&) = default;
  friend std::strong_ordering operator<=>(const Money& a, const Money& b) {
    a.same_currency(b);
    return a.minor <=> b.minor;
  }
  friend Money operator+(const Money& a, const Money& b) {
    a.same_currency(b);
    Money sum = a;
    if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) throw ValueError("amount too large");
    return sum;
  }
  friend Money operator-(const Money& a, const Money& b) {
    a.same_currency(b);
    Money rest = a;
    if (__builtin_sub_overflow(a.minor, b.minor, &rest.minor)) throw ValueError("amount too large");
    return rest;
  }

 private:
  void same_currency(const Money& other) const {
    if (currency != other.currency) {
      throw ValueError("amounts in " + std::string(code()) + " and " + std::string(other.code()));
    }
  }
};

}  // namespace ops
