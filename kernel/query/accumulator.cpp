#include "kernel/query/accumulator.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/projection/column_key.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/schema/json_text.hpp"

namespace opsledger {
namespace {

using Kind = TypeNode::Kind;
constexpr unsigned kDecimalScaleMax = 18;
constexpr unsigned kAverageDigits = 6;

Kind kind_of(const ColumnRef& column) {
  return column.kind == ColumnRef::Kind::kField ? inner_type(*column.type).kind : Kind::kU64;
}

__int128 power_of_ten(unsigned exponent) {
  __int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/// Rounds half away from zero. Precondition: divisor > 0.
__int128 divide_rounded(__int128 value, __int128 divisor) {
  const __int128 quotient = value / divisor;
  const __int128 rest = value % divisor;
  if ((rest < 0 ? -rest : rest) < divisor - (rest < 0 ? -rest : rest)) return quotient;
  return quotient + (value < 0 ? -1 : 1);
}

std::string digits(__int128 value) {
  std::string text;
  const bool negative = value < 0;
  do {
    const int digit = static_cast<int>(value % 10);
    text.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  if (negative) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

/// `value` x 10^-18 with `scale` digits after the point, as a JSON string.
void append_decimal_text(__int128 value, unsigned scale, std::string* out) {
  value = divide_rounded(value, power_of_ten(kDecimalScaleMax - scale));
  auto text = digits(value < 0 ? -value : value);
  if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
  if (scale > 0) text.insert(text.size() - scale, 1, '.');
  *out += value < 0 ? "\"-" : "\"";
  *out += text + '"';
}

std::int64_t read_integer(Kind kind, PayloadReader& in) {
  switch (kind) {
    case Kind::kI8:
      return in.fixed<std::int8_t>();
    case Kind::kI16:
      return in.fixed<std::int16_t>();
    case Kind::kI32:
      return in.fixed<std::int32_t>();
    case Kind::kU8:
      return in.fixed<std::uint8_t>();
    case Kind::kU16:
      return in.fixed<std::uint16_t>();
    case Kind::kU32:
      return in.fixed<std::uint32_t>();
    default:
      return in.fixed<std::int64_t>();
  }
}

}  // namespace

Status Accumulator::add(const OutputColumn& output, RowContext& row) {
  if (!output.counts_rows && row.is_null(output.column)) return {};
  ++count_;
  switch (output.aggregate) {
    case Aggregate::kSum:
    case Aggregate::kAvg:
      return add_number(output, row);
    case Aggregate::kMin:
    case Aggregate::kMax:
      return add_extreme(output, row);
    default:
      return {};
  }
}

Status Accumulator::add_exact(__int128 value) {
  if (!__builtin_add_overflow(sum_, value, &sum_)) return {};
  return query_invalid("select", "a sum is larger than 128 bits hold; filter or group");
}

Status Accumulator::add_number(const OutputColumn& output, const RowContext& row) {
  const auto kind = kind_of(output.column);
  if (output.column.kind == ColumnRef::Kind::kPosition) return add_exact(row.position().value);
  PayloadReader in = row.reader(output.column);
  if (kind == Kind::kU64) return add_exact(in.fixed<std::uint64_t>());
  if (kind == Kind::kF64) {
    float_sum_ += in.fixed<double>();
    if (std::isfinite(float_sum_)) return {};
    return query_invalid("select", "a sum is larger than a double holds; filter or group");
  }
  const auto value = read_integer(kind, in);
  if (kind == Kind::kDecimal) {
    const unsigned scale = in.fixed<std::uint8_t>();
    scale_ = std::max(scale_, scale);
    return add_exact(value * power_of_ten(kDecimalScaleMax - scale));
  }
  if (kind == Kind::kMoney) {
    std::string currency(in.at(), 3);
    if (currency_.empty()) currency_ = currency;
    if (currency != currency_) {
      return query_invalid("select", "amounts in " + currency_ + " and " + currency +
                                         " cannot be added; filter by currency");
    }
  }
  return add_exact(value);
}

Status Accumulator::add_extreme(const OutputColumn& output, RowContext& row) {
  const auto key = row.column_key(output.column);
  const bool better = output.aggregate == Aggregate::kMin ? key < extreme_key_ : key > extreme_key_;
  if (!extreme_key_.empty() && !better) return {};
  extreme_key_ = key;
  extreme_.clear();
  return row.append_json(output.column, &extreme_);
}

void Accumulator::append_money(__int128 minor, std::string* out) const {
  *out += "{\"minor\":" + digits(minor) + ",\"currency\":\"" + currency_ + "\"}";
}

void Accumulator::append_sum(Kind kind, std::string* out) const {
  switch (kind) {
    case Kind::kF64:
      return append_double(float_sum_, out);
    case Kind::kDecimal:
      return append_decimal_text(sum_, scale_, out);
    case Kind::kMoney:
      return append_money(sum_, out);
    default:
      *out += digits(sum_);
  }
}

void Accumulator::append_average(Kind kind, std::string* out) const {
  const auto count = static_cast<__int128>(count_);
  switch (kind) {
    case Kind::kF64:
      return append_double(float_sum_ / static_cast<double>(count_), out);
    case Kind::kDecimal:
      return append_decimal_text(divide_rounded(sum_, count),
                                 std::min(scale_ + kAverageDigits, kDecimalScaleMax), out);
    case Kind::kMoney:
      return append_money(divide_rounded(sum_, count), out);
    default: {
      const auto average = static_cast<long double>(sum_) / static_cast<long double>(count_);
      append_double(static_cast<double>(average), out);
    }
  }
}

void Accumulator::append_json(const OutputColumn& output, std::string* out) const {
  if (output.aggregate == Aggregate::kCount) return append_decimal(count_, out);
  if (count_ == 0) {
    *out += "null";
    return;
  }
  switch (output.aggregate) {
    case Aggregate::kSum:
      return append_sum(kind_of(output.column), out);
    case Aggregate::kAvg:
      return append_average(kind_of(output.column), out);
    default:
      *out += extreme_;
  }
}

}  // namespace opsledger
