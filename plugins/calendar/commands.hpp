// What people ask of a calendar. `department` is a department's id, or `*` for all departments
// that say nothing of their own.
#pragma once

#include "events.hpp"

namespace calendar {

struct SetHours {
  static constexpr auto type = "calendar.set_hours";
  std::string department;
  std::int32_t weekday = 1;
  std::vector<std::string> spans;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(weekday, "Weekday, 1 = Monday", "星期(1=周一)"),
       OPS_FIELD(spans, "Hours such as 09:00-12:00", "时段,如09:00-12:00"));
  }
};

struct SetZone {
  static constexpr auto type = "calendar.set_zone";
  std::string department, zone;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(zone, "Time zone", "时区"));
  }
};

struct OverrideDay {
  static constexpr auto type = "calendar.override_day";
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

struct RestoreDay {
  static constexpr auto type = "calendar.restore_day";
  std::string department;
  ops::Date date;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(date, "Date", "日期"));
  }
};

struct ImportedDay {
  ops::Date date;
  Kind kind{};
  std::string name;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(date, "Date", "日期"), OPS_FIELD(kind, "Kind", "类型"),
       OPS_FIELD(name, "Name", "名称"));
  }
};

/// A year's list at once; days that are set so already are left alone.
struct ImportDays {
  static constexpr auto type = "calendar.import_days";
  std::string department;
  std::vector<ImportedDay> days;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(days, "Days", "日期列表"));
  }
};

}  // namespace calendar
