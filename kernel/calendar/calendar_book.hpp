// Every department's calendar at any position.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "kernel/calendar/calendar_changes.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// A calendar as it holds at a position, and the newest event that made it so (0 = defaults).
struct CalendarVersion {
  std::shared_ptr<const WorkingCalendar> calendar;
  Position changed{};
};

/// Follows the ledger's calendar events; keeps the calendars that were asked for last. Thread safe.
/// What it is given must outlive it.
class CalendarBook {
 public:
  CalendarBook(const Ledger& ledger, const SchemaCatalog& schemas)
      : ledger_(ledger), schemas_(schemas) {}

  /// `at` up to the accepted head. Errors: the ledger's, kCorrupt `calendar.event_unreadable`,
  /// kInvalid `calendar.zone_unknown`.
  Result<CalendarVersion> at(std::string_view department, Position at) const;
  /// The newest calendar event of anybody at or before `at`; 0 = none.
  Result<Position> changed(Position at) const;

 private:
  Status follow(Position upto) const;
  Position newest(std::string_view department, Position at) const;
  CalendarRules rules(std::string_view department, Position at) const;

  const Ledger& ledger_;
  const SchemaCatalog& schemas_;
  mutable std::mutex mutex_;  // guards all below
  mutable Position read_{};
  mutable std::vector<CalendarChange> changes_;
  mutable std::map<std::string, CalendarVersion, std::less<>> made_;  ///< by department
};

}  // namespace opsledger
