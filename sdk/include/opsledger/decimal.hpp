// Decimal: an exact decimal number, unscaled × 10^-scale. Never a float: 2.550 keeps its scale.
#pragma once

#include <opsledger/error.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace ops {

/// 18 digits after the point at most. Arithmetic is exact and throws ValueError on overflow; a sum
/// has the larger scale of its terms, a product the sum of the scales. Comparison is by value.
class Decimal {
 public:
  static constexpr unsigned kScaleMax = 18;

  constexpr Decimal() = default;
  constexpr Decimal(int whole) : unscaled_(whole) {}  // NOLINT: a whole number is a decimal
  constexpr Decimal(std::int64_t unscaled, unsigned scale)
      : unscaled_(unscaled), scale_(static_cast<std::uint8_t>(scale)) {
    if (scale > kScaleMax) throw ValueError("decimal with more than 18 digits after the point");
  }
  /// `-12.50`; throws ValueError on anything else.
  static Decimal parse(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto scale = point == text.npos ? 0 : text.size() - point - 1;
    if (text.empty() || point == 0 || (point != text.npos && scale == 0) || scale > kScaleMax) {
      throw ValueError("not a decimal number");
    }
    __int128 value = 0;
    for (const char& c : text) {
      if (&c == text.data() + point) continue;
      if (c < '0' || c > '9') throw ValueError("not a decimal number");
      value = narrow(value * 10 + (c - '0'));
    }
    return {narrow(negative ? -value : value), static_cast<unsigned>(scale)};
  }

  constexpr std::int64_t unscaled() const { return unscaled_; }
  constexpr unsigned scale() const { return scale_; }
  std::string str() const {
    const bool negative = unscaled_ < 0;
    std::string digits = std::to_string(negative ? 0 - static_cast<std::uint64_t>(unscaled_)
                                                 : static_cast<std::uint64_t>(unscaled_));
    if (digits.size() <= scale_) digits.insert(0, scale_ + 1 - digits.size(), '0');
    if (scale_ > 0) digits.insert(digits.size() - scale_, 1, '.');
    return (negative ? "-" : "") + digits;
  }
  constexpr double to_double() const {
    return static_cast<double>(unscaled_) / static_cast<double>(power(scale_));
  }

  friend constexpr Decimal operator+(Decimal a, Decimal b) {
    const unsigned scale = std::max(a.scale_, b.scale_);
    return {narrow(a.at(scale) + b.at(scale)), scale};
  }
  friend constexpr Decimal operator-(Decimal a) {
    return {narrow(-__int128{a.unscaled_}), a.scale_};
  }
  friend constexpr Decimal operator-(Decimal a, Decimal b) {
    const unsigned scale = std::max(a.scale_, b.scale_);
    return {narrow(a.at(scale) - b.at(scale)), scale};
  }
  friend constexpr Decimal operator*(Decimal a, Decimal b) {
    return {narrow(__int128{a.unscaled_} * b.unscaled_),
            static_cast<unsigned>(a.scale_ + b.scale_)};
  }
  friend constexpr Decimal operator*(Decimal a, std::int64_t b) { return a * Decimal(b, 0u); }
  Decimal& operator+=(Decimal b) { return *this = *this + b; }
  Decimal& operator-=(Decimal b) { return *this = *this - b; }
  friend constexpr bool operator==(Decimal a, Decimal b) { return (a <=> b) == 0; }
  friend constexpr std::strong_ordering operator<=>(Decimal a, Decimal b) {
    const unsigned scale = std::max(a.scale_, b.scale_);
    const __int128 x = a.at(scale), y = b.at(scale);
    return x < y   ? std::strong_ordering::less
           : x > y ? std::strong_ordering::greater
                   : std::strong_ordering::equal;
  }

 private:
  static constexpr std::int64_t power(unsigned exponent) {
    std::int64_t result = 1;
    while (exponent-- > 0) result *= 10;
    return result;
  }
  static constexpr std::int64_t narrow(__int128 value) {
    if (value > std::numeric_limits<std::int64_t>::max() ||
        value < std::numeric_limits<std::int64_t>::min()) {
      throw ValueError("decimal number too large");
    }
    return static_cast<std::int64_t>(value);
  }
  // No overflow: 2^63 × 10^18 < 2^127.
  constexpr __int128 at(unsigned scale) const {
    return __int128{unscaled_} * power(scale - scale_);
  }

  std::int64_t unscaled_ = 0;
  std::uint8_t scale_ = 0;
};

}  // namespace ops
