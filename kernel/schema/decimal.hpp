// Exact decimals: unscaled x 10^-scale, scale 0..18.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsledger {

struct DecimalValue {
  std::int64_t unscaled = 0;
  std::uint8_t scale = 0;
  friend bool operator==(const DecimalValue&, const DecimalValue&) = default;
};

/// `-12.550` keeps its three digits. No exponent, no `+`, no leading zeros, a digit on both sides
/// of the point. Nothing when it does not fit.
std::optional<DecimalValue> parse_decimal(std::string_view text);
void append_decimal_value(const DecimalValue& value, std::string* out);

}  // namespace opsledger
