#include "kernel/access/control_state.hpp"

#include "tests/access/access_fixture.hpp"

namespace opsledger::testing {
namespace {

constexpr Permission kOpen{"wallet", "wallet.open", 'C'};
constexpr std::int32_t kDay = 20'700;

class ControlStateTest : public AccessFixture {
 protected:
  ControlStateTest() { found_company(); }
  std::string scope(const char* account, const char* department) {
    EXPECT_TRUE(model_->load().ok());
    return model_->look([&](const ControlState& state) {
      const auto held = state.holding(account, kOpen, department, kDay);
      return held ? std::string(scope_name(held->scope)) : std::string("no");
    });
  }
};

TEST_F(ControlStateTest, PositionBringsItsRoleInItsDepartment) {
  EXPECT_EQ(scope("cara", "ops"), "department");
  EXPECT_EQ(scope("cara", "shop"), "no");
  EXPECT_EQ(scope("cara", "it"), "no");
  EXPECT_EQ(scope("ada", "shop"), "subtree");
  EXPECT_EQ(scope("ada", "company"), "subtree");
  EXPECT_EQ(scope("eve", "ops"), "no");
  EXPECT_EQ(scope("root", "ops"), "no");
  EXPECT_EQ(scope("aud", "ops"), "no");
}

TEST_F(ControlStateTest, RelievingTakesTheRoleAway) {
  control("person.relieved", {{"person", "cara"}, {"position", "clerk"}});
  EXPECT_EQ(scope("cara", "ops"), "no");
  EXPECT_EQ(scope("dan", "ops"), "department");
}

TEST_F(ControlStateTest, ExplicitGrantsAddToPositions) {
  grant("cara", "ops_specialist", "it");
  EXPECT_EQ(scope("cara", "it"), "department");
  EXPECT_EQ(scope("cara", "ops"), "department");
  revoke("cara", "ops_specialist", "it");
  EXPECT_EQ(scope("cara", "it"), "no");
}

TEST_F(ControlStateTest, GrantForEverywhereHoldsInEveryNamedDepartment) {
  grant("eve", "ops_specialist");
  EXPECT_EQ(scope("eve", "it"), "department");
  EXPECT_EQ(scope("eve", ""), "no");
}

TEST_F(ControlStateTest, AuditorWritesNothingWhateverElseTheAccountWasGiven) {
  grant("aud", "ops_specialist", "ops");
  EXPECT_EQ(scope("aud", "ops"), "no");
  const Permission note{"audit", "audit.add_note", 'C'};
  model_->look([&](const ControlState& state) {
    EXPECT_TRUE(state.holding("aud", note, "", kDay).has_value());
  });
}

TEST_F(ControlStateTest, RowScopeIsTheUnionOfWhatRolesReach) {
  const auto clerk = sees(as("cara"));
  EXPECT_FALSE(clerk.all);
  EXPECT_TRUE(clerk.sees("it", "cara"));
  EXPECT_FALSE(clerk.sees("ops", "dan"));
  const auto boss = sees(as("ben"));
  EXPECT_TRUE(boss.sees("ops", "whoever"));
  EXPECT_FALSE(boss.sees("it", "cara"));
  const auto chief = sees(as("ada"));
  EXPECT_TRUE(chief.sees("shop", ""));
  EXPECT_FALSE(chief.sees("elsewhere", ""));
  EXPECT_TRUE(sees(as("aud")).everything());
  EXPECT_TRUE(sees(as("eve")).nothing());
}

TEST_F(ControlStateTest, TeamScopeReachesWhatThePeopleBelowOwn) {
  define("lead", {{{"module", "wallet"}, {"class", "V"}, {"scope", "team"}}});
  position("lead", "lead", "shop", "chief");
  position("hand", "viewer", "shop", "lead");
  account("lea");
  account("hal");
  appoint("lea", "lead", "shop");
  appoint("hal", "hand", "shop");
  const auto rows = sees(as("lea"));
  EXPECT_TRUE(rows.sees("it", "hal"));
  EXPECT_TRUE(rows.sees("it", "lea"));
  EXPECT_FALSE(rows.sees("shop", "cara"));
}

TEST_F(ControlStateTest, ImpliedDepartmentIsThatOfThePrimaryPositionOrTheOnlyOne) {
  const auto implied = [&](const char* account) {
    EXPECT_TRUE(model_->load().ok());
    return model_->look([&](const ControlState& s) { return s.implied_department(account, kDay); });
  };
  EXPECT_EQ(implied("cara"), "ops");
  EXPECT_EQ(implied("eve"), "");
  grant("eve", "viewer", "it");
  EXPECT_EQ(implied("eve"), "it");
  grant("eve", "viewer", "ops");
  EXPECT_EQ(implied("eve"), "");
}

}  // namespace
}  // namespace opsledger::testing
