// Named settings bound to plain variables: one list gives the TOML keys, the environment
// variables, the overrides of the command line, the documentation and the checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// Filled once at start by one thread. Holds pointers: the bound variables must outlive it.
class Settings {
 public:
  using Target = std::variant<std::string*, bool*, std::uint16_t*, unsigned*, std::uint64_t*,
                              std::chrono::milliseconds*, std::chrono::microseconds*,
                              std::vector<std::string>*>;

  /// Inclusive bounds of a number (a duration counts in its own unit).
  struct Bounds {
    std::uint64_t min = 0;
    std::uint64_t max = UINT64_MAX;
  };

  /// Binds `section.key`. The variable's present value is the default. Durations end in `_ms` or
  /// `_us`, sizes in `_bytes…`; `help` is one sentence.
  void add(std::string name, Target target, std::string help, Bounds bounds);
  void add(std::string name, Target target, std::string help) {
    add(std::move(name), target, std::move(help), Bounds{});
  }

  /// Applies a TOML file. Errors (kInvalid `config.invalid`, with file, line, key and what to do):
  /// not readable, not TOML, unknown key (the nearest known one is named), wrong type, out of
  /// bounds. Every wrong key is listed in Error::fields.
  Status load_file(const std::string& path);
  /// The same for text; `origin` names it in errors and in `print`.
  Status load_text(std::string_view toml, const std::string& origin);

  /// Applies `OPSLEDGER_<SECTION>_<KEY>` from `environment` (`NAME=value` strings, as in environ).
  /// Variables of a known section with an unknown key are errors; others are left alone.
  Status load_environment(const std::vector<std::string>& environment);

  /// Applies one `section.key` given as text (a list is comma separated). Errors as above.
  Status set(std::string_view name, std::string_view text, const std::string& origin);

  /// All settings as TOML, each with its sentence, bounds, and where its value came from.
  std::string print() const;

 private:
  struct Entry {
    std::string name;
    Target target;
    std::string help;
    Bounds bounds;
    std::string fallback;  ///< the default, as TOML
    std::string origin;    ///< "default", a file, a variable, a flag
  };

  Entry* find(std::string_view name);
  bool has_section(std::string_view section) const;
  Error unknown(std::string_view name, const std::string& origin) const;
  static std::string toml_value(const Target& target);

  std::vector<Entry> entries_;
};

}  // namespace opsledger
