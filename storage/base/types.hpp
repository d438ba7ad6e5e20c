// Strong types for the few numbers and bytes that every layer passes around.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace opsledger {

/// Owned and borrowed bytes. Bytes are kept in std::string: it is contiguous, has a small-buffer
/// form, and is what RocksDB, Beast and Boost.JSON take without a copy.
using Bytes = std::string;
using BytesView = std::string_view;

/// Global position of an event: gapless, from 1, in commit order. 0 means "before everything".
struct Position {
  std::uint64_t value = 0;
  friend auto operator<=>(Position, Position) = default;
  Position next() const { return {value + 1}; }
};

/// Microseconds since 1970-01-01T00:00:00Z, no leap seconds.
struct Time {
  std::int64_t us = 0;
  friend auto operator<=>(Time, Time) = default;
};
/// A span of time, whole microseconds.
using Duration = std::chrono::microseconds;
inline Time operator+(Time time, Duration by) {
  return {time.us + by.count()};
}
inline Duration operator-(Time later, Time earlier) {
  return Duration(later.us - earlier.us);
}

/// SHA-256 digest.
struct Hash {
  std::array<std::uint8_t, 32> bytes{};
  friend auto operator<=>(const Hash&, const Hash&) = default;
  BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

/// Identity of a payload schema: the first 16 bytes of SHA-256 over its canonical structure text
/// (`kernel/schema/README.md`). All zero = the built-in schema `json`: UTF-8 JSON text, verbatim.
struct SchemaId {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const SchemaId&, const SchemaId&) = default;
  bool is_json() const { return *this == SchemaId{}; }
};

/// Identity of a ledger: 16 random bytes drawn when its directory is created.
struct LedgerId {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const LedgerId&, const LedgerId&) = default;
};

/// Lower-case hexadecimal of any bytes; `unhex` returns false on an odd length or a foreign digit.
std::string hex(BytesView bytes);
bool unhex(std::string_view text, Bytes* out);

template <std::size_t N>
std::string hex(const std::array<std::uint8_t, N>& bytes) {
  return hex(BytesView(reinterpret_cast<const char*>(bytes.data()), N));
}

}  // namespace opsledger
