#include <cstdint>
#include <cstring>

#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

struct Lead {
  unsigned bytes;            ///< of the whole sequence, 0 = not a lead byte
  unsigned char second_min;  ///< range of the byte after it (Unicode 15, table 3-7)
  unsigned char second_max;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = at + text.size();
  while (at != end) {
    if (end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      if ((word & 0x8080808080808080U) == 0) {
        at += 8;
        continue;
      }
    }
    if (*at < 0x80) {
      ++at;
      continue;
    }
    const Lead lead = lead_of(*at);
    if (lead.bytes == 0 || static_cast<unsigned>(end - at) < lead.bytes) return false;
    if (at[1] < lead.second_min || at[1] > lead.second_max) return false;
    for (unsigned i = 2; i < lead.bytes; ++i) {
      if ((at[i] & 0xc0) != 0x80) return false;
    }
    at += lead.bytes;
  }
  return true;
}

}  // namespace opsledger
