#include "kernel/schema/json_text.hpp"

#include <charconv>

namespace opsledger {

namespace {

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
