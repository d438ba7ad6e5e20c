// Whether a text is a value of a custom field's type.
#pragma once

#include <algorithm>
#include <cstdio>
#include <set>

#include "customfield.hpp"

namespace customfield {

inline constexpr std::size_t kTextBytesMax = 4'000;

inline bool is_id(const std::string& text) {
  return !text.empty() && text.size() <= 64 && text[0] != '.' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}
inline bool is_decimal(const std::string& text) {
  try {
    ops::Decimal::parse(text);
    return true;
  } catch (const ops::ValueError&) {
    return false;
  }
}
/// `12.50 CNY`: two places at most.
inline bool is_money(const std::string& text) {
  const auto space = text.find(' ');
  if (space == text.npos || text.size() != space + 4) return false;
  const bool code = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(space) + 1, text.end(),
                                [](char c) { return c >= 'A' && c <= 'Z'; });
  const std::string amount = text.substr(0, space);
  return code && is_decimal(amount) && ops::Decimal::parse(amount).scale() <= 2;
}
/// `2026-11-11`, a day that exists.
inline bool is_date(const std::string& text) {
  int year = 0, end = 0;
  unsigned month = 0, day = 0;
  if (text.size() != 10 ||
      std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &end) != 3 || end != 10)
    return false;
  const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(month),
                                        std::chrono::day(day)};
  return ymd.ok() && ops::Date::of(year, month, day).str() == text;
}
/// `2026-11-11T20:04:00Z` or with an offset `+08:00`.
inline bool is_datetime(const std::string& text) {
  if (text.size() < 20 || text[10] != 'T' || !is_date(text.substr(0, 10))) return false;
  unsigned hour = 0, minute = 0, second = 0;
  int end = 0;
  const std::string time = text.substr(11, 8), zone = text.substr(19);
  if (std::sscanf(time.c_str(), "%2u:%2u:%2u%n", &hour, &minute, &second, &end) != 3 || end != 8 ||
      hour > 23 || minute > 59 || second > 59)
    return false;
  if (zone == "Z") return true;
  unsigned offset_hour = 0, offset_minute = 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-')) return false;
  return std::sscanf(zone.c_str() + 1, "%2u:%2u%n", &offset_hour, &offset_minute, &end) == 2 &&
         end == 5 && offset_hour <= 14 && offset_minute <= 59;
}
inline bool is_link(const std::string& text) {
  const bool scheme = text.starts_with("https://") || text.starts_with("http://");
  return scheme && text.size() > 8 && text.size() <= 2'000 &&
         std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
}
/// The SHA-256 of a stored blob.
inline bool is_file(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}
inline bool is_option(const Defined& field, const std::string& text) {
  return std::find(field.options.begin(), field.options.end(), text) != field.options.end();
}
/// A JSON array of different options.
inline bool is_options(const Defined& field, const std::string& text) {
  try {
    const auto list = ops::Json::parse(text);
    std::set<std::string> seen;
    for (const auto& one : list.array()) {
      if (!one.is_string() || !is_option(field, one.str()) || !seen.insert(one.str()).second)
        return false;
    }
    return list.is_array() && !seen.empty();
  } catch (const ops::DecodeError&) {
    return false;
  }
}

inline bool is_value(const Defined& field, const std::string& text) {
  switch (field.kind) {
    case Type::text:
      return text.size() <= kTextBytesMax;
    case Type::number:
      return is_decimal(text);
    case Type::money:
      return is_money(text);
    case Type::date:
      return is_date(text);
    case Type::datetime:
      return is_datetime(text);
    case Type::select:
      return is_option(field, text);
    case Type::multi_select:
      return is_options(field, text);
    case Type::person:
    case Type::department:
      return is_id(text);
    case Type::link:
      return is_link(text);
    case Type::file:
      return is_file(text);
    case Type::boolean:
      return text == "true" || text == "false";
  }
  return false;
}

}  // namespace customfield
