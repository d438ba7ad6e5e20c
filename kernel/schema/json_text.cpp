#include "kernel/schema/json_text.hpp"

#include <charconv>
#include <cstring>

namespace opsledger {

namespace {

// Length of the well-formed multi-byte sequence at `p` (first byte >= 0x80), or 0. Unicode 15,
// table 3-7.
std::size_t sequence(const unsigned char* p, std::size_t remaining) {
  const unsigned char lead = p[0];
  std::size_t length = 0;
  unsigned char low = 0x80, high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  }
  if (length == 0 || remaining < length || p[1] < low || p[1] > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (p[i] < 0x80 || p[i] > 0xbf) return 0;
  }
  return length;
}

bool eight_ascii(const unsigned char* p) {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof(word));
  return (word & 0x8080808080808080u) == 0;
}

bool needs_escape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

void append_escaped(unsigned char c, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"': out->append("\\\""); return;
    case '\\': out->append("\\\\"); return;
    case '\n': out->append("\\n"); return;
    case '\r': out->append("\\r"); return;
    case '\t': out->append("\\t"); return;
    default:
      out->append("\\u00");
      out->push_back(kDigits[c >> 4]);
      out->push_back(kDigits[c & 15]);
  }
}

template <class T>
void append_number(T value, std::string* out) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  out->append(text, static_cast<std::size_t>(end - text));
}

}  // namespace

bool valid_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t remaining = text.size();
  while (remaining > 0) {
    std::size_t step = 1;
    if (remaining >= 8 && eight_ascii(p)) {
      step = 8;
    } else if (*p >= 0x80) {
      step = sequence(p, remaining);
      if (step == 0) return false;
    }
    p += step;
    remaining -= step;
  }
  return true;
}

void append_json_string(std::string_view text, std::string* out) {
  out->push_back('"');
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (!needs_escape(c)) continue;
    out->append(text, from, i - from);
    append_escaped(c, out);
    from = i + 1;
  }
  out->append(text, from);
  out->push_back('"');
}

void append_decimal(std::int64_t value, std::string* out) { append_number(value, out); }
void append_decimal(std::uint64_t value, std::string* out) { append_number(value, out); }
void append_double(double value, std::string* out) { append_number(value, out); }

void append_pointer_token(std::string_view token, std::string* pointer) {
  pointer->push_back('/');
  for (char c : token) {
    if (c == '~') {
      pointer->append("~0");
    } else if (c == '/') {
      pointer->append("~1");
    } else {
      pointer->push_back(c);
    }
  }
}

}  // namespace opsledger
