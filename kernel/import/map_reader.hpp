// Typed access to a TOML table that remembers which keys were asked for.
#pragma once

#include <toml++/toml.h>
#include <set>
#include <string>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// One table of a map file. The first error is kept; later calls return defaults. `done` reports
/// it, or a key that nobody asked for.
class MapTable {
 public:
  MapTable(const toml::table& table, std::string place);

  std::string text(const char* key, std::string fallback = "");
  bool flag(const char* key, bool fallback);
  std::int64_t number(const char* key, std::int64_t fallback, std::int64_t min, std::int64_t max);
  std::vector<std::string> texts(const char* key, std::vector<std::string> fallback = {});
  const toml::node* node(const char* key);
  const toml::table* table(const char* key);
  bool has(const char* key) const { return table_.contains(key); }

  void fail(const std::string& key, const std::string& why);
  Status done() const;
  const std::string& place() const { return place_; }

 private:
  const toml::table& table_;
  const std::string place_;
  std::set<std::string, std::less<>> asked_;
  std::optional<Error> error_;
};

/// kInvalid `import.map_invalid`: "place: why".
Error map_error(const std::string& place, const std::string& why);

}  // namespace opsledger
