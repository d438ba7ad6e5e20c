// Fields of event data, where another version may have left one out.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsledger {

/// Empty when it is missing or no text.
std::string text_field(const boost::json::object& data, std::string_view name);
/// Days since 1970-01-01 of a date or of a time's date; nothing when it is missing or neither.
std::optional<std::int32_t> day_field(const boost::json::object& data, std::string_view name);
bool true_field(const boost::json::object& data, std::string_view name);

}  // namespace opsledger
