// Local time of the zones people live in, as pure arithmetic: a decision may read no files.
#pragma once

#include <opsledger/sdk.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace notify {

/// When clocks are put forward by an hour: the rules in force since 2007 (Europe, North America)
/// and 2008 (Australia).
enum class Summer { none, europe, america, australia };

struct Zone {
  std::string_view name;
  int offset_min = 0;  ///< east of UTC, in winter
  Summer summer = Summer::none;
};

inline constexpr std::array kZones = {
    Zone{"Asia/Shanghai", 480},
    Zone{"Asia/Chongqing", 480},
    Zone{"Asia/Urumqi", 360},
    Zone{"Asia/Hong_Kong", 480},
    Zone{"Asia/Macau", 480},
    Zone{"Asia/Taipei", 480},
    Zone{"Asia/Singapore", 480},
    Zone{"Asia/Kuala_Lumpur", 480},
    Zone{"Asia/Manila", 480},
    Zone{"Asia/Jakarta", 420},
    Zone{"Asia/Bangkok", 420},
    Zone{"Asia/Ho_Chi_Minh", 420},
    Zone{"Asia/Tokyo", 540},
    Zone{"Asia/Seoul", 540},
    Zone{"Asia/Kolkata", 330},
    Zone{"Asia/Dubai", 240},
    Zone{"Australia/Brisbane", 600},
    Zone{"Australia/Sydney", 600, Summer::australia},
    Zone{"Australia/Melbourne", 600, Summer::australia},
    Zone{"Europe/London", 0, Summer::europe},
    Zone{"Europe/Lisbon", 0, Summer::europe},
    Zone{"Europe/Berlin", 60, Summer::europe},
    Zone{"Europe/Paris", 60, Summer::europe},
    Zone{"Europe/Madrid", 60, Summer::europe},
    Zone{"Europe/Rome", 60, Summer::europe},
    Zone{"Europe/Amsterdam", 60, Summer::europe},
    Zone{"Europe/Warsaw", 60, Summer::europe},
    Zone{"Europe/Athens", 120, Summer::europe},
    Zone{"Europe/Moscow", 180},
    Zone{"America/New_York", -300, Summer::america},
    Zone{"America/Toronto", -300, Summer::america},
    Zone{"America/Chicago", -360, Summer::america},
    Zone{"America/Denver", -420, Summer::america},
    Zone{"America/Los_Angeles", -480, Summer::america},
    Zone{"America/Vancouver", -480, Summer::america},
    Zone{"America/Sao_Paulo", -180},
    Zone{"UTC", 0},
};

/// An IANA name of the list, or `+08:00`; nothing for others.
inline std::optional<Zone> zone_of(std::string_view name) {
  for (const Zone& zone : kZones) {
    if (zone.name == name) return zone;
  }
  const auto digit = [&](std::size_t i) { return name[i] >= '0' && name[i] <= '9'; };
  if (name.size() != 6 || (name[0] != '+' && name[0] != '-') || name[3] != ':') return {};
  if (!digit(1) || !digit(2) || !digit(4) || !digit(5)) return {};
  const int minutes =
      ((name[1] - '0') * 10 + name[2] - '0') * 60 + (name[4] - '0') * 10 + name[5] - '0';
  if (minutes > 14 * 60) return {};
  return Zone{name, name[0] == '-' ? -minutes : minutes};
}

/// The n-th Sunday of a month (n = 0: the last) at `minute` of the day.
inline std::int64_t sunday_us(int year, unsigned month, unsigned n, int minute) {
  namespace chrono = std::chrono;
  const auto y = chrono::year(year);
  const auto m = chrono::month(month);
  const chrono::sys_days day = n == 0 ? chrono::sys_days(y / m / chrono::Sunday[chrono::last])
                                      : chrono::sys_days(y / m / chrono::Sunday[n]);
  return chrono::duration_cast<chrono::microseconds>(day.time_since_epoch() +
                                                     chrono::minutes(minute))
      .count();
}

/// Whether clocks are put forward at a moment. Changes are at a fixed local time, in Europe at
/// 01:00 UTC everywhere.
inline bool in_summer(const Zone& zone, ops::Time time) {
  if (zone.summer == Summer::none) return false;
  if (zone.summer == Summer::europe) {
    const int year = time.date().year();
    return time.us >= sunday_us(year, 3, 0, 60) && time.us < sunday_us(year, 10, 0, 60);
  }
  const auto winter_clock = time + std::chrono::minutes(zone.offset_min);
  const int year = winter_clock.date().year();
  if (zone.summer == Summer::america) {
    return winter_clock.us >= sunday_us(year, 3, 2, 120) &&
           winter_clock.us < sunday_us(year, 11, 1, 60);
  }
  return winter_clock.us >= sunday_us(year, 10, 1, 120) ||
         winter_clock.us < sunday_us(year, 4, 1, 120);
}

inline std::chrono::minutes offset_at(const Zone& zone, ops::Time time) {
  return std::chrono::minutes(zone.offset_min + (in_summer(zone, time) ? 60 : 0));
}

/// Minutes of the local day, 0 to 1439.
inline int local_minute(const Zone& zone, ops::Time time) {
  const auto local = time + offset_at(zone, time);
  const auto of_day = local.us - std::int64_t{local.date().days} * 86'400'000'000;
  return static_cast<int>(of_day / 60'000'000);
}

/// A time of day that may pass midnight.
struct Quiet {
  int from = 0, to = 0;  ///< minutes of the local day; equal = never
};

/// `22:00-07:30`; `none` = never; nothing for anything else.
inline std::optional<Quiet> quiet_of(std::string_view text) {
  if (text == "none") return Quiet{};
  const auto minute = [&](std::size_t at) {
    for (const std::size_t i : {at, at + 1, at + 3, at + 4}) {
      if (text[i] < '0' || text[i] > '9') return -1;
    }
    const int hours = (text[at] - '0') * 10 + text[at + 1] - '0';
    const int minutes = (text[at + 3] - '0') * 10 + text[at + 4] - '0';
    return text[at + 2] == ':' && hours < 24 && minutes < 60 ? hours * 60 + minutes : -1;
  };
  if (text.size() != 11 || text[5] != '-') return {};
  const Quiet quiet{minute(0), minute(6)};
  if (quiet.from < 0 || quiet.to < 0) return {};
  return quiet;
}

/// The end of the quiet hours in which `time` lies; nothing outside of them.
inline std::optional<ops::Time> quiet_end(const Quiet& quiet, const Zone& zone, ops::Time time) {
  if (quiet.from == quiet.to) return {};
  constexpr int kDay = 24 * 60;
  const int now = local_minute(zone, time);
  const int since = (now - quiet.from + kDay) % kDay;
  const int length = (quiet.to - quiet.from + kDay) % kDay;
  if (since >= length) return {};
  const ops::Time minute{time.us - time.us % 60'000'000};
  const auto end = minute + std::chrono::minutes(length - since);
  return end + (offset_at(zone, time) - offset_at(zone, end));  // clocks changed in the night
}

}  // namespace notify
