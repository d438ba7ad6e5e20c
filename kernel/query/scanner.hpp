// A place in a text that is being parsed.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace opsledger {

/// Never looks past the end. Views live as long as the text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool at(std::string_view prefix) const { return rest_.substr(0, prefix.size()) == prefix; }
  bool take(std::string_view prefix) {
    if (!at(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }
  /// Everything before the first of `stops`, or the rest.
  std::string_view until(std::string_view stops) {
    const auto end = rest_.find_first_of(stops);
    const auto part = rest_.substr(0, end);
    rest_.remove_prefix(part.size());
    return part;
  }
  std::string_view take_rest() { return std::exchange(rest_, std::string_view{}); }
  /// `"…"` with backslash escapes. False when there is no closing quote.
  bool quoted(std::string* out) {
    if (!take("\"")) return false;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      out->push_back(rest_.front());
      rest_.remove_prefix(1);
    }
    return take("\"");
  }

 private:
  std::string_view rest_;
};

}  // namespace opsledger
