// Calendars: working hours per weekday, holidays, make-up workdays and a time zone per department.
#include <algorithm>
#include <map>
#include <optional>

#include "commands.hpp"

namespace calendar {
namespace {

using ops::Decision;
using ops::emit;
using ops::reject;

constexpr std::size_t kSpansMax = 8;
constexpr std::size_t kImportedMax = 800;

/// What was said for one department.
struct Said {
  using Listens = ops::Fold<HoursSet, ZoneSet, DayOverridden, DayRestored>;
  std::map<std::int32_t, std::vector<std::string>> hours;
  std::map<ops::Date, std::pair<Kind, std::string>> days;
  std::string zone;
  void on(const HoursSet& e) { hours[e.weekday] = e.spans; }
  void on(const ZoneSet& e) { zone = e.zone; }
  void on(const DayOverridden& e) { days[e.date] = {e.kind, e.name}; }
  void on(const DayRestored& e) { days.erase(e.date); }
};

const auto of_department = [](const auto& c) { return ops::tags{{"calendar", c.department}}; };

// 09:00-12:00 -> minutes; nothing for anything else.
std::optional<std::pair<int, int>> span_of(const std::string& text) {
  int a = 0, b = 0, c = 0, d = 0, used = 0;
  if (text.size() != 11) return {};
  if (std::sscanf(text.c_str(), "%2d:%2d-%2d:%2d%n", &a, &b, &c, &d, &used) != 4 || used != 11)
    return {};
  const int begin = a * 60 + b, end = c * 60 + d;
  if (a < 0 || b < 0 || c < 0 || d < 0 || b > 59 || d > 59 || end > 1440 || begin >= end) return {};
  return std::pair{begin, end};
}

Decision set_hours(const SetHours& c, const Said& said, const ops::Envelope&) {
  if (c.weekday < 1 || c.weekday > 7)
    return reject("calendar.weekday", "a weekday is 1 (Monday) to 7 (Sunday)");
  if (c.spans.size() > kSpansMax) return reject("calendar.spans", "at most 8 spans a day");
  int last = -1;
  for (const auto& text : c.spans) {
    const auto span = span_of(text);
    if (!span)
      return reject("calendar.spans",
                    "`" + text + "` is no span such as 09:00-12:00 or 13:30-18:30");
    if (span->first < last)
      return reject("calendar.spans", "`" + text + "` begins before the span before it ends");
    last = span->second;
  }
  const auto known = said.hours.find(c.weekday);
  if (known != said.hours.end() && known->second == c.spans) return {};
  return emit(HoursSet{c.department, c.weekday, c.spans});
}

Decision set_zone(const SetZone& c, const Said& said) {
  if (said.zone == c.zone) return {};
  if (c.zone.empty() || c.zone.size() > 64)
    return reject("calendar.zone", "a time zone is a name such as Asia/Shanghai");
  return emit(ZoneSet{c.department, c.zone});
}

bool is_set(const Said& said, ops::Date date, Kind kind, const std::string& name) {
  const auto known = said.days.find(date);
  return known != said.days.end() && known->second == std::pair{kind, name};
}

Decision override_day(const OverrideDay& c, const Said& said) {
  if (is_set(said, c.date, c.kind, c.name)) return {};
  return emit(DayOverridden{c.department, c.date, c.kind, c.name});
}

Decision restore_day(const RestoreDay& c, const Said& said) {
  if (!said.days.contains(c.date))
    return reject("calendar.not_set", c.date.str() + " is a day like any other already");
  return emit(DayRestored{c.department, c.date});
}

Decision import_days(const ImportDays& c, const Said& said) {
  if (c.days.size() > kImportedMax)
    return reject("calendar.too_many", "at most 800 days at once; import year by year");
  std::map<ops::Date, int> seen;
  Decision decision;
  for (const auto& day : c.days) {
    if (seen[day.date]++ > 0)
      return reject("calendar.twice", day.date.str() + " is in the list twice");
    if (is_set(said, day.date, day.kind, day.name)) continue;
    decision.emit(DayOverridden{c.department, day.date, day.kind, day.name});
  }
  return decision;
}

struct Days {
  struct Row {
    std::string department;
    ops::Date date;
    Kind kind{};
    std::string name;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(date, "Date", "日期"),
         OPS_FIELD(kind, "Kind", "类型"), OPS_FIELD(name, "Name", "名称"));
    }
  };
  using Listens = ops::Fold<DayOverridden, DayRestored>;
  static std::string key(const std::string& department, ops::Date date) {
    return department + "/" + date.str();
  }
  static void on(const DayOverridden& e, ops::Rows<Row>& rows) {
    rows.put(key(e.department, e.date), {e.department, e.date, e.kind, e.name});
  }
  static void on(const DayRestored& e, ops::Rows<Row>& rows) {
    rows.erase(key(e.department, e.date));
  }
};

struct Hours {
  struct Row {
    std::string department;
    std::int32_t weekday = 1;
    std::vector<std::string> spans;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(weekday, "Weekday", "星期"),
         OPS_FIELD(spans, "Hours", "时段"));
    }
  };
  using Listens = ops::Fold<HoursSet>;
  static void on(const HoursSet& e, ops::Rows<Row>& rows) {
    rows.put(e.department + "/" + std::to_string(e.weekday), {e.department, e.weekday, e.spans});
  }
};

}  // namespace
}  // namespace calendar

OPS_PART(calendar_part, "calendar", "1.0.0") {
  using namespace calendar;
  using ops::Permission;
  m.label("Working calendar", "工作日历").events<HoursSet, ZoneSet, DayOverridden, DayRestored>();
  m.table<Days>("days")
      .label("Holidays and make-up workdays", "节假日与调休")
      .department("department")
      .index("date");
  m.table<Hours>("hours").label("Working hours", "工作时间").department("department");
  m.command<SetHours>("Set working hours", "设置工作时间")
      .permission(Permission::kManage)
      .granted_to({"admin", "dept_admin"})
      .reads<Said>(of_department)
      .decide(set_hours);
  m.command<SetZone>("Set time zone", "设置时区")
      .permission(Permission::kManage)
      .granted_to({"admin", "dept_admin"})
      .reads<Said>(of_department)
      .decide(set_zone);
  m.command<OverrideDay>("Set a day", "设置日期")
      .permission(Permission::kManage)
      .granted_to({"admin", "dept_admin"})
      .reads<Said>(of_department)
      .decide(override_day);
  m.command<RestoreDay>("Set a day back", "恢复日期")
      .permission(Permission::kManage)
      .granted_to({"admin", "dept_admin"})
      .reads<Said>(of_department)
      .decide(restore_day);
  m.command<ImportDays>("Import a year's days", "导入年度日历")
      .permission(Permission::kManage)
      .granted_to({"admin", "dept_admin"})
      .reads<Said>(of_department)
      .decide(import_days);
}

OPS_LIBRARY(&calendar_part)
