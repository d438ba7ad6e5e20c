#include "kernel/http/text.hpp"

#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>
#include <charconv>

#include "kernel/schema/time_text.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<std::uint64_t> parse_u64(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<std::string> percent_decode(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view(text);
  if (!encoded) return {};
  std::string decoded;
  decoded.reserve(text.size());
  for (char c : boost::urls::decode_view(*encoded)) decoded.push_back(c);
  if (!is_utf8(decoded)) return {};
  return decoded;
}

std::optional<Time> time_parameter(std::string_view text) {
  constexpr std::size_t kDateBytes = 10, kOffsetBytes = 6;
  std::string normal(text);
  if (normal.size() < kDateBytes + kOffsetBytes) return {};
  char& sign = normal[normal.size() - kOffsetBytes];
  if (normal[kDateBytes] == ' ') normal[kDateBytes] = 'T';
  if (sign == ' ') sign = '+';
  return parse_rfc3339(normal, FineFraction::kTruncate);
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

bool header_lists(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    std::string_view item = value.substr(0, comma);
    item = trim(item.substr(0, item.find(';')));
    if (equals_ignoring_case(item, token)) return true;
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
  return false;
}

std::string media_type(std::string_view content_type) {
  std::string type(trim(content_type.substr(0, content_type.find(';'))));
  for (char& c : type) c = lower(c);
  return type;
}

Result<std::uint64_t> number_parameter(std::string_view name, std::string_view value) {
  if (const auto number = parse_u64(value)) return *number;
  return Error{
      Code::kMalformed, "http.parameter",
      std::string(name) + "=" + std::string(value) + " is not a number; send decimal digits"};
}

}  // namespace opsledger
