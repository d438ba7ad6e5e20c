// TOML text as a flat list of `section.key` values. The only place that knows toml++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

struct TomlValue {
  enum class Kind { kText, kNumber, kBool, kList };
  std::string name;  ///< dotted path
  Kind kind{};
  std::string text;  ///< a list: its strings joined by commas
  unsigned line = 0;
};

/// The file's text. Errors: kInvalid `config.invalid`.
Result<std::string> read_toml_file(const std::string& path);

/// Errors: kInvalid `config.invalid` with origin, line and the parser's words; also for values
/// that are no string, whole number, boolean or list of strings.
Result<std::vector<TomlValue>> parse_toml(std::string_view text, const std::string& origin);

}  // namespace opsledger
