#include "kernel/projection/column_key.hpp"

#include <cstring>

#include "kernel/schema/payload_reader.hpp"

namespace opsledger {
namespace {

using Kind = TypeNode::Kind;
constexpr std::uint64_t kSign64 = std::uint64_t{1} << 63;

void append_big_endian(std::uint64_t value, unsigned bytes, Bytes* out) {
  char raw[8];
  for (unsigned i = 0; i < bytes; ++i) raw[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
  out->append(raw, bytes);
}

void append_signed(std::int64_t value, Bytes* out) {
  append_big_endian(static_cast<std::uint64_t>(value) ^ kSign64, 8, out);
}

void append_f64(double value, Bytes* out) {
  if (value == 0) value = 0;  // -0 and 0 are one value
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  append_big_endian((bits & kSign64) != 0 ? ~bits : bits ^ kSign64, 8, out);
}

bool append_decimal_key(std::int64_t unscaled, unsigned scale, Bytes* out) {
  if (scale > 18) return false;
  __int128 value = unscaled;  // |value| < 2^63 x 10^18 < 2^123: never overflows
  for (unsigned i = scale; i < 18; ++i) value *= 10;
  const auto bits = static_cast<unsigned __int128>(value);
  append_big_endian(static_cast<std::uint64_t>(bits >> 64) ^ kSign64, 8, out);
  append_big_endian(static_cast<std::uint64_t>(bits), 8, out);
  return true;
}

void append_escaped(BytesView bytes, Bytes* out) {
  while (true) {
    const auto zero = bytes.find('\0');
    out->append(bytes.substr(0, zero));
    if (zero == BytesView::npos) break;
    out->append("\0\xff", 2);
    bytes.remove_prefix(zero + 1);
  }
  out->append(2, '\0');
}

/// Integers, times and dates: all of fixed width.
bool append_integer(Kind kind, PayloadReader& in, Bytes* out) {
  switch (kind) {
    case Kind::kI8:
      append_signed(in.fixed<std::int8_t>(), out);
      return true;
    case Kind::kI16:
      append_signed(in.fixed<std::int16_t>(), out);
      return true;
    case Kind::kI32:
    case Kind::kDate:
      append_signed(in.fixed<std::int32_t>(), out);
      return true;
    case Kind::kI64:
    case Kind::kTime:
      append_signed(in.fixed<std::int64_t>(), out);
      return true;
    case Kind::kU8:
      append_big_endian(in.fixed<std::uint8_t>(), 8, out);
      return true;
    case Kind::kU16:
      append_big_endian(in.fixed<std::uint16_t>(), 8, out);
      return true;
    case Kind::kU32:
      append_big_endian(in.fixed<std::uint32_t>(), 8, out);
      return true;
    case Kind::kU64:
      append_big_endian(in.fixed<std::uint64_t>(), 8, out);
      return true;
    default:
      return false;
  }
}

bool append_present(const TypeNode& type, PayloadReader& in, Bytes* out) {
  switch (type.kind) {
    case Kind::kBool:
      out->push_back(static_cast<char>(in.fixed<std::uint8_t>() & 1));
      return true;
    case Kind::kF64:
      append_f64(in.fixed<double>(), out);
      return true;
    case Kind::kEnum:
      append_big_endian(in.varint(), 4, out);
      return true;
    case Kind::kString:
    case Kind::kBytes:
      append_escaped(in.bytes(), out);
      return true;
    case Kind::kDecimal: {
      const auto unscaled = in.fixed<std::int64_t>();
      return append_decimal_key(unscaled, in.fixed<std::uint8_t>(), out);
    }
    case Kind::kMoney: {
      const auto minor = in.fixed<std::int64_t>();
      for (int i = 0; i < 3; ++i) out->push_back(in.fixed<char>());
      append_signed(minor, out);
      return true;
    }
    default:
      return append_integer(type.kind, in, out);
  }
}

}  // namespace

const TypeNode& inner_type(const TypeNode& type) {
  const TypeNode* inner = &type;
  while (inner->kind == Kind::kOptional) inner = inner->element.get();
  return *inner;
}

bool has_column_key(const TypeNode& type) {
  switch (inner_type(type).kind) {
    case Kind::kList:
    case Kind::kMap:
    case Kind::kVariant:
    case Kind::kStruct:
    case Kind::kPersonal:
      return false;
    default:
      return true;
  }
}

bool append_next_column_key(const TypeNode& type, PayloadReader& in, Bytes* out) {
  const TypeNode* inner = &type;
  for (; inner->kind == Kind::kOptional; inner = inner->element.get()) {
    const auto present = in.fixed<std::uint8_t>();
    if (!in.ok() || present > 1) return false;
    if (present == 0) return append_null_key(out), true;
  }
  out->push_back('\x01');
  return append_present(*inner, in, out) && in.ok();
}

bool append_column_key(const TypeNode& type, BytesView value, Bytes* out) {
  PayloadReader in(value);
  return append_next_column_key(type, in, out) && in.remaining() == 0;
}

void append_null_key(Bytes* out) {
  out->push_back('\0');
}

void append_text_key(BytesView text, Bytes* out) {
  out->push_back('\x01');
  append_escaped(text, out);
}

void append_u64_key(std::uint64_t value, Bytes* out) {
  out->push_back('\x01');
  append_big_endian(value, 8, out);
}

Bytes end_of_prefix(BytesView prefix) {
  Bytes end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

}  // namespace opsledger
