#include "kernel/access/control_state.hpp"

#include <algorithm>
#include <set>

#include "kernel/access/json_fields.hpp"

namespace opsledger {

namespace {

void sort_once(std::vector<std::string>* list) {
  std::ranges::sort(*list);
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

}  // namespace

const std::vector<std::string>& ControlState::types() {
  static const auto kTypes = [] {
    std::vector<std::string> types{"account.created", "account.disabled", "account.enabled",
                                   "role.defined",    "grant.given",      "grant.revoked",
                                   "module.enabled",  "module.disabled",  "module.configured"};
    types.insert(types.end(), Organisation::types().begin(), Organisation::types().end());
    return types;
  }();
  return kTypes;
}

bool ControlState::folds(std::string_view type) {
  static const std::set<std::string, std::less<>> kTypes(types().begin(), types().end());
  return kTypes.contains(type);
}

void ControlState::apply(std::string_view type, const boost::json::object& data) {
  if (Enablement::folds(type)) return enablement_.apply(type, data);
  const auto account = text_field(data, "account");
  if (type == "account.created" || type == "account.enabled") {
    accounts_[account] = true;
  } else if (type == "account.disabled") {
    accounts_[account] = false;
  } else if (type == "role.defined") {
    if (auto role = role_from_json(data); role.ok()) roles_[role->name] = std::move(*role);
  } else if (type == "grant.given" || type == "grant.revoked") {
    const Grant grant{text_field(data, "role"), text_field(data, "department")};
    revoke(account, grant);
    if (type == "grant.given") grants_[account].push_back(grant);
  } else {
    organisation_.apply(type, data);
  }
}

void ControlState::revoke(const std::string& account, const Grant& grant) {
  if (const auto found = grants_.find(account); found != grants_.end()) {
    std::erase(found->second, grant);
  }
}

bool ControlState::is_enabled(std::string_view account) const {
  const auto found = accounts_.find(account);
  return found != accounts_.end() && found->second;
}

const std::vector<ControlState::Grant>& ControlState::grants(std::string_view account) const {
  static const std::vector<Grant> kNone;
  const auto found = grants_.find(account);
  return found == grants_.end() ? kNone : found->second;
}

void ControlState::each_assignment(std::string_view account, std::int32_t day,
                                   const Take& take) const {
  for (const auto& grant : grants(account)) {
    const auto role = roles_.find(grant.role);
    if (role != roles_.end()) take({&role->second, grant.department, {}, false});
  }
  organisation_.each_held(account, day, [&](const auto& held, const auto& position) {
    const auto role = roles_.find(position.role);
    if (role == roles_.end()) return;
    const auto& department = position.department.empty() ? held.department : position.department;
    take({&role->second, department, held.position, held.primary});
  });
}

bool ControlState::is_auditor(std::string_view account, std::int32_t day) const {
  bool found = false;
  each_assignment(account, day, [&found](const Assignment& each) {
    found = found || each.role->name == kAuditorRole;
  });
  return found;
}

bool ControlState::reaches(const Assignment& assignment, Scope scope,
                           std::string_view department) const {
  if (scope == Scope::kAll) return true;
  if (department.empty()) return false;
  if (assignment.department.empty()) return true;
  if (scope == Scope::kSubtree) return organisation_.within(department, assignment.department);
  return department == assignment.department;
}

std::optional<Holding> ControlState::holding(std::string_view account, const Permission& asked,
                                             std::string_view department, std::int32_t day) const {
  const bool reads_only = asked.permission_class != 'V' && asked.module != kAuditModule;
  bool auditor = false;
  std::optional<Holding> widest;
  each_assignment(account, day, [&](const Assignment& each) {
    auditor = auditor || each.role->name == kAuditorRole;
    for (const auto& permission : each.role->permissions) {
      if (!permission.covers(asked) || !reaches(each, permission.scope, department)) continue;
      if (widest && widest->scope >= permission.scope) continue;
      widest = Holding{each.role->name, std::string(each.department), std::string(each.position),
                       permission.scope};
    }
  });
  if (auditor && reads_only) return std::nullopt;
  return widest;
}

std::string ControlState::implied_department(std::string_view account, std::int32_t day) const {
  std::set<std::string_view> named;
  std::string_view primary;
  each_assignment(account, day, [&](const Assignment& each) {
    if (each.primary) primary = each.department;
    if (!each.department.empty()) named.insert(each.department);
  });
  if (!primary.empty()) return std::string(primary);
  return named.size() == 1 ? std::string(*named.begin()) : std::string();
}

void ControlState::add_reach(const Assignment& assignment, Scope scope, std::string_view account,
                             std::int32_t day, RowScope* rows) const {
  const bool everywhere = assignment.department.empty() && scope >= Scope::kDepartment;
  if (scope == Scope::kAll || everywhere) {
    rows->all = true;
  } else if (scope == Scope::kSubtree) {
    for (auto& each : organisation_.subtree(assignment.department)) {
      rows->departments.push_back(std::move(each));
    }
  } else if (scope == Scope::kDepartment) {
    rows->departments.emplace_back(assignment.department);
  } else if (scope == Scope::kTeam && !assignment.position.empty()) {
    for (auto& each : organisation_.team(assignment.position, day)) {
      rows->owners.push_back(std::move(each));
    }
  }
  rows->owners.emplace_back(account);
}

RowScope ControlState::read_scope(std::string_view account, const Permission& asked,
                                  std::int32_t day) const {
  RowScope rows;
  rows.all = false;
  bool auditor = false;
  each_assignment(account, day, [&](const Assignment& each) {
    auditor = auditor || each.role->name == kAuditorRole;
    for (const auto& permission : each.role->permissions) {
      if (permission.covers(asked)) add_reach(each, permission.scope, account, day, &rows);
    }
  });
  sort_once(&rows.departments);
  sort_once(&rows.owners);
  if (!auditor) enablement_.hide_disabled(asked.module, &rows);
  return rows;
}

}  // namespace opsledger
