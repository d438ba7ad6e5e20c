#include "kernel/command/fresh_ids.hpp"

#include <cstring>

#include "storage/core/sha256.hpp"

namespace opsledger {

namespace {
constexpr char kDigits[] = "0123456789abcdef";

void put(std::string* out, std::size_t at, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value >>= 4) {
    (*out)[at + static_cast<std::size_t>(i)] = kDigits[value & 0xF];
  }
}
}  // namespace

std::string FreshIds::next(Time now) {
  const std::uint64_t seed[] = {static_cast<std::uint64_t>(made_.us), ++count_};
  const Hash hash = sha256({reinterpret_cast<const char*>(ledger_.bytes.data()), 16},
                           {reinterpret_cast<const char*>(seed), sizeof seed});
  std::uint64_t a = 0, b = 0;
  std::memcpy(&a, hash.bytes.data(), 8);
  std::memcpy(&b, hash.bytes.data() + 8, 8);
  const auto ms = static_cast<std::uint64_t>(now.us / 1000);
  std::string out(36, '-');
  put(&out, 0, ms >> 16, 8);
  put(&out, 9, ms & 0xFFFF, 4);
  put(&out, 14, 0x7000 | (a & 0x0FFF), 4);
  put(&out, 19, 0x8000 | (b >> 50), 4);
  put(&out, 24, b & 0xFFFF'FFFF'FFFF, 12);
  return out;
}

}  // namespace opsledger
