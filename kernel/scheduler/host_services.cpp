#include "kernel/scheduler/host_services.hpp"

#include "kernel/query/table_query.hpp"
#include "kernel/scheduler/limits.hpp"

namespace opsledger {

Result<std::optional<std::string>> KernelServices::lookup(std::string_view table,
                                                          std::string_view key, Position at) const {
  if (projections_ == nullptr) {
    return Error{Code::kNotReady, "tables.not_open", "the tables are not open yet; try again"};
  }
  const auto module = table.substr(0, table.find('.'));
  OPS_TRY(projections_->wait_for(module, at, scheduler_limits::kTableWait));
  OPS_TRY_ASSIGN(const auto snapshot, projections_->open(table, at));
  auto row = read_row(snapshot, key);
  if (row.ok()) return std::optional(std::move(*row));
  if (row.error().code == Code::kNotFound) return std::optional<std::string>{};
  return std::move(row).error();
}

Result<Time> KernelServices::add_working(std::string_view department, Time from, Duration working,
                                         Position at) const {
  OPS_TRY_ASSIGN(const auto version, calendars_.at(department, at));
  return version.calendar->add(from, working);
}

Result<Time> KernelServices::add_working_days(std::string_view department, Time from,
                                              std::int32_t days, Position at) const {
  OPS_TRY_ASSIGN(const auto version, calendars_.at(department, at));
  return version.calendar->add_days(from, days);
}

Result<Duration> KernelServices::working_between(std::string_view department, Time from, Time to,
                                                 Position at) const {
  OPS_TRY_ASSIGN(const auto version, calendars_.at(department, at));
  return version.calendar->between(from, to);
}

}  // namespace opsledger
