// Working time of a department's calendar: hours, holidays, make-up workdays. Got from
// Envelope::calendar; valid inside the callback only.
#pragma once

#include <opsledger/error.hpp>
#include <opsledger/time.hpp>
#include <opsledger/view.hpp>

#include <string>
#include <string_view>

namespace ops {

class WorkingCalendar {
 public:
  /// For Envelope. Throws HostError where the host has no calendars.
  WorkingCalendar(const ops_host* host, std::string_view department)
      : host_(host), department_(department) {
    table_ = static_cast<const ops_calendar*>(
        host->get_extension(host, to_view(std::string_view(OPS_CALENDAR_EXTENSION))));
    if (table_ == nullptr) throw HostError("working time is not granted here");
  }

  /// When `working` has passed since `from`; with 0 the next working moment.
  Time add(Time from, Duration working) const {
    Time out;
    check(table_->add(host_, to_view(department_), from.us, working.count(), &out.us));
    return out;
  }
  /// The same time of day so many working days later, moved into that day's hours.
  Time add_days(Time from, std::int32_t days) const {
    Time out;
    check(table_->add_days(host_, to_view(department_), from.us, days, &out.us));
    return out;
  }
  /// Working time between the two; 0 when `to` is not later.
  Duration between(Time from, Time to) const {
    std::int64_t out = 0;
    check(table_->between(host_, to_view(department_), from.us, to.us, &out));
    return Duration(out);
  }

 private:
  static void check(ops_status status) {
    if (status != OPS_OK) throw HostError("counting working time failed in the host");
  }
  const ops_host* host_;
  std::string department_;
  const ops_calendar* table_ = nullptr;
};

}  // namespace ops
