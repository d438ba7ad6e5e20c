#include "kernel/calendar/calendar_changes.hpp"

#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

Error unreadable(const EventView& event, const std::string& what) {
  return {Code::kCorrupt, "calendar.event_unreadable",
          "event " + std::to_string(event.position.value) + " (" + std::string(event.type) +
              "): " + what + "; working time cannot be counted until it is restored"};
}

Result<json::value> data_of(const EventView& event, const SchemaCatalog& schemas) {
  if (event.schema.is_json()) return parse_json(event.data);
  const auto schema = schemas.find(event.schema);
  if (schema == nullptr) return unreadable(event, "its schema is not registered");
  return schema->decode(event.data);
}

std::string text(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<HoursSet> read_hours(const EventView& event, const json::object& data) {
  HoursSet hours;
  const auto* weekday = data.if_contains("weekday");
  boost::system::error_code wrong;
  hours.weekday = weekday == nullptr ? 0 : weekday->to_number<int>(wrong);
  if (wrong || hours.weekday < 1 || hours.weekday > 7) return unreadable(event, "weekday");
  const auto* spans = data.if_contains("spans");
  if (spans == nullptr || !spans->is_array()) return unreadable(event, "spans");
  for (const auto& each : spans->get_array()) {
    const auto span = each.is_string() ? parse_span(each.get_string()) : std::nullopt;
    if (!span) return unreadable(event, "spans");
    hours.spans.push_back(*span);
  }
  return hours;
}

Result<DaySet> read_day(const EventView& event, const json::object& data) {
  const auto date = parse_date(text(data, "date"));
  if (!date) return unreadable(event, "date");
  DaySet day{*date, {}};
  if (event.type == "calendar.day_restored") return day;
  const auto kind = text(data, "kind");
  if (kind == "holiday") {
    day.kind = DayKind::kHoliday;
  } else if (kind == "makeup_workday") {
    day.kind = DayKind::kMakeupWorkday;
  } else if (kind == "dept_off") {
    day.kind = DayKind::kDeptOff;
  } else {
    return unreadable(event, "kind `" + kind + "`");
  }
  return day;
}

}  // namespace

Result<CalendarChange> read_calendar_change(const EventView& event, const SchemaCatalog& schemas) {
  OPS_TRY_ASSIGN(const json::value value, data_of(event, schemas));
  if (!value.is_object()) return unreadable(event, "no fields");
  const auto& data = value.get_object();
  CalendarChange change{event.position, text(data, "department"), {}};
  if (change.department.empty()) return unreadable(event, "department");
  if (event.type == "calendar.hours_set") {
    OPS_TRY_ASSIGN(change.what, read_hours(event, data));
  } else if (event.type == "calendar.zone_set") {
    change.what = ZoneSet{text(data, "zone")};
  } else {
    OPS_TRY_ASSIGN(change.what, read_day(event, data));
  }
  return change;
}

}  // namespace opsledger
