#include "kernel/calendar/working_calendar.hpp"

#include <date/tz.h>

#include <algorithm>

#include "kernel/calendar/limits.hpp"

namespace opsledger {

namespace {

constexpr std::int64_t kMinuteUs = 60'000'000;

Error no_time() {
  return {Code::kRejected, "calendar.no_working_time",
          "the department's calendar has not that much working time within ten years; set its "
          "hours, or look whether every day is off"};
}

std::optional<int> parse_minute(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return {};
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > 24 * 60) return {};
  return hour * 60 + minute;
}

}  // namespace

std::optional<WorkSpan> parse_span(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return {};
  const auto begin = parse_minute(text.substr(0, 5)), end = parse_minute(text.substr(6));
  if (!begin || !end || *begin >= *end) return {};
  return WorkSpan{*begin, *end};
}

std::array<DaySpans, 7> CalendarRules::default_week() {
  const DaySpans office{{9 * 60, 12 * 60}, {13 * 60 + 30, 18 * 60 + 30}};
  return {office, office, office, office, office, {}, {}};
}

Result<WorkingCalendar> WorkingCalendar::make(CalendarRules rules) {
  try {
    const auto* zone = date::locate_zone(rules.zone);
    return WorkingCalendar(std::move(rules), zone);
  } catch (const std::exception&) {
    return Error{Code::kInvalid, "calendar.zone_unknown",
                 "there is no time zone `" + rules.zone + "`; write one such as Asia/Shanghai"};
  }
}

WorkingCalendar::WorkingCalendar(CalendarRules rules, const date::time_zone* zone)
    : rules_(std::move(rules)), zone_(zone) {
  const auto worked =
      std::ranges::find_if(rules_.week, [](const auto& day) { return !day.empty(); });
  if (worked != rules_.week.end()) makeup_ = *worked;
}

const DaySpans& WorkingCalendar::spans_of(std::int32_t day) const {
  static const DaySpans none;
  const auto found = rules_.days.find(day);
  if (found != rules_.days.end()) {
    return found->second == DayKind::kMakeupWorkday ? makeup_ : none;
  }
  const int weekday = ((day + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  return rules_.week[static_cast<std::size_t>(weekday)];
}

std::int32_t WorkingCalendar::local_day(Time time) const {
  const auto local = zone_->to_local(date::sys_time<Duration>(Duration(time.us)));
  return static_cast<std::int32_t>(date::floor<date::days>(local).time_since_epoch().count());
}

std::int64_t WorkingCalendar::minute_of_day(Time time, std::int32_t day) const {
  const auto local = zone_->to_local(date::sys_time<Duration>(Duration(time.us)));
  return (local.time_since_epoch() - date::days(day)).count();
}

Time WorkingCalendar::at(std::int32_t day, std::int64_t us_of_day) const {
  const date::local_time<Duration> local(date::days(day) + Duration(us_of_day));
  return {zone_->to_sys(local, date::choose::earliest).time_since_epoch().count()};
}

Result<Time> WorkingCalendar::add(Time from, Duration working) const {
  const std::int32_t first = local_day(from);
  for (std::int32_t day = first; day < first + calendar_limits::kDaysMax; ++day) {
    for (const WorkSpan& span : spans_of(day)) {
      const Time begin = std::max(from, at(day, span.begin * kMinuteUs));
      const Time end = at(day, span.end * kMinuteUs);
      if (begin >= end) continue;
      if (working <= end - begin) return begin + working;
      working -= end - begin;
    }
  }
  return no_time();
}

Result<Time> WorkingCalendar::add_days(Time from, std::int32_t days) const {
  if (days >= 0) {
    OPS_TRY_ASSIGN(from, add(from, Duration(0)));
  }
  std::int32_t day = local_day(from);
  const std::int64_t wanted = minute_of_day(from, day);
  const std::int32_t step = days < 0 ? -1 : 1;
  int looked = 0;
  for (std::int32_t left = std::abs(days); left > 0;) {
    day += step;
    if (++looked > calendar_limits::kDaysMax) return no_time();
    if (!spans_of(day).empty()) --left;
  }
  const DaySpans& spans = spans_of(day);
  if (spans.empty()) return no_time();
  for (const WorkSpan& span : spans) {
    if (wanted <= span.end * kMinuteUs) return at(day, std::max(wanted, span.begin * kMinuteUs));
  }
  return at(day, spans.back().end * kMinuteUs);
}

Result<Duration> WorkingCalendar::between(Time from, Time to) const {
  Duration sum{};
  if (to <= from) return sum;
  const std::int32_t first = local_day(from), last = local_day(to);
  if (last - first > calendar_limits::kDaysMax) return no_time();
  for (std::int32_t day = first; day <= last; ++day) {
    for (const WorkSpan& span : spans_of(day)) {
      const Time begin = std::max(from, at(day, span.begin * kMinuteUs));
      const Time end = std::min(to, at(day, span.end * kMinuteUs));
      if (begin < end) sum += end - begin;
    }
  }
  return sum;
}

}  // namespace opsledger
