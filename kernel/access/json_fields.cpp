#include "kernel/access/json_fields.hpp"

#include "kernel/schema/time_text.hpp"

namespace opsledger {

std::string text_field(const boost::json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int32_t> day_field(const boost::json::object& data, std::string_view name) {
  constexpr std::size_t kDateBytes = 10;
  return parse_date(text_field(data, name).substr(0, kDateBytes));
}

bool true_field(const boost::json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace opsledger
