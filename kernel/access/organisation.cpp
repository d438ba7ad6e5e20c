#include "kernel/access/organisation.hpp"

#include <algorithm>

#include "kernel/access/json_fields.hpp"
#include "kernel/access/limits.hpp"

namespace opsledger {

const std::vector<std::string>& Organisation::types() {
  static const std::vector<std::string> kTypes{
      "department.created", "department.moved",   "department.closed", "position.defined",
      "position.revised",   "position.retired",   "person.registered", "person.deactivated",
      "person.appointed",   "person.transferred", "person.relieved",
  };
  return kTypes;
}

void Organisation::apply(std::string_view type, const boost::json::object& data) {
  const auto department = text_field(data, "department");
  const auto position = text_field(data, "position");
  const auto person = text_field(data, "person");
  if (type == "department.created" || type == "department.moved") {
    place_department(department, text_field(data, "parent"));
  } else if (type == "department.closed") {
    departments_[department].closed = true;
  } else if (type == "position.defined" || type == "position.revised") {
    define_position(position, data);
  } else if (type == "position.retired") {
    positions_[position].retired = true;
  } else if (type == "person.registered") {
    people_[person].active = true;
  } else if (type == "person.deactivated") {
    people_[person].active = false;
  } else if (type == "person.appointed") {
    appoint(data, "position");
  } else if (type == "person.relieved") {
    relieve(data, "position");
  } else if (type == "person.transferred") {
    relieve(data, "from_position");
    appoint(data, "to_position");
  }
}

void Organisation::place_department(const std::string& id, const std::string& parent) {
  auto& department = departments_[id];
  if (const auto old = departments_.find(department.parent); old != departments_.end()) {
    old->second.children.erase(id);
  }
  department.parent = parent;
  if (!parent.empty()) departments_[parent].children.insert(id);
}

void Organisation::define_position(const std::string& id, const boost::json::object& data) {
  auto& position = positions_[id];
  const auto take = [&data](std::string_view name, std::string* into) {
    if (data.contains(name)) *into = text_field(data, name);
  };
  take("department", &position.department);
  take("role", &position.role);
  if (!data.contains("reports_to")) return;
  reports_[position.reports_to].erase(id);
  take("reports_to", &position.reports_to);
  if (!position.reports_to.empty()) reports_[position.reports_to].insert(id);
}

void Organisation::appoint(const boost::json::object& data, std::string_view position_field) {
  const auto person = text_field(data, "person");
  Appointment appointment;
  appointment.position = text_field(data, position_field);
  appointment.department = text_field(data, "department");
  for (const auto* name : {"from", "effective_on", "effective"}) {
    if (const auto day = day_field(data, name)) appointment.from = *day;
  }
  appointment.primary = true_field(data, "primary");
  holders_[appointment.position].insert(person);
  people_[person].appointments.push_back(std::move(appointment));
}

void Organisation::relieve(const boost::json::object& data, std::string_view position_field) {
  const auto position = text_field(data, position_field);
  std::int32_t until = INT32_MIN;
  for (const auto* name : {"effective_on", "effective"}) {
    if (const auto day = day_field(data, name)) until = *day;
  }
  for (auto& each : people_[text_field(data, "person")].appointments) {
    if (each.position == position) each.until = std::min(each.until, until);
  }
}

bool Organisation::is_department(std::string_view department) const {
  const auto found = departments_.find(department);
  return found != departments_.end() && !found->second.closed;
}

const std::string* Organisation::parent(std::string_view department) const {
  const auto found = departments_.find(department);
  if (found == departments_.end() || found->second.parent.empty()) return nullptr;
  return &found->second.parent;
}

bool Organisation::within(std::string_view department, std::string_view root) const {
  for (unsigned depth = 0; depth < access_limits::kTreeDepthMax; ++depth) {
    if (department == root) return true;
    const auto* up = parent(department);
    if (up == nullptr) return false;
    department = *up;
  }
  return false;
}

std::vector<std::string> Organisation::subtree(std::string_view root) const {
  std::set<std::string> seen{std::string(root)};
  std::vector<std::string> open{std::string(root)};
  while (!open.empty()) {
    const auto found = departments_.find(open.back());
    open.pop_back();
    if (found == departments_.end()) continue;
    for (const auto& child : found->second.children) {
      if (seen.insert(child).second) open.push_back(child);
    }
  }
  return {seen.begin(), seen.end()};
}

const Organisation::Position* Organisation::position(std::string_view id) const {
  const auto found = positions_.find(id);
  return found == positions_.end() ? nullptr : &found->second;
}

void Organisation::each_held(std::string_view person, std::int32_t day, const Held& f) const {
  const auto found = people_.find(person);
  if (found == people_.end() || !found->second.active) return;
  for (const auto& each : found->second.appointments) {
    const auto* held = position(each.position);
    if (held == nullptr || held->retired || day < each.from || day >= each.until) continue;
    f(each, *held);
  }
}

std::vector<std::string> Organisation::team(std::string_view position, std::int32_t day) const {
  std::set<std::string> seen{std::string(position)}, members;
  std::vector<std::string> open{std::string(position)};
  while (!open.empty()) {
    const auto below = reports_.find(open.back());
    open.pop_back();
    if (below == reports_.end()) continue;
    for (const auto& each : below->second) {
      if (!seen.insert(each).second) continue;
      open.push_back(each);
      const auto holders = holders_.find(each);
      if (holders == holders_.end()) continue;
      for (const auto& person : holders->second) {
        each_held(person, day, [&](const Appointment& held, const Position&) {
          if (held.position == each) members.insert(person);
        });
      }
    }
  }
  return {members.begin(), members.end()};
}

}  // namespace opsledger
