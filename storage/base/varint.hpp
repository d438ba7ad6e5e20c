// Varints and a bounded reader: the only two byte primitives that every format shares.
#pragma once

#include <cstdint>
#include <cstring>

#include "storage/base/types.hpp"

namespace opsledger {

/// Longest varint of a 64-bit number.
inline constexpr std::size_t kVarintBytesMax = 10;

/// Appends `value` as LEB128, least significant group first, in its shortest form.
inline void put_varint(Bytes* out, std::uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

/// Appends `value` as 8 bytes, little-endian / big-endian.
inline void put_u64_le(Bytes* out, std::uint64_t value) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);  // little-endian hosts only
}
inline void put_u64_be(Bytes* out, std::uint64_t value) {
  put_u64_le(out, __builtin_bswap64(value));
}

/// Reads 8 bytes at `at`. Precondition: they exist.
inline std::uint64_t get_u64_le(const char* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);  // little-endian hosts only, checked below
  return value;
}
inline std::uint64_t get_u64_be(const char* at) {
  return __builtin_bswap64(get_u64_le(at));
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are read in place");

/// Reads a byte range front to back and never past its end. Every read returns false, and leaves
/// the output unspecified, when the bytes are not there or are not in shortest form; after that
/// the reader must not be used again. Not thread safe; the bytes must outlive the views.
class ByteReader {
 public:
  explicit ByteReader(BytesView bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool empty() const { return at_ == end_; }
  BytesView rest() const { return {at_, left()}; }

  bool u8(std::uint8_t* out) {
    if (at_ == end_) return false;
    *out = static_cast<std::uint8_t>(*at_++);
    return true;
  }
  bool u64_le(std::uint64_t* out) {
    if (left() < 8) return false;
    *out = get_u64_le(at_);
    at_ += 8;
    return true;
  }
  bool varint(std::uint64_t* out) {
    if (at_ == end_) return false;
    const auto first = static_cast<std::uint8_t>(*at_);
    if (first < 0x80) {
      ++at_;
      *out = first;
      return true;
    }
    return long_varint(out);
  }
  bool bytes(std::uint64_t size, BytesView* out) {
    if (left() < size) return false;
    *out = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }
  /// A varint length, then that many bytes.
  bool sized(BytesView* out) {
    std::uint64_t size;
    return varint(&size) && bytes(size, out);
  }

 private:
  bool long_varint(std::uint64_t* out) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      if (shift == 63 && byte > 1) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        *out = value;
        return byte != 0;  // a zero last group is not the shortest form
      }
    }
    return false;
  }

  const char* at_;
  const char* end_;
};

}  // namespace opsledger
