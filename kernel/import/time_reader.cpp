#include "kernel/import/time_reader.hpp"

#include <date/tz.h>

#include <algorithm>

#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kRfc3339 = "rfc3339";
constexpr std::string_view kDirectives = "YmdHMS";
constexpr std::int64_t kDaySeconds = 86'400;

Error bad_format(const std::string& format, const std::string& why) {
  return {Code::kInvalid, "import.map_invalid",
          "time format `" + format + "`: " + why + "; use %Y %m %d %H %M %S, or rfc3339"};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes `min` to `max` digits from the front.
bool take_number(std::string_view* text, std::size_t min, std::size_t max, int* out) {
  std::size_t count = 0;
  *out = 0;
  while (count < max && count < text->size() && is_digit((*text)[count])) {
    *out = *out * 10 + ((*text)[count++] - '0');
  }
  text->remove_prefix(count);
  return count >= min;
}

/// `.25` behind the seconds -> 250000 µs.
bool take_fraction(std::string_view* text, int* us) {
  if (text->size() < 2 || text->front() != '.' || !is_digit((*text)[1])) return true;
  text->remove_prefix(1);
  const auto before = text->size();
  if (!take_number(text, 1, 6, us)) return false;
  for (auto digits = before - text->size(); digits < 6; ++digits) *us *= 10;
  return text->empty() || !is_digit(text->front());
}

}  // namespace

Result<TimeReader> TimeReader::make(std::string format, const std::string& zone) {
  TimeReader reader;
  reader.format_ = std::move(format);
  if (reader.format_ == kRfc3339) return reader;
  std::string seen;
  for (std::size_t i = 0; i < reader.format_.size(); ++i) {
    if (reader.format_[i] != '%') continue;
    const char directive = ++i < reader.format_.size() ? reader.format_[i] : '\0';
    if (kDirectives.find(directive) == std::string_view::npos || directive == '\0') {
      return bad_format(reader.format_, "unknown directive");
    }
    seen += directive;
  }
  for (const char needed : {'Y', 'm', 'd'}) {
    if (std::count(seen.begin(), seen.end(), needed) != 1) {
      return bad_format(reader.format_, "year, month and day must stand in it once each");
    }
  }
  try {
    reader.zone_ = date::locate_zone(zone);
  } catch (const std::exception& e) {
    return Error{Code::kInvalid, "import.map_invalid",
                 "time_zone `" + zone + "` is not in the time zone database: " + e.what() +
                     "; use a name like Europe/London or UTC"};
  }
  return reader;
}

std::optional<TimeReader::Fields> TimeReader::split(std::string_view text) const {
  Fields f;
  for (std::size_t i = 0; i < format_.size(); ++i) {
    if (format_[i] != '%') {
      if (text.empty() || text.front() != format_[i]) return std::nullopt;
      text.remove_prefix(1);
      continue;
    }
    bool ok = true;
    switch (format_[++i]) {
      case 'Y':
        ok = take_number(&text, 4, 4, &f.year);
        break;
      case 'm':
        ok = take_number(&text, 1, 2, &f.month);
        break;
      case 'd':
        ok = take_number(&text, 1, 2, &f.day);
        break;
      case 'H':
        ok = take_number(&text, 1, 2, &f.hour);
        break;
      case 'M':
        ok = take_number(&text, 1, 2, &f.minute);
        break;
      default:
        ok = take_number(&text, 1, 2, &f.second) && take_fraction(&text, &f.us);
    }
    if (!ok) return std::nullopt;
  }
  const date::year_month_day day{date::year(f.year), date::month(static_cast<unsigned>(f.month)),
                                 date::day(static_cast<unsigned>(f.day))};
  const bool in_range = f.hour < 24 && f.minute < 60 && f.second < 60 && f.year >= 1;
  if (!text.empty() || !day.ok() || !in_range) return std::nullopt;
  return f;
}

std::optional<std::int32_t> TimeReader::read_date(std::string_view text) const {
  if (format_ == kRfc3339) return parse_date(text);
  const auto f = split(text);
  if (!f) return std::nullopt;
  const date::sys_days days{date::year(f->year) / f->month / f->day};
  return static_cast<std::int32_t>(days.time_since_epoch().count());
}

std::optional<Time> TimeReader::read(std::string_view text) {
  if (format_ == kRfc3339) return parse_rfc3339(text, FineFraction::kTruncate);
  const auto f = split(text);
  if (!f) return std::nullopt;
  const date::sys_days days{date::year(f->year) / f->month / f->day};
  const std::int64_t local =
      days.time_since_epoch().count() * kDaySeconds + f->hour * 3600 + f->minute * 60 + f->second;
  return Time{to_utc_seconds(local) * 1'000'000 + f->us};
}

/// The zone's rules are asked once per stretch between two changes of the clocks.
std::int64_t TimeReader::to_utc_seconds(std::int64_t local_seconds) {
  if (local_seconds >= known_from_ && local_seconds < known_to_) return local_seconds - offset_s_;
  const date::local_seconds local{std::chrono::seconds(local_seconds)};
  const auto info = zone_->get_info(local);
  if (info.result == date::local_info::unique) {
    offset_s_ = info.first.offset.count();
    known_from_ = info.first.begin.time_since_epoch().count() + offset_s_ + kDaySeconds;
    known_to_ = info.first.end.time_since_epoch().count() + offset_s_ - kDaySeconds;
    return local_seconds - offset_s_;
  }
  if (info.result == date::local_info::ambiguous) {
    return local_seconds - info.first.offset.count();
  }
  return info.first.end.time_since_epoch().count();
}

}  // namespace opsledger
