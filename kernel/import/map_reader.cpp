#include "kernel/import/map_reader.hpp"

namespace opsledger {

Error map_error(const std::string& place, const std::string& why) {
  return {Code::kInvalid, "import.map_invalid", "map, " + place + ": " + why};
}

MapTable::MapTable(const toml::table& table, std::string place)
    : table_(table), place_(std::move(place)) {}

const toml::node* MapTable::node(const char* key) {
  asked_.insert(key);
  return table_.get(key);
}

void MapTable::fail(const std::string& key, const std::string& why) {
  if (error_) return;
  error_ = map_error(place_.empty() ? key : key.empty() ? place_ : place_ + "." + key, why);
}

std::string MapTable::text(const char* key, std::string fallback) {
  const auto* found = node(key);
  if (!found) return fallback;
  if (const auto value = found->value_exact<std::string>()) return *value;
  fail(key, "expected a text");
  return fallback;
}

bool MapTable::flag(const char* key, bool fallback) {
  const auto* found = node(key);
  if (!found) return fallback;
  if (const auto value = found->value_exact<bool>()) return *value;
  fail(key, "expected true or false");
  return fallback;
}

std::int64_t MapTable::number(const char* key, std::int64_t fallback, std::int64_t min,
                              std::int64_t max) {
  const auto* found = node(key);
  if (!found) return fallback;
  const auto value = found->value_exact<std::int64_t>();
  if (value && *value >= min && *value <= max) return *value;
  fail(key, "expected a number from " + std::to_string(min) + " to " + std::to_string(max));
  return fallback;
}

std::vector<std::string> MapTable::texts(const char* key, std::vector<std::string> fallback) {
  const auto* found = node(key);
  if (!found) return fallback;
  std::vector<std::string> list;
  if (const auto value = found->value_exact<std::string>()) return {*value};
  const auto* array = found->as_array();
  for (std::size_t i = 0; array && i < array->size(); ++i) {
    const auto value = array->get(i)->value_exact<std::string>();
    if (value) list.push_back(*value);
  }
  if (!array || list.size() != array->size()) fail(key, "expected a list of texts");
  return list;
}

const toml::table* MapTable::table(const char* key) {
  const auto* found = node(key);
  if (found && !found->is_table()) fail(key, "expected a table");
  return found ? found->as_table() : nullptr;
}

Status MapTable::done() const {
  if (error_) return *error_;
  for (const auto& [key, value] : table_) {
    if (asked_.contains(key.str())) continue;
    return map_error(
        place_.empty() ? std::string(key.str()) : place_ + "." + std::string(key.str()),
        "unknown key (line " + std::to_string(value.source().begin.line) + ")");
  }
  return {};
}

}  // namespace opsledger
