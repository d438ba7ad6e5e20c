// Calendar events, read by their fields.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "kernel/calendar/working_calendar.hpp"
#include "kernel/schema/catalog.hpp"

namespace opsledger {

struct HoursSet {
  int weekday = 1;  ///< 1 = Monday
  DaySpans spans;
};
struct ZoneSet {
  std::string zone;
};
struct DaySet {
  std::int32_t date = 0;
  std::optional<DayKind> kind;  ///< nothing: as any other such day again
};
struct CalendarChange {
  Position position{};
  std::string department;  ///< `*` = all that say nothing
  std::variant<HoursSet, ZoneSet, DaySet> what;
};

/// Errors: kCorrupt `calendar.event_unreadable` naming position and field.
Result<CalendarChange> read_calendar_change(const EventView& event, const SchemaCatalog& schemas);

}  // namespace opsledger
