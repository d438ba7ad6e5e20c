// Texts that a spreadsheet program would run as a formula when it opens a CSV file.
#pragma once

#include <string_view>

namespace opsledger {

/// Whether `text`, behind any apostrophes, begins with `= + - @`, a tab or a carriage return: the
/// characters that programs take for the start of a formula. Such texts get an apostrophe more
/// when written and lose one when read, so that every text comes back as it was.
inline bool needs_formula_guard(std::string_view text) {
  const auto first = text.find_first_not_of('\'');
  return first != std::string_view::npos &&
         std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

inline std::string_view without_formula_guard(std::string_view text) {
  if (text.starts_with('\'') && needs_formula_guard(text)) text.remove_prefix(1);
  return text;
}

}  // namespace opsledger
