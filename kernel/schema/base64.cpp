#include "kernel/schema/base64.hpp"

#include <array>
#include <cstdint>

namespace opsledger {

namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 64; ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

int value(char c) {
  return kValues[static_cast<unsigned char>(c)];
}
unsigned octet(BytesView bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
}

}  // namespace

void append_base64(BytesView bytes, std::string* out) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = octet(bytes, i) << 16 | octet(bytes, i + 1) << 8 | octet(bytes, i + 2);
    const std::size_t left = bytes.size() - i;
    out->push_back(kAlphabet[group >> 18]);
    out->push_back(kAlphabet[group >> 12 & 63]);
    out->push_back(left > 1 ? kAlphabet[group >> 6 & 63] : '=');
    out->push_back(left > 2 ? kAlphabet[group & 63] : '=');
  }
}

bool parse_base64(std::string_view text, Bytes* out) {
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char c : text.substr(0, text.size() - padding)) {
    if (value(c) < 0) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(value(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held & 0xff));
  }
  if ((bits & ((1u << held) - 1)) != 0) return false;
  out->append(bytes);
  return true;
}

}  // namespace opsledger
