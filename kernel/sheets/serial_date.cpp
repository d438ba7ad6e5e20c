#include "kernel/sheets/serial_date.hpp"

#include <cmath>
#include <cstdio>

#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kUnixOf1900 = -25'569;  ///< 1899-12-30, day 0 from March 1900 on
constexpr std::int64_t kUnixOf1904 = -24'107;
constexpr std::int64_t kPhantomDay = 60;  ///< 1900-02-29
constexpr double kSerialMax = 2'958'466;  ///< 10000-01-01

std::string clock_text(std::int64_t ms) {
  char text[16];
  const auto seconds = ms / 1000;
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  std::string out(text);
  if (ms % 1000 == 0) return out;
  std::snprintf(text, sizeof text, ".%03d", static_cast<int>(ms % 1000));
  return out + text;
}

/// Removes what a format only shows: "texts", \escapes, _widths, *fills and [conditions].
std::string format_letters(std::string_view code) {
  std::string letters;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == ';') break;  // what follows is for negative numbers and texts
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
    } else if (c == '[') {
      const auto end = std::min(code.find(']', i), code.size());
      const auto inside = code.substr(i + 1, end - i - 1);
      if (inside.find_first_not_of("hHmMsS") == std::string_view::npos) letters += inside;
      i = end;
    } else {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return letters;
}

}  // namespace

NumberShows builtin_format_shows(unsigned id) {
  if (id >= 14 && id <= 17) return NumberShows::kDate;
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return NumberShows::kTimeOfDay;
  if (id == 22) return NumberShows::kDateTime;
  if (id >= 32 && id <= 35) return NumberShows::kTimeOfDay;
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return NumberShows::kDate;
  return NumberShows::kNumber;
}

NumberShows format_shows(std::string_view code) {
  const auto letters = format_letters(code);
  if (letters.find("general") != std::string::npos) return NumberShows::kNumber;
  if (letters.find_first_of("0#?") != std::string::npos &&
      letters.find_first_of("ydhs") == std::string::npos) {
    return NumberShows::kNumber;
  }
  const bool clock = letters.find_first_of("hs") != std::string::npos;
  const bool day = letters.find_first_of("yd") != std::string::npos ||
                   (!clock && letters.find('m') != std::string::npos);
  if (day) return clock ? NumberShows::kDateTime : NumberShows::kDate;
  return clock ? NumberShows::kTimeOfDay : NumberShows::kNumber;
}

std::optional<SheetCell> date_cell(double serial, NumberShows shows, bool since_1904) {
  if (!(serial >= 0) || serial >= kSerialMax) return {};
  const auto ms = static_cast<std::int64_t>(std::llround(serial * static_cast<double>(kDayMs)));
  auto days = ms / kDayMs;
  const auto clock = ms % kDayMs;
  if (shows == NumberShows::kTimeOfDay && days == 0) {
    return SheetCell{CellKind::kTime, clock_text(clock)};
  }
  if (!since_1904 && days == kPhantomDay) return {};
  if (!since_1904 && days < kPhantomDay) ++days;
  days += since_1904 ? kUnixOf1904 : kUnixOf1900;
  if (days > kDateMaxDays) return {};
  SheetCell cell{CellKind::kDate, ""};
  append_date(static_cast<std::int32_t>(days), &cell.text);
  if (clock == 0 && shows == NumberShows::kDate) return cell;
  cell.kind = CellKind::kTime;
  cell.text += 'T' + clock_text(clock);
  return cell;
}

std::optional<double> serial_of_date(std::string_view text) {
  const auto days = parse_date(text);
  if (!days || *days - kUnixOf1900 <= kPhantomDay) return {};
  return static_cast<double>(*days - kUnixOf1900);
}

std::optional<double> serial_of_time(std::string_view text) {
  const auto time = parse_rfc3339(std::string(text) + "Z", FineFraction::kTruncate);
  if (!time) return {};
  const auto ms = time->us / 1000 - kUnixOf1900 * kDayMs;
  if (ms < (kPhantomDay + 1) * kDayMs) return {};
  return static_cast<double>(ms) / static_cast<double>(kDayMs);
}

}  // namespace opsledger
