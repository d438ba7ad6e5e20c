#include "kernel/access/administration.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "kernel/access/limits.hpp"
#include "kernel/access/role_events.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr Permission kRoles{"access", "access.roles", 'M'};
constexpr Permission kGrants{"access", "access.grants", 'M'};
constexpr Permission kModules{"module", "module.configure", 'M'};

NewEvent control_event(std::string type, std::vector<std::string> tags, json::object data) {
  NewEvent event;
  event.type = std::move(type);
  event.tags = std::move(tags);
  event.data = json::serialize(data);
  return event;
}

Error not_found(std::string_view what, const std::string& name) {
  return {Code::kNotFound, "entity.not_found",
          "there is no " + std::string(what) + " '" + name + "'"};
}

/// Departments are known once `org` has made one; before that any name that can be one goes.
Status check_department(const ControlState& state, const std::string& department) {
  const auto& organisation = state.organisation();
  if (organisation.knows_departments() ? organisation.is_department(department)
                                       : is_department(department)) {
    return {};
  }
  return not_found("department", department);
}

/// Whether anybody could still change rights; nobody could before there were accounts.
Status check_still_administered(ControlState state, const NewEvent& event, std::int32_t day) {
  if (!state.has_accounts()) return {};
  state.apply(event.type, json::parse(event.data).as_object());
  const auto administers = [&](const auto& account) {
    return account.second && state.holding(account.first, kGrants, {}, day).has_value();
  };
  if (std::ranges::any_of(state.accounts(), administers)) return {};
  return Error{Code::kRejected, "access.last_admin",
               "nobody could grant rights any more; grant another account the role admin first"};
}

bool writes(const Role& role) {
  return std::ranges::any_of(role.permissions, [](const RolePermission& each) {
    return each.permission_class != 'V' && each.module != kAuditModule;
  });
}

/// An auditor has no role that writes.
Status check_auditor_apart(const ControlState& state, const Administration::Grant& grant,
                           const Role& role, std::int32_t day) {
  bool is_auditor = false, is_writer = false;
  state.each_assignment(grant.account, day, [&](const Assignment& each) {
    is_auditor = is_auditor || each.role->name == kAuditorRole;
    is_writer = is_writer || writes(*each.role);
  });
  const bool becomes_auditor = role.name == kAuditorRole;
  if ((becomes_auditor && !is_writer) || (!becomes_auditor && !(is_auditor && writes(role)))) {
    return {};
  }
  return Error{Code::kRejected, "access.auditor_exclusive",
               "an auditor has no role that writes; use another account for " + grant.role};
}

json::object grant_data(const Administration::Grant& grant) {
  return {{"account", grant.account}, {"role", grant.role}, {"department", grant.department}};
}

std::vector<std::string> grant_tags(const Administration::Grant& grant) {
  std::vector<std::string> tags{"account:" + grant.account, "role:" + grant.role};
  if (!grant.department.empty()) tags.push_back("department:" + grant.department);
  return tags;
}

}  // namespace

Result<Administration::Outcome> Administration::apply(const Permission& right,
                                                      const std::string& department,
                                                      const RequestContext& context,
                                                      const Plan& plan) {
  for (unsigned tries = 1;; ++tries) {
    OPS_TRY(model_.load());
    const auto at = model_.known();
    OPS_TRY_ASSIGN(auto allowed, model_.require(right, context, department));
    OPS_TRY_ASSIGN(auto change, model_.look(plan));
    if (change.events.empty()) return Outcome{at, false};
    Proposal proposal;
    for (auto& event : change.events) {
      event.actor = context.actor;
      if (!context.reason.empty()) event.metadata.emplace_back("reason", context.reason);
      if (!allowed.role.empty()) event.metadata.emplace_back("role", allowed.role);
      proposal.events.push_back(std::move(event));
    }
    auto items = std::move(allowed.guard);
    items.insert(items.end(), change.rests_on.begin(), change.rests_on.end());
    proposal.condition = AppendCondition{Query{std::move(items)}, at};
    auto outcome = append_and_wait(ledger_, std::move(proposal));
    if (outcome.ok()) return Outcome{outcome->last, true};
    const bool again = outcome.error().code == Code::kConflict;
    if (!again || tries == access_limits::kTriesMax) return std::move(outcome).error();
  }
}

Result<Administration::Outcome> Administration::define_role(const json::object& json,
                                                            const RequestContext& context) {
  OPS_TRY_ASSIGN(const auto role, role_from_json(json));
  return apply(kRoles, {}, context, [&](const ControlState& state) -> Result<Change> {
    const auto known = state.roles().find(role.name);
    Change change;
    if (known != state.roles().end() && to_json(known->second) == to_json(role)) return change;
    change.events.push_back(role_defined(role, context.actor));
    OPS_TRY(check_still_administered(state, change.events[0], model_.today()));
    // others may at this moment lean on the role for who administers
    change.rests_on = {{{"role.defined", "grant.revoked", "account.disabled"}, {}}};
    return change;
  });
}

Result<Administration::Outcome> Administration::give(const Grant& grant,
                                                     const RequestContext& context) {
  return apply(kGrants, {}, context, [&](const ControlState& state) -> Result<Change> {
    const auto role = state.roles().find(grant.role);
    if (role == state.roles().end()) return not_found("role", grant.role);
    if (!state.is_account(grant.account)) return not_found("account", grant.account);
    if (!grant.department.empty()) OPS_TRY(check_department(state, grant.department));
    OPS_TRY(check_auditor_apart(state, grant, role->second, model_.today()));
    const auto& held = state.grants(grant.account);
    if (std::ranges::find(held, ControlState::Grant{grant.role, grant.department}) != held.end()) {
      return Change{};
    }
    Change change;
    change.events.push_back(control_event("grant.given", grant_tags(grant), grant_data(grant)));
    change.rests_on = {{{"grant.given", "grant.revoked"}, {"account:" + grant.account}},
                       {{"person.appointed", "person.transferred"}, {"person:" + grant.account}},
                       {{"role.defined"}, {}}};
    return change;
  });
}

Result<Administration::Outcome> Administration::revoke(const Grant& grant,
                                                       const RequestContext& context) {
  return apply(kGrants, {}, context, [&](const ControlState& state) -> Result<Change> {
    const auto& held = state.grants(grant.account);
    if (std::ranges::find(held, ControlState::Grant{grant.role, grant.department}) == held.end()) {
      return not_found("grant of role " + grant.role + " to account", grant.account);
    }
    Change change;
    change.events.push_back(control_event("grant.revoked", grant_tags(grant), grant_data(grant)));
    OPS_TRY(check_still_administered(state, change.events[0], model_.today()));
    change.rests_on = {{{"grant.revoked", "account.disabled", "role.defined"}, {}},
                       {{"grant.given"}, {"account:" + grant.account}}};
    return change;
  });
}

Result<Administration::Outcome> Administration::set_module(const Switch& wanted,
                                                           const RequestContext& context) {
  const auto module = registry_.module(wanted.module);
  if (!module) {
    return Error{Code::kNotFound, "module.unknown", "no loaded module is called " + wanted.module};
  }
  return apply(
      kModules, wanted.department, context, [&](const ControlState& state) -> Result<Change> {
        OPS_TRY(check_department(state, wanted.department));
        const auto& now = state.enablement();
        const std::vector<std::string> tags{"module:" + wanted.module,
                                            "department:" + wanted.department};
        json::object data{{"module", wanted.module}, {"department", wanted.department}};
        Change change;
        change.rests_on = {{{"module.disabled", "module.enabled", "module.configured"},
                            {"department:" + wanted.department}}};
        if (wanted.config) {
          OPS_TRY(check_config(module->info(), *wanted.config));
          data["config"] = *wanted.config;
        }
        const bool on = now.enabled(wanted.module, wanted.department);
        if (wanted.enabled && *wanted.enabled != on) {
          OPS_TRY(check_switch(registry_, now, module->info(), wanted.department, *wanted.enabled));
          if (!context.reason.empty()) data["reason"] = context.reason;
          change.events.push_back(control_event(
              *wanted.enabled ? "module.enabled" : "module.disabled", tags, std::move(data)));
        } else if (wanted.config && json::serialize(*wanted.config) !=
                                        now.config(wanted.module, wanted.department)) {
          change.events.push_back(control_event("module.configured", tags, std::move(data)));
        }
        return change;
      });
}

json::object explain(const ControlState& state, std::string_view account, const Permission& asked,
                     std::string_view department, std::int32_t day) {
  json::array assignments;
  state.each_assignment(account, day, [&](const Assignment& each) {
    Role counts{each.role->name, {}, {}, {}};
    std::ranges::copy_if(each.role->permissions, std::back_inserter(counts.permissions),
                         [&](const auto& permission) { return permission.covers(asked); });
    json::object one{{"role", counts.name},
                     {"department", each.department},
                     {"permissions", to_json(counts)["permissions"]}};
    if (!each.position.empty()) one["position"] = each.position;
    assignments.push_back(std::move(one));
  });
  json::object out{{"account", account},       {"permission", asked.name},
                   {"module", asked.module},   {"class", std::string(1, asked.permission_class)},
                   {"department", department}, {"known", state.is_account(account)}};
  const auto held =
      state.is_enabled(account) ? state.holding(account, asked, department, day) : std::nullopt;
  const bool on = state.enablement().enabled(asked.module, department);
  out["enabled"] = on;
  out["allowed"] = held.has_value() && on;
  if (held) {
    out["scope"] = scope_name(held->scope);
    out["role"] = held->role;
  }
  out["assignments"] = std::move(assignments);
  return out;
}

}  // namespace opsledger
