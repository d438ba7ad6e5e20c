// Reads payload bytes without ever looking past their end. After the first problem every read
// gives zero, so that a caller checks once per value and not once per byte.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "storage/base/types.hpp"

namespace opsledger {

static_assert(std::endian::native == std::endian::little, "payload bytes are little-endian");

/// Borrowed bytes and a place in them. One thread.
class PayloadReader {
 public:
  explicit PayloadReader(BytesView bytes)
      : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return problem_ == nullptr; }
  const char* problem() const { return problem_; }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  const char* at() const { return at_; }
  bool fail(const char* why) {
    if (problem_ == nullptr) problem_ = why;
    return false;
  }

  /// Fixed width, little-endian.
  template <class T>
  T fixed() {
    T value{};
    if (remaining() < sizeof(T) || !ok()) {
      fail("bytes end inside a value");
      return value;
    }
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  /// Unsigned LEB128, at most 5 bytes, shortest form, at most 2^32-1.
  std::uint32_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = fixed<std::uint8_t>();
      if (!ok()) return 0;
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) {
        if ((byte == 0 && shift > 0) || value > UINT32_MAX) break;
        return static_cast<std::uint32_t>(value);
      }
    }
    fail("length is not a shortest varint of at most 32 bits");
    return 0;
  }

  /// A count of elements that take at least `bytes_min` (> 0) each.
  std::uint32_t count(std::size_t bytes_min) {
    const std::uint32_t n = varint();
    if (ok() && n > remaining() / bytes_min) fail("count is more than the bytes that remain");
    return ok() ? n : 0;
  }

  /// Length-prefixed bytes.
  BytesView bytes() {
    const std::uint32_t n = count(1);
    const BytesView view(at_, n);
    at_ += n;
    return view;
  }

 private:
  const char* begin_;
  const char* at_;
  const char* end_;
  const char* problem_ = nullptr;
};

}  // namespace opsledger
