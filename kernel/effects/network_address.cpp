#include "kernel/effects/network_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace opsledger {
namespace {

struct Block4 {
  std::uint32_t base;
  unsigned bits;
};
constexpr std::array kSpecial4 = {
    Block4{0x00000000, 8},   // "this" network
    Block4{0x0A000000, 8},   // private
    Block4{0x64400000, 10},  // shared (carrier NAT)
    Block4{0x7F000000, 8},   // loopback
    Block4{0xA9FE0000, 16},  // link-local, metadata services
    Block4{0xAC100000, 12},  // private
    Block4{0xC0000000, 24},  // protocol assignments
    Block4{0xC0000200, 24},  // documentation
    Block4{0xC0586300, 24},  // 6to4 relay
    Block4{0xC0A80000, 16},  // private
    Block4{0xC6120000, 15},  // benchmarks
    Block4{0xC6336400, 24},  // documentation
    Block4{0xCB007100, 24},  // documentation
    Block4{0xE0000000, 3},   // multicast, reserved, broadcast
};

bool is_public4(std::uint32_t address) {
  return std::none_of(kSpecial4.begin(), kSpecial4.end(), [&](const Block4& block) {
    return (address ^ block.base) >> (32 - block.bits) == 0;
  });
}

std::uint32_t word(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

bool is_public_address(const in_addr& address) {
  return is_public4(ntohl(address.s_addr));
}

bool is_public_address(const in6_addr& address) {
  const std::uint8_t* b = address.s6_addr;
  const auto zero = [&](int from, int to) {
    return std::all_of(b + from, b + to, [](std::uint8_t byte) { return byte == 0; });
  };
  if (zero(0, 10) && b[10] == 0xFF && b[11] == 0xFF) return is_public4(word(b + 12));  // mapped
  if (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xFF && b[3] == 0x9B && zero(4, 12)) {
    return is_public4(word(b + 12));  // NAT64
  }
  if (b[0] == 0x20 && b[1] == 0x02) return is_public4(word(b + 2));  // 6to4
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] < 0x02) return false;     // Teredo, ORCHID, …
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8) return false;  // documentation
  if (b[0] == 0x3F && b[1] == 0xFF && b[2] < 0x10) return false;                   // documentation
  return (b[0] & 0xE0) ==
         0x20;  // only global unicast is handed out; ::, ::1, fc00, fe80, ff are not
}

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return is_public_address(v4.sin_addr);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    return is_public_address(v6.sin6_addr);
  }
  return false;
}

std::string address_text(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const void* bytes =
      address.sa_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
          : &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  inet_ntop(address.sa_family, bytes, text, sizeof text);
  return text;
}

}  // namespace opsledger
