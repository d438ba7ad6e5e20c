// What decisions and reactions may ask: rows of any table, and working time.
#pragma once

#include "kernel/calendar/calendar_book.hpp"
#include "kernel/plugin/plugin_instance.hpp"
#include "kernel/projection/projection_engine.hpp"

namespace opsledger {

/// Thread safe. What it is given must outlive it; `use` before anybody asks for rows.
class KernelServices final : public HostServices {
 public:
  explicit KernelServices(const CalendarBook& calendars) : calendars_(calendars) {}
  /// The tables; apart from the constructor because they are made after the command path.
  void use(const ProjectionEngine& projections) { projections_ = &projections; }

  Result<std::optional<std::string>> lookup(std::string_view table, std::string_view key,
                                            Position at) const override;
  Result<Time> add_working(std::string_view department, Time from, Duration working,
                           Position at) const override;
  Result<Time> add_working_days(std::string_view department, Time from, std::int32_t days,
                                Position at) const override;
  Result<Duration> working_between(std::string_view department, Time from, Time to,
                                   Position at) const override;

 private:
  const CalendarBook& calendars_;
  const ProjectionEngine* projections_ = nullptr;
};

}  // namespace opsledger
