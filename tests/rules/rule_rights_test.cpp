// Who may publish, try and switch rules: managers in their department, admins everywhere.
#include "kernel/rules/rule_administration.hpp"
#include "tests/access/access_fixture.hpp"

namespace opsledger::testing {
namespace {

class RuleRightsTest : public AccessFixture {
 protected:
  RuleRightsTest() {
    restart();
    found_company();
    catalog_ = std::make_unique<RuleCatalog>(ledger_, *registry_);
    planner_ = std::make_unique<RulePlanner>(*registry_, *schemas_, nullptr, nullptr);
    rules_ = std::make_unique<RuleAdministration>(ledger_, *registry_, *catalog_, *planner_,
                                                  model_.get());
  }
  static RequestContext as(const std::string& account) {
    RequestContext context;
    context.actor = account;
    context.authenticated = true;
    return context;
  }
  std::string publish(const std::string& account, const std::string& department,
                      const std::string& id = "R1") {
    boost::json::object rule = boost::json::parse(R"j({"id":"","on":"wallet.opened","do":[
            {"command":"wallet.deposit","data":{"id":"${data.id}","amount":1}}]})j")
                                   .as_object();
    rule["id"] = id;
    if (!department.empty()) rule["department"] = department;
    const auto outcome = rules_->publish(rule, as(account));
    return outcome.ok() ? "ok" : outcome.error().reason + " " + outcome.error().message;
  }
  std::string mode(const std::string& account, const std::string& department) {
    const auto outcome = rules_->set_mode("R1", department, RuleMode::kOff, as(account));
    return outcome.ok() ? "ok" : outcome.error().reason;
  }
  std::string dry_run(const std::string& account, const std::string& department) {
    const auto outcome = rules_->dry_run("R1", {{}, {}, department}, as(account));
    return outcome.ok() ? "ok" : outcome.error().reason;
  }

  std::unique_ptr<RuleCatalog> catalog_;
  std::unique_ptr<RulePlanner> planner_;
  std::unique_ptr<RuleAdministration> rules_;
};

TEST_F(RuleRightsTest, AManagerPublishesRulesOfHisDepartmentAlone) {
  EXPECT_EQ(publish("ben", "ops"), "ok");
  EXPECT_THAT(publish("ben", "it", "R2"), ::testing::HasSubstr("access.forbidden"));
  EXPECT_THAT(publish("ben", "", "R2"), ::testing::HasSubstr("access.forbidden"));
  EXPECT_THAT(publish("cara", "ops", "R2"), ::testing::HasSubstr("access.forbidden"));
  EXPECT_THAT(publish("aud", "ops", "R2"), ::testing::HasSubstr("access.forbidden"));
  EXPECT_EQ(publish("root", "", "R2"), "ok");
}

TEST_F(RuleRightsTest, NobodyAutomatesWhatTheyMayNotDo) {
  define("automator", {{{"module", "rule"}, {"class", "M"}, {"scope", "department"}}});
  grant("eve", "automator", "ops");
  EXPECT_THAT(publish("eve", "ops"), ::testing::HasSubstr("wallet.deposit"));
}

TEST_F(RuleRightsTest, ARuleOfEverybodyIsNotTakenOverByOneDepartment) {
  ASSERT_EQ(publish("root", ""), "ok");
  EXPECT_THAT(publish("ben", "ops"), ::testing::HasSubstr("access.forbidden"));
}

TEST_F(RuleRightsTest, SwitchingAndTryingNeedTheRightWhereTheyCount) {
  ASSERT_EQ(publish("root", ""), "ok");
  EXPECT_EQ(mode("ben", "ops"), "ok");
  EXPECT_EQ(mode("ben", "it"), "access.forbidden");
  EXPECT_EQ(mode("ben", "*"), "access.forbidden");
  EXPECT_EQ(mode("cara", "ops"), "access.forbidden");
  EXPECT_EQ(mode("root", "*"), "ok");
  EXPECT_EQ(dry_run("ben", "ops"), "ok");
  EXPECT_EQ(dry_run("ben", ""), "access.forbidden") << "history of other departments";
  EXPECT_EQ(dry_run("eve", "ops"), "access.forbidden");
}

}  // namespace
}  // namespace opsledger::testing
