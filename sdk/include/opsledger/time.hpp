// Time (an instant, microseconds) and Date (a calendar day). There is no clock here: the time of
// a decision is Envelope::time, the time of an event EventMeta::time.
#pragma once

#include <opsledger/error.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <string>

namespace ops {

// 24h, 15min
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""us;
using Duration = std::chrono::microseconds;

struct Date {
  std::int32_t days = 0;  ///< since 1970-01-01

  static Date of(int year, unsigned month, unsigned day) {
    const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
    if (!ymd.ok()) throw ValueError("no such date");
    return {static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count())};
  }
  std::chrono::year_month_day ymd() const { return std::chrono::sys_days(std::chrono::days(days)); }
  int year() const { return static_cast<int>(ymd().year()); }
  unsigned month() const { return static_cast<unsigned>(ymd().month()); }
  unsigned day() const { return static_cast<unsigned>(ymd().day()); }
  std::string str() const {  ///< 2026-11-11
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", year(), month(), day());
    return text;
  }
  friend auto operator<=>(const Date&, const Date&) = default;
};

struct Time {
  std::int64_t us = 0;  ///< since 1970-01-01T00:00:00Z

  static Time of(Date date, Duration since_midnight = {}) {
    return {std::int64_t{date.days} * 86'400'000'000 + since_midnight.count()};
  }
  /// The day at an offset from UTC, e.g. `date(8h)` for China.
  Date date(Duration utc_offset = {}) const {
    const auto day = std::chrono::floor<std::chrono::days>(Duration(us) + utc_offset);
    return {static_cast<std::int32_t>(day.count())};
  }
  std::string str() const {  ///< 2026-11-11T20:04:00Z, with a fraction where there is one
    const std::int64_t of_day = us - std::int64_t{date().days} * 86'400'000'000;
    const long second = of_day / 1'000'000, micro = of_day % 1'000'000;
    char text[64];
    std::snprintf(text, sizeof text, "%sT%02ld:%02ld:%02ld", date().str().c_str(), second / 3600,
                  second / 60 % 60, second % 60);
    std::string out = text;
    if (micro != 0) {
      std::snprintf(text, sizeof text, ".%06ld", micro);
      out += text;
    }
    return out + "Z";
  }
  friend auto operator<=>(const Time&, const Time&) = default;
  friend Time operator+(Time time, Duration d) { return {time.us + d.count()}; }
  friend Time operator-(Time time, Duration d) { return {time.us - d.count()}; }
  friend Duration operator-(Time a, Time b) { return Duration(a.us - b.us); }
};

}  // namespace ops
