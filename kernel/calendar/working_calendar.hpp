// Working time of one department: pure arithmetic over hours, exceptions and a time zone.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace date {
class time_zone;
}

namespace opsledger {

/// Minutes of the local day, half open: 09:00-12:00 is {540, 720}.
struct WorkSpan {
  int begin = 0, end = 0;
  friend auto operator<=>(const WorkSpan&, const WorkSpan&) = default;
};
using DaySpans = std::vector<WorkSpan>;  ///< ascending, apart

enum class DayKind { kHoliday, kMakeupWorkday, kDeptOff };

/// What a calendar is made of. Defaults are those of a department that said nothing: Monday to
/// Friday 09:00-12:00 and 13:30-18:30, Asia/Shanghai, no exceptions.
struct CalendarRules {
  std::string zone = "Asia/Shanghai";
  std::array<DaySpans, 7> week = default_week();  ///< from Monday
  std::map<std::int32_t, DayKind> days;           ///< by days since 1970-01-01
  static std::array<DaySpans, 7> default_week();
};

/// A value; immutable, thread safe. Time zones come from the system's database.
/// A make-up workday has the hours of the first weekday that has any.
/// Errors of all three: kRejected `calendar.no_working_time` when ten years do not hold what is
/// asked for.
class WorkingCalendar {
 public:
  /// Errors: kInvalid `calendar.zone_unknown`.
  static Result<WorkingCalendar> make(CalendarRules rules);

  /// The moment when `working` has passed since `from`; with 0 the next working moment. What ends
  /// with a span ends there and not at the next span's begin.
  Result<Time> add(Time from, Duration working) const;
  /// The same time of day `days` working days later than the first working moment at or after
  /// `from`; a negative number: before the local day of `from`. Time outside of the day's hours
  /// moves to the next span's begin, after the last to its end.
  Result<Time> add_days(Time from, std::int32_t days) const;
  /// Working time from `from` to `to`; 0 when `to` is not later.
  Result<Duration> between(Time from, Time to) const;

 private:
  WorkingCalendar(CalendarRules rules, const date::time_zone* zone);
  const DaySpans& spans_of(std::int32_t day) const;
  std::int32_t local_day(Time time) const;
  std::int64_t minute_of_day(Time time, std::int32_t day) const;
  Time at(std::int32_t day, std::int64_t us_of_day) const;

  CalendarRules rules_;
  const date::time_zone* zone_;
  DaySpans makeup_;
};

/// `09:00-12:00` -> a span; nothing for anything else. 24:00 may end one.
std::optional<WorkSpan> parse_span(std::string_view text);

}  // namespace opsledger
