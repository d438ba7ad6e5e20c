#include "kernel/access/default_roles.hpp"

#include <gtest/gtest.h>

#include <set>

#include "kernel/access/control_state.hpp"

namespace opsledger {
namespace {

TEST(DefaultRoles, AreThoseOfTheRuleBookAndAllFitAnEvent) {
  std::set<std::string> names;
  for (const auto& role : default_roles()) {
    EXPECT_TRUE(role_from_json(to_json(role)).ok()) << role.name;
    EXPECT_FALSE(role.permissions.empty()) << role.name;
    EXPECT_FALSE(role.label_zh.empty()) << role.name;
    EXPECT_TRUE(names.insert(role.name).second) << role.name;
  }
  for (const auto* name : {"director", "ops_manager", "ops_specialist", "it_lead", "editor_lead",
                           "editor", "designer", "cs_lead", "cs_agent", "warehouse", "finance",
                           "purchasing", "hr", "gm", "auditor", "admin", "dept_admin", "viewer"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

const Role& role(const std::vector<Role>& roles, std::string_view name) {
  return *std::ranges::find(roles, name, &Role::name);
}
bool covers(const Role& role, const Permission& asked) {
  return std::ranges::any_of(role.permissions, [&](const auto& p) { return p.covers(asked); });
}

TEST(DefaultRoles, AdministratorHasNoRightToDomainCommands) {
  const auto roles = default_roles();
  const auto& admin = role(roles, "admin");
  for (const auto* module : {"order", "incident", "task", "plan", "kpi", "request", "approval"}) {
    for (const char permission_class : {'C', 'A', 'M'}) {
      EXPECT_FALSE(covers(admin, {module, "x.y", permission_class})) << module;
    }
  }
  EXPECT_TRUE(covers(admin, {"org", "department.create", 'M'}));
  EXPECT_TRUE(covers(admin, {"access", "access.grants", 'M'}));
}

TEST(DefaultRoles, AuditorReadsEverythingAndWritesAuditOnly) {
  const auto roles = default_roles();
  const auto& auditor = role(roles, "auditor");
  for (const auto* module : {"order", "kpi", "access", "anything"}) {
    EXPECT_TRUE(covers(auditor, {module, "x", 'V'}));
    for (const char permission_class : {'C', 'A', 'M'}) {
      EXPECT_FALSE(covers(auditor, {module, "x", permission_class}));
    }
  }
  EXPECT_TRUE(covers(auditor, {"audit", "audit.add_note", 'C'}));
}

}  // namespace
}  // namespace opsledger
