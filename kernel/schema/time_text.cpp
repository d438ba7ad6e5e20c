#include "kernel/schema/time_text.hpp"

#include <chrono>

namespace opsledger {

namespace {

constexpr std::int64_t kDaySeconds = 86'400;

// Reads exactly `digits` digits at `at`, moving it on; -1 when they are not there.
int number(std::string_view text, std::size_t* at, std::size_t digits) {
  if (text.size() - *at < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[*at + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  *at += digits;
  return value;
}

bool literal(std::string_view text, std::size_t* at, char c) {
  if (*at >= text.size() || text[*at] != c) return false;
  ++*at;
  return true;
}

std::optional<std::int32_t> date_at(std::string_view text, std::size_t* at) {
  const int year = number(text, at, 4);
  if (year < 1 || !literal(text, at, '-')) return {};
  const int month = number(text, at, 2);
  if (month < 1 || !literal(text, at, '-')) return {};
  const int day = number(text, at, 2);
  if (day < 1) return {};
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<std::int64_t> clock_seconds_at(std::string_view text, std::size_t* at) {
  const int hour = number(text, at, 2);
  if (hour < 0 || hour > 23 || !literal(text, at, ':')) return {};
  const int minute = number(text, at, 2);
  if (minute < 0 || minute > 59 || !literal(text, at, ':')) return {};
  const int second = number(text, at, 2);
  if (second < 0 || second > 59) return {};
  return hour * 3600 + minute * 60 + second;
}

std::optional<std::int64_t> fraction_us_at(std::string_view text, std::size_t* at,
                                           FineFraction fine) {
  if (!literal(text, at, '.')) return 0;
  std::int64_t us = 0;
  std::size_t digits = 0;
  for (; *at < text.size() && text[*at] >= '0' && text[*at] <= '9'; ++*at, ++digits) {
    if (digits < 6) us = us * 10 + (text[*at] - '0');
  }
  if (digits == 0 || (digits > 6 && fine == FineFraction::kRefuse)) return {};
  for (; digits < 6; ++digits) us *= 10;
  return us;
}

std::optional<std::int64_t> offset_seconds_at(std::string_view text, std::size_t* at) {
  if (literal(text, at, 'Z') || literal(text, at, 'z')) return 0;
  const bool minus = literal(text, at, '-');
  if (!minus && !literal(text, at, '+')) return {};
  const int hour = number(text, at, 2);
  if (hour < 0 || hour > 23 || !literal(text, at, ':')) return {};
  const int minute = number(text, at, 2);
  if (minute < 0 || minute > 59) return {};
  return (minus ? -1 : 1) * (hour * 3600 + minute * 60);
}

char* put(char* to, unsigned value, unsigned digits) {
  for (unsigned i = digits; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + digits;
}

char* put_date(char* to, std::int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  to = put(to, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *to++ = '-';
  to = put(to, static_cast<unsigned>(date.month()), 2);
  *to++ = '-';
  return put(to, static_cast<unsigned>(date.day()), 2);
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text, FineFraction fine) {
  std::size_t at = 0;
  const auto days = date_at(text, &at);
  if (!days || !(literal(text, &at, 'T') || literal(text, &at, 't'))) return {};
  const auto seconds = clock_seconds_at(text, &at);
  if (!seconds) return {};
  const auto us = fraction_us_at(text, &at, fine);
  if (!us) return {};
  const auto offset = offset_seconds_at(text, &at);
  if (!offset || at != text.size()) return {};
  const Time time{(*days * kDaySeconds + *seconds - *offset) * 1'000'000 + *us};
  if (!time_in_range(time)) return {};
  return time;
}

void append_rfc3339(Time time, std::string* out) {
  std::int64_t seconds = time.us / 1'000'000, us = time.us % 1'000'000;
  if (us < 0) us += 1'000'000, --seconds;
  std::int64_t days = seconds / kDaySeconds, rest = seconds % kDaySeconds;
  if (rest < 0) rest += kDaySeconds, --days;
  const auto of_day = static_cast<unsigned>(rest);
  char text[32];
  char* to = put_date(text, static_cast<std::int32_t>(days));
  *to++ = 'T';
  to = put(to, of_day / 3600, 2);
  *to++ = ':';
  to = put(to, of_day / 60 % 60, 2);
  *to++ = ':';
  to = put(to, of_day % 60, 2);
  if (us != 0) {
    *to++ = '.';
    const auto fraction = static_cast<unsigned>(us);
    to = fraction % 1000 == 0 ? put(to, fraction / 1000, 3) : put(to, fraction, 6);
  }
  *to++ = 'Z';
  out->append(text, static_cast<std::size_t>(to - text));
}

std::string rfc3339(Time time) {
  std::string text;
  append_rfc3339(time, &text);
  return text;
}

std::optional<std::int32_t> parse_date(std::string_view text) {
  std::size_t at = 0;
  const auto days = date_at(text, &at);
  if (at != text.size()) return {};
  return days;
}

void append_date(std::int32_t days, std::string* out) {
  char text[16];
  out->append(text, static_cast<std::size_t>(put_date(text, days) - text));
}

}  // namespace opsledger
