#include "kernel/command/fresh_ids.hpp"

#include <random>

namespace opsledger {

namespace {
constexpr char kDigits[] = "0123456789abcdef";

void put(std::string* out, std::size_t at, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value >>= 4) {
    (*out)[at + static_cast<std::size_t>(i)] = kDigits[value & 0xF];
  }
}
}  // namespace

std::string uuid_v7(Time now, std::uint64_t random_a, std::uint64_t random_b) {
  const auto ms = static_cast<std::uint64_t>(now.us / 1000);
  std::string out(36, '-');
  put(&out, 0, ms >> 16, 8);
  put(&out, 9, ms & 0xFFFF, 4);
  put(&out, 14, 0x7000 | (random_a & 0x0FFF), 4);
  put(&out, 19, 0x8000 | (random_b >> 50), 4);
  put(&out, 24, random_b & 0xFFFF'FFFF'FFFF, 12);
  return out;
}

std::uint64_t system_random() {
  thread_local std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace opsledger
