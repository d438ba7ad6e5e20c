// Days since 1900 (or 1904) and number formats: how spreadsheets keep moments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/sheets/sheet_cell.hpp"

namespace opsledger {

/// What a cell's number format makes of its number.
enum class NumberShows : std::uint8_t { kNumber, kDate, kTimeOfDay, kDateTime };

/// Format ids below 164 are fixed by ECMA-376 18.8.30 (27 to 36 and 50 to 58 are dates in the
/// East Asian editions).
NumberShows builtin_format_shows(unsigned id);
/// `yyyy"年"m"月"d"日"`, `[h]:mm`, `0.00`: texts in quotes, escapes and brackets left out, letters
/// of dates are looked for.
NumberShows format_shows(std::string_view code);

/// The date cell for `serial`; nothing for a number that is no moment (negative, past the year
/// 9999, and the 29 February 1900 that never was). Rounded to milliseconds.
std::optional<SheetCell> date_cell(double serial, NumberShows shows, bool since_1904);

/// The other way, 1900 system: nothing for what it cannot hold (before March 1900).
std::optional<double> serial_of_date(std::string_view text);
/// `2026-11-11T20:04:00.250`; finer digits are cut off.
std::optional<double> serial_of_time(std::string_view text);

}  // namespace opsledger
