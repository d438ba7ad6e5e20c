// Appends the primitive parts of payload bytes.
#pragma once

#include <cstdint>
#include <cstring>

#include "storage/base/types.hpp"

namespace opsledger {

template <class T>
inline void append_fixed(T value, Bytes* out) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out->append(raw, sizeof(T));
}

/// Unsigned LEB128, shortest form.
inline void append_varint(std::uint32_t value, Bytes* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

/// Precondition: fewer than 2^32 bytes.
inline void append_sized(BytesView bytes, Bytes* out) {
  append_varint(static_cast<std::uint32_t>(bytes.size()), out);
  out->append(bytes);
}

}  // namespace opsledger
