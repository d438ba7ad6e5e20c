#include "kernel/access/administration.hpp"

#include "tests/access/access_fixture.hpp"

namespace opsledger::testing {
namespace {

class AdministrationTest : public AccessFixture {
 protected:
  AdministrationTest() { found_company(); }
  using Outcome = Result<Administration::Outcome>;
  static std::string told(const Outcome& outcome) {
    return outcome.ok() ? outcome->changed ? "changed" : "same" : outcome.error().reason;
  }
  Outcome give(const RequestContext& by, const char* account, const char* role,
               const char* department) {
    return administration_->give({account, role, department}, by);
  }
  Outcome take(const RequestContext& by, const char* account, const char* role,
               const char* department) {
    return administration_->revoke({account, role, department}, by);
  }
  Outcome turn(const RequestContext& by, const char* department, bool on) {
    return administration_->set_module({department, "wallet", on, {}}, by);
  }
};

TEST_F(AdministrationTest, GrantsAreGivenOnceAndTakenAway) {
  EXPECT_EQ(told(give(as("root"), "eve", "ops_specialist", "ops")), "changed");
  EXPECT_EQ(told(give(as("root"), "eve", "ops_specialist", "ops")), "same");
  EXPECT_EQ(open_reason(as("eve", "ops")), "accepted");
  EXPECT_EQ(told(take(as("root"), "eve", "ops_specialist", "ops")), "changed");
  EXPECT_EQ(told(take(as("root"), "eve", "ops_specialist", "ops")), "entity.not_found");
  EXPECT_EQ(open_reason(as("eve", "ops")), "access.forbidden");
  const auto given = events("grant.given").back().view();
  EXPECT_EQ(given.actor, "root");
  EXPECT_EQ(given.metadata("role"), "admin");
}

TEST_F(AdministrationTest, OnlyAdministratorsChangeRights) {
  for (const auto* account : {"ada", "ben", "cara", "eve", "aud"}) {
    EXPECT_EQ(told(give(as(account), account, "admin", "")), "access.forbidden") << account;
    EXPECT_EQ(told(administration_->define_role(
                  {{"role", "x"}, {"permissions", boost::json::array()}}, as(account))),
              "access.forbidden");
    EXPECT_EQ(told(turn(as(account), "ops", false)), "access.forbidden") << account;
  }
  RequestContext stranger;
  EXPECT_EQ(told(give(stranger, "eve", "admin", "")), "access.unauthenticated");
}

TEST_F(AdministrationTest, NamesMustBeKnown) {
  EXPECT_EQ(told(give(as("root"), "eve", "wizard", "ops")), "entity.not_found");
  EXPECT_EQ(told(give(as("root"), "nobody", "viewer", "ops")), "entity.not_found");
  for (const auto* department : {"OPS", "ops ", "..", "ops/../it", "nowhere", "ops%2f"}) {
    EXPECT_EQ(told(give(as("root"), "eve", "viewer", department)), "entity.not_found");
    EXPECT_EQ(told(turn(as("root"), department, false)), "entity.not_found");
  }
  EXPECT_EQ(told(administration_->set_module({"ops", "nothing", false, {}}, as("root"))),
            "module.unknown");
}

TEST_F(AdministrationTest, LastAdministratorCannotBeTakenAway) {
  EXPECT_EQ(told(take(as("root"), "root", "admin", "")), "access.last_admin");
  EXPECT_EQ(told(administration_->define_role(
                {{"role", "admin"}, {"permissions", boost::json::array()}}, as("root"))),
            "access.last_admin");
  EXPECT_EQ(told(give(as("root"), "eve", "admin", "")), "changed");
  EXPECT_EQ(told(take(as("root"), "root", "admin", "")), "changed");
}

TEST_F(AdministrationTest, AuditorsHoldNoRoleThatWrites) {
  EXPECT_EQ(told(give(as("root"), "aud", "ops_specialist", "ops")), "access.auditor_exclusive");
  EXPECT_EQ(told(give(as("root"), "cara", "auditor", "")), "access.auditor_exclusive");
  EXPECT_EQ(told(give(as("root"), "aud", "viewer", "ops")), "changed");
  EXPECT_EQ(told(give(as("root"), "eve", "auditor", "")), "changed");
}

TEST_F(AdministrationTest, RolesAreReplacedAsAWhole) {
  boost::json::object role{
      {"role", "ops_specialist"},
      {"label_en", "S"},
      {"label_zh", "专"},
      {"permissions",
       {{{"module", "wallet"}, {"name", "wallet.deposit"}, {"scope", "department"}}}}};
  EXPECT_EQ(told(administration_->define_role(role, as("root"))), "changed");
  EXPECT_EQ(told(administration_->define_role(role, as("root"))), "same");
  EXPECT_EQ(open_reason(as("cara", "ops")), "access.forbidden");
}

TEST_F(AdministrationTest, ModulesAreSwitchedByAdministratorsAndThoseOfTheDepartment) {
  EXPECT_EQ(told(turn(as("root"), "ops", false)), "changed");
  EXPECT_EQ(told(turn(as("root"), "ops", false)), "same");
  EXPECT_EQ(open_reason(as("cara", "ops")), "module.disabled");
  grant("eve", "dept_admin", "ops");
  EXPECT_EQ(told(turn(as("eve"), "ops", true)), "changed");
  EXPECT_EQ(told(turn(as("eve"), "it", false)), "access.forbidden");
  EXPECT_EQ(told(turn(as("eve"), "shop", false)), "access.forbidden");
  EXPECT_EQ(open_reason(as("cara", "ops")), "accepted");
}

TEST_F(AdministrationTest, ExplanationNamesTheRoleThatDecides) {
  ASSERT_TRUE(model_->load().ok());
  model_->look([](const ControlState& state) {
    const Permission open{"wallet", "wallet.open", 'C'};
    const auto yes = explain(state, "cara", open, "ops", 20'700);
    EXPECT_EQ(yes.at("allowed"), boost::json::value(true));
    EXPECT_EQ(yes.at("role"), boost::json::value("ops_specialist"));
    EXPECT_EQ(yes.at("assignments").at(0).at("position"), boost::json::value("clerk"));
    const auto no = explain(state, "eve", open, "ops", 20'700);
    EXPECT_EQ(no.at("allowed"), boost::json::value(false));
    EXPECT_TRUE(no.at("assignments").as_array().empty());
  });
}

class FreshRoles : public AccessFixture {};

TEST_F(FreshRoles, AreRecordedOnceAndDoNotComeBack) {
  ASSERT_TRUE(record_default_roles(ledger_, *model_, *registry_, "opsledger").ok());
  const auto head = ledger_.durable().position;
  ASSERT_TRUE(record_default_roles(ledger_, *model_, *registry_, "opsledger").ok());
  EXPECT_EQ(ledger_.durable().position, head);
  EXPECT_EQ(model_->look([](const ControlState& s) { return s.roles().size(); }), 19u);
  define("director", {});
  restart();
  ASSERT_TRUE(record_default_roles(ledger_, *model_, *registry_, "opsledger").ok());
  EXPECT_TRUE(model_->look([](const ControlState& s) { return s.roles().at("director"); })
                  .permissions.empty());
}

}  // namespace
}  // namespace opsledger::testing
