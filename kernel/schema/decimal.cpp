#include "kernel/schema/decimal.hpp"

#include "kernel/schema/json_text.hpp"
#include "kernel/schema/limits.hpp"

namespace opsledger {

std::optional<DecimalValue> parse_decimal(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == text.npos ? "" : text.substr(point + 1);
  if (whole.empty() || (point != text.npos && fraction.empty())) return {};
  if (whole.size() > 1 && whole[0] == '0') return {};
  if (fraction.size() > schema_limits::kDecimalScaleMax) return {};
  std::int64_t unscaled = 0;
  for (const std::string_view digits : {whole, fraction}) {
    for (char c : digits) {
      if (c < '0' || c > '9') return {};
      const int digit = minus ? -(c - '0') : c - '0';
      if (__builtin_mul_overflow(unscaled, 10, &unscaled) ||
          __builtin_add_overflow(unscaled, digit, &unscaled)) {
        return {};
      }
    }
  }
  return DecimalValue{unscaled, static_cast<std::uint8_t>(fraction.size())};
}

void append_decimal_value(const DecimalValue& value, std::string* out) {
  std::string digits;
  append_decimal(value.unscaled, &digits);
  const std::size_t sign = digits[0] == '-' ? 1 : 0;
  if (value.scale > 0) {
    const std::size_t needed = value.scale + 1u;
    if (digits.size() - sign < needed) digits.insert(sign, needed - (digits.size() - sign), '0');
    digits.insert(digits.size() - value.scale, 1, '.');
  }
  out->append(digits);
}

}  // namespace opsledger
