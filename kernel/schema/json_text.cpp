#include "kernel/schema/json_text.hpp"

#include <charconv>
#include <cstring>

namespace opsledger {

namespace {

bool needs_escape(unsigned char c) {
  return c < 0x20 || c == '"' || c == '\\';
}

/// The same of eight bytes at once: below 0x20, or equal to `"` or `\\`.
bool any_needs_escape(const char* eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u, kHighs = 0x8080808080808080u;
  std::uint64_t word;
  std::memcpy(&word, eight, sizeof word);
  const auto zero_in = [](std::uint64_t w) { return (w - kOnes) & ~w & kHighs; };
  const std::uint64_t low = (word - kOnes * 0x20) & ~word & kHighs;
  return (low | zero_in(word ^ (kOnes * '"')) | zero_in(word ^ (kOnes * '\\'))) != 0;
}

void append_escaped(unsigned char c, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
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

void append_json_text(std::string_view text, std::string* out) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && !any_needs_escape(text.data() + i)) {
      i += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[i++]);
    if (!needs_escape(c)) continue;
    out->append(text, from, i - 1 - from);
    append_escaped(c, out);
    from = i;
  }
  out->append(text, from);
}

void append_json_string(std::string_view text, std::string* out) {
  out->push_back('"');
  append_json_text(text, out);
  out->push_back('"');
}

void append_decimal(std::int64_t value, std::string* out) {
  append_number(value, out);
}
void append_decimal(std::uint64_t value, std::string* out) {
  append_number(value, out);
}
void append_double(double value, std::string* out) {
  const std::size_t before = out->size();
  append_number(value, out);
  if (out->find_first_of(".e", before) == std::string::npos) out->append(".0");
}

namespace {

std::string_view view(const boost::json::string& text) {
  return {text.data(), text.size()};
}

void append_array(const boost::json::array& array, std::string* out) {
  out->push_back('[');
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out->push_back(',');
    append_json(array[i], out);
  }
  out->push_back(']');
}

void append_object(const boost::json::object& object, std::string* out) {
  out->push_back('{');
  bool first = true;
  for (const auto& member : object) {
    if (!first) out->push_back(',');
    first = false;
    append_json_string(member.key(), out);
    out->push_back(':');
    append_json(member.value(), out);
  }
  out->push_back('}');
}

}  // namespace

void append_json(const boost::json::value& value, std::string* out) {
  using boost::json::kind;
  switch (value.kind()) {
    case kind::null:
      out->append("null");
      return;
    case kind::bool_:
      out->append(value.get_bool() ? "true" : "false");
      return;
    case kind::int64:
      return append_decimal(value.get_int64(), out);
    case kind::uint64:
      return append_decimal(value.get_uint64(), out);
    case kind::double_:
      return append_double(value.get_double(), out);
    case kind::string:
      return append_json_string(view(value.get_string()), out);
    case kind::array:
      return append_array(value.get_array(), out);
    case kind::object:
      return append_object(value.get_object(), out);
  }
}

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
