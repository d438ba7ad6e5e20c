#include "kernel/access/access_model.hpp"

#include "kernel/access/limits.hpp"
#include "tests/access/access_fixture.hpp"

namespace opsledger::testing {
namespace {

class SetUpMode : public AccessFixture {};

TEST_F(SetUpMode, EverybodyMayEverythingWhileThereIsNoAccount) {
  EXPECT_EQ(open_reason({}), "accepted");
  EXPECT_TRUE(model_->reads_everything({}));
  EXPECT_TRUE(model_->require({"access", "access.grants", 'M'}, {}, {}).ok());
  EXPECT_FALSE(model_->has_accounts());
}

TEST_F(SetUpMode, EndsForEverWithTheFirstAccount) {
  account("root");
  EXPECT_EQ(open_reason({}), "access.unauthenticated");
  EXPECT_FALSE(model_->reads_everything({}));
  control("account.disabled", {{"account", "root"}});
  EXPECT_EQ(open_reason({}), "access.unauthenticated");
  restart();
  EXPECT_EQ(open_reason({}), "access.unauthenticated");
}

TEST_F(SetUpMode, FirstAccountBetweenCheckAndAppendIsNoticed) {
  bool done = false;
  knobs_->in_decide = [&] {
    if (!std::exchange(done, true)) account("root");
  };
  EXPECT_EQ(open_reason({}), "access.unauthenticated");
  EXPECT_TRUE(events("wallet.opened").empty());
}

TEST_F(SetUpMode, DoesNotPassAModuleThatIsOff) {
  control("module.disabled", {{"module", "wallet"}, {"department", "ops"}});
  RequestContext context;
  context.department = "ops";
  EXPECT_EQ(open_reason(context), "module.disabled");
  context.trusted = true;
  EXPECT_EQ(open_reason(context), "module.disabled");
}

class Rights : public AccessFixture {
 protected:
  Rights() { found_company(); }
};

TEST_F(Rights, DecideByRoleAndDepartment) {
  EXPECT_EQ(open_reason(as("cara", "ops")), "accepted");
  EXPECT_EQ(open_reason(as("cara", "shop")), "access.forbidden");
  EXPECT_EQ(open_reason(as("ada", "shop")), "accepted");
  EXPECT_EQ(open_reason(as("eve", "ops")), "access.forbidden");
  EXPECT_EQ(open_reason(as("root", "ops")), "access.forbidden");
  EXPECT_EQ(open_reason(as("aud", "ops")), "access.forbidden");
  EXPECT_EQ(open_reason(as("nobody", "ops")), "access.unauthenticated");
}

TEST_F(Rights, SayTheModuleRoleScopeAndImpliedDepartment) {
  const auto opened = open_as(as("cara"), "w");
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const auto event = ledger_.get(opened->position).value();
  EXPECT_EQ(event->metadata("role"), "ops_specialist");
  EXPECT_EQ(event->department, "ops");
  EXPECT_EQ(event->actor, "cara");
}

TEST_F(Rights, CraftedDepartmentsReachNothing) {
  for (const auto* department :
       {"OPS", "Ops", "ops ", " ops", "ops%00", "ops/", "ops/../ops", "..", "company/ops", "op",
        "opss", "ｏｐｓ", "ops\xcc\x81", "*", "department:ops", "company,ops"}) {
    EXPECT_NE(open_reason(as("cara", department)), "accepted") << department;
    EXPECT_NE(open_reason(as("ada", department)), "accepted") << department;
  }
  grant("eve", "ops_specialist");  // everywhere, but not in what does not exist
  EXPECT_EQ(open_reason(as("eve", "nowhere")), "department.unknown");
  control("department.closed", {{"department", "shop"}});
  EXPECT_EQ(open_reason(as("ada", "shop")), "department.unknown");
}

TEST_F(Rights, DisabledAccountIsNobody) {
  control("account.disabled", {{"account", "cara"}});
  EXPECT_EQ(open_reason(as("cara", "ops")), "access.unauthenticated");
  EXPECT_TRUE(sees(as("cara")).nothing());
  control("account.enabled", {{"account", "cara"}});
  EXPECT_EQ(open_reason(as("cara", "ops")), "accepted");
}

TEST_F(Rights, TokenScopesNarrowThem) {
  auto context = as("cara", "ops");
  context.scopes = {"wallet.deposit"};
  EXPECT_EQ(open_reason(context), "access.forbidden");
  EXPECT_TRUE(sees(context).nothing());
  EXPECT_FALSE(model_->reads_everything(context));
  context.scopes = {"wallet.*"};
  EXPECT_EQ(open_reason(context), "accepted");
  context = as("eve", "ops");  // a scope gives nothing that the account has not
  context.scopes = {"*"};
  EXPECT_EQ(open_reason(context), "access.forbidden");
  context = as("aud");
  context.scopes = {"order.*"};
  EXPECT_FALSE(model_->reads_everything(context));
  EXPECT_TRUE(sees(context).nothing());
}

/// Each of these happens after the right was checked and before the events are appended.
TEST_F(Rights, TakenAwayBetweenCheckAndAppendAreNoticed) {
  grant("eve", "ops_specialist", "ops");
  const std::vector<std::pair<const char*, std::function<void()>>> changes{
      {"eve", [&] { revoke("eve", "ops_specialist", "ops"); }},
      {"cara",
       [&] {
         control("person.relieved", {{"person", "cara"}, {"position", "clerk"}});
       }},
      {"dan",
       [&] {
         control("account.disabled", {{"account", "dan"}});
       }},
      {"ben", [&] { define("ops_manager", {}); }},
      {"ada",
       [&] {
         control("position.revised", {{"position", "chief"}, {"role", "viewer"}});
       }},
  };
  for (const auto& [account, change] : changes) {
    bool done = false;
    knobs_->in_decide = [&, take = &change] {
      if (!std::exchange(done, true)) (*take)();
    };
    EXPECT_NE(open_reason(as(account, "ops")), "accepted") << account;
    EXPECT_TRUE(done) << account;
    knobs_->in_decide = nullptr;
  }
  EXPECT_TRUE(events("wallet.opened").empty());
}

TEST_F(Rights, ModuleSwitchedOffBetweenCheckAndAppendIsNoticed) {
  bool done = false;
  knobs_->in_decide = [&] {
    if (std::exchange(done, true)) return;
    control("module.disabled", {{"module", "wallet"}, {"department", "ops"}});
  };
  EXPECT_EQ(open_reason(as("cara", "ops")), "module.disabled");
}

TEST_F(Rights, UnrelatedControlEventsCostNoSecondDecide) {
  unsigned decides = 0;
  knobs_->in_decide = [&] {
    if (++decides > 1) return;
    grant("root", "viewer", "it");
    control("module.disabled", {{"module", "wallet"}, {"department", "it"}});
    define("designer", {});
  };
  EXPECT_EQ(open_reason(as("cara", "ops")), "accepted");
  EXPECT_EQ(decides, 1u);
}

TEST_F(Rights, AreKnownAtOnceAfterManyOtherEvents) {
  for (std::uint64_t i = 0; i < access_limits::kScanEventsMax + 10; ++i) control("misc.note", {});
  EXPECT_EQ(open_reason(as("eve", "ops")), "access.forbidden");
  grant("eve", "ops_specialist", "ops");
  for (std::uint64_t i = 0; i < access_limits::kScanEventsMax + 10; ++i) control("misc.note", {});
  EXPECT_EQ(open_reason(as("eve", "ops")), "accepted");
}

TEST_F(Rights, OfEarlierAreToldByFoldingUpToThen) {
  const auto before = ledger_.durable().position;
  revoke("root", "admin");
  const Permission grants{"access", "access.grants", 'M'};
  EXPECT_TRUE(model_->state_at(before)->holding("root", grants, "", 20'700).has_value());
  EXPECT_FALSE(model_->require(grants, as("root"), "").ok());
}

TEST_F(Rights, RefusalsBecomeEventsWithinAnAllowance) {
  for (unsigned i = 0; i < access_limits::kDenialsAtOnce + 5; ++i) {
    EXPECT_EQ(open_reason(as("eve", "ops")), "access.forbidden");
  }
  EXPECT_EQ(open_reason(as("root", "ops")), "access.forbidden");
  control("misc.note", {});  // durable after the refusals before it
  const auto denied = events("access.denied");
  ASSERT_EQ(denied.size(), access_limits::kDenialsAtOnce + 1);
  EXPECT_EQ(boost::json::parse(denied[0]->data),
            boost::json::parse(R"({"account":"eve","permission":"wallet.open",)"
                               R"("code":"access.forbidden","department":"ops","suppressed":0})"));
  EXPECT_TRUE(denied[0]->has_tag("account:eve"));
  EXPECT_EQ(denied.back()->actor, "root");
  EXPECT_EQ(model_->denials().suppressed, 5u);
}

TEST_F(Rights, RefusalForADepartmentThatCannotBeOneIsRecordedToo) {
  EXPECT_EQ(open_reason(as("eve", std::string("o\0s", 3))), "access.forbidden");
  control("misc.note", {});  // durable after the refusal before it
  const auto denied = events("access.denied");
  ASSERT_EQ(denied.size(), 1u);
  EXPECT_EQ(denied[0]->department, "");
  EXPECT_NE(denied[0]->data.find("o\\u0000s"), std::string::npos);
}

TEST_F(Rights, OfTheInstallationNeedScopeAll) {
  const Permission entries{"tlog", "tlog.entries", 'V'};
  EXPECT_TRUE(model_->require(entries, as("aud"), "").ok());
  for (const auto* account : {"ada", "ben", "cara", "root"}) {
    EXPECT_FALSE(model_->require(entries, as(account), "").ok()) << account;
  }
}

TEST_F(Rights, GoToTheModuleAsScopeAndConfig) {
  control("module.configured",
          {{"module", "wallet"}, {"department", "ops"}, {"config", {{"limit", 7}}}});
  const auto command = registry_->command("wallet.open").value();
  const auto grant = model_->check(command, as("cara", "ops"), ledger_.accepted().position);
  ASSERT_TRUE(grant.ok());
  EXPECT_EQ(grant->scope, "department");
  EXPECT_EQ(grant->config, R"({"limit":7})");
  EXPECT_EQ(model_->config("wallet", "it"), "{}");
}

TEST_F(Rights, ModuleThatIsOffIsHiddenFromAllButAuditors) {
  control("module.disabled", {{"module", "wallet"}, {"department", "ops"}});
  EXPECT_FALSE(sees(as("ada")).sees("ops", ""));
  EXPECT_TRUE(sees(as("ada")).sees("shop", ""));
  EXPECT_FALSE(sees(as("cara")).sees("ops", "cara"));
  EXPECT_TRUE(sees(as("aud")).sees("ops", ""));
  EXPECT_TRUE(model_->reads_everything(as("aud")));
  EXPECT_FALSE(model_->enabled("wallet", "ops"));
  EXPECT_TRUE(model_->enabled("wallet", "it"));
}

}  // namespace
}  // namespace opsledger::testing
