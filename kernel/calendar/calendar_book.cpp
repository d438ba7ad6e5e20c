#include "kernel/calendar/calendar_book.hpp"

#include "kernel/calendar/calendar_events.hpp"

namespace opsledger {

namespace {

void apply(const CalendarChange& change, CalendarRules* rules) {
  if (const auto* hours = std::get_if<HoursSet>(&change.what)) {
    rules->week[static_cast<std::size_t>(hours->weekday - 1)] = hours->spans;
  } else if (const auto* zone = std::get_if<ZoneSet>(&change.what)) {
    rules->zone = zone->zone;
  } else {
    const auto& day = std::get<DaySet>(change.what);
    if (day.kind) {
      rules->days[day.date] = *day.kind;
    } else {
      rules->days.erase(day.date);
    }
  }
}

}  // namespace

/// A failed sync takes accepted events back: then everything is read again.
Status CalendarBook::follow(Position upto) const {
  if (read_ > ledger_.accepted().position) {
    read_ = {};
    changes_.clear();
    made_.clear();
  }
  if (read_ >= upto) return {};
  ReadOptions options;
  options.after = read_;
  options.upto = upto;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read({{{calendar_types(), {}}}}, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) {
      if (!changes_.empty() && event.position <= changes_.back().position) continue;
      OPS_TRY_ASSIGN(auto change, read_calendar_change(event, schemas_));
      changes_.push_back(std::move(change));
    }
  }
  read_ = upto;
  return {};
}

Position CalendarBook::newest(std::string_view department, Position at) const {
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    if (change->position > at) continue;
    if (change->department == department || change->department == kEveryDepartment) {
      return change->position;
    }
  }
  return {};
}

/// What all departments share first, so that a department's own word wins whatever came later.
CalendarRules CalendarBook::rules(std::string_view department, Position at) const {
  CalendarRules rules;
  for (const std::string_view whose : {std::string_view(kEveryDepartment), department}) {
    for (const auto& change : changes_) {
      if (change.position > at) break;
      if (change.department == whose) apply(change, &rules);
    }
    if (department == kEveryDepartment) break;
  }
  return rules;
}

Result<CalendarVersion> CalendarBook::at(std::string_view department, Position at) const {
  const std::lock_guard lock(mutex_);
  OPS_TRY(follow(at));
  const Position changed = newest(department, at);
  const auto known = made_.find(department);
  if (known != made_.end() && known->second.changed == changed) return known->second;
  OPS_TRY_ASSIGN(auto calendar, WorkingCalendar::make(rules(department, at)));
  CalendarVersion version{std::make_shared<const WorkingCalendar>(std::move(calendar)), changed};
  made_[std::string(department)] = version;
  return version;
}

Result<Position> CalendarBook::changed(Position at) const {
  const std::lock_guard lock(mutex_);
  OPS_TRY(follow(at));
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    if (change->position <= at) return change->position;
  }
  return Position{};
}

}  // namespace opsledger
