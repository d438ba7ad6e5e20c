// What makes a department's calendar. The kernel reads these by their fields: renaming one is a
// change of the contract with it.
#pragma once

#include <opsledger/sdk.hpp>

#include <string>
#include <vector>

namespace calendar {

enum class Kind { holiday, makeup_workday, dept_off };
OPS_ENUM(Kind, holiday, makeup_workday, dept_off)

inline ops::Tags tags_of(const std::string& department) {
  ops::Tags tags{{"calendar", department}};
  if (department != "*") tags.add("department", department);
  return tags;
}

struct HoursSet {
  static constexpr auto type = "calendar.hours_set";
  static constexpr ops::Label label{"Working hours set", "工作时间已设置"};
  std::string department;
  std::int32_t weekday = 1;
  std::vector<std::string> spans;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(weekday, "Weekday", "星期"),
       OPS_FIELD(spans, "Hours", "时段"));
  }
  ops::Tags tags() const { return tags_of(department); }
};

struct ZoneSet {
  static constexpr auto type = "calendar.zone_set";
  static constexpr ops::Label label{"Time zone set", "时区已设置"};
  std::string department, zone;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(zone, "Time zone", "时区"));
  }
  ops::Tags tags() const { return tags_of(department); }
};

struct DayOverridden {
  static constexpr auto type = "calendar.day_overridden";
  static constexpr ops::Label label{"Day set", "日期已设置"};
  std::string department;
  ops::Date date;
  Kind kind{};
  std::string name;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(date, "Date", "日期"),
       OPS_FIELD(kind, "Kind", "类型"), OPS_FIELD(name, "Name", "名称"));
  }
  ops::Tags tags() const { return tags_of(department); }
};

struct DayRestored {
  static constexpr auto type = "calendar.day_restored";
  static constexpr ops::Label label{"Day set back", "日期已恢复"};
  std::string department;
  ops::Date date;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(date, "Date", "日期"));
  }
  ops::Tags tags() const { return tags_of(department); }
};

}  // namespace calendar
