// The events that make calendars. The module `calendar` owns and decides them; the kernel reads
// them by their fields, whatever the module's version.
//   calendar.hours_set       {department, weekday 1..7, spans ["09:00-12:00"]}
//   calendar.zone_set        {department, zone}
//   calendar.day_overridden  {department, date, kind holiday|makeup_workday|dept_off, name}
//   calendar.day_restored    {department, date}
// each with the tag `calendar:<department>`; the department `*` stands for all that say nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/api/query.hpp"

namespace opsledger {

inline constexpr const char* kEveryDepartment = "*";

/// Every type above.
inline const std::vector<std::string>& calendar_types() {
  static const std::vector<std::string> types{"calendar.hours_set", "calendar.zone_set",
                                              "calendar.day_overridden", "calendar.day_restored"};
  return types;
}

/// What would change the calendar of `department`.
inline std::vector<QueryItem> calendar_items(std::string_view department) {
  std::vector<QueryItem> items{{calendar_types(), {std::string("calendar:") + kEveryDepartment}}};
  if (!department.empty()) {
    items.push_back({calendar_types(), {"calendar:" + std::string(department)}});
  }
  return items;
}

}  // namespace opsledger
