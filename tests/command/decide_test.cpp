// What a command does when nothing goes wrong, and every way of being refused.
#include <set>

#include "kernel/command/fresh_ids.hpp"
#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {
namespace {

TEST_F(CommandFixture, AcceptedCommandAppendsItsEventAndNamesItsPosition) {
  const auto outcome = open("a");
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome->position.value, head());
  ASSERT_EQ(outcome->events.size(), 1u);
  EXPECT_EQ(outcome->events[0].first, "wallet.opened");
  EXPECT_EQ(outcome->events[0].second, outcome->position);
  EXPECT_FALSE(outcome->replayed);
}

TEST_F(CommandFixture, EventCarriesModuleSchemaActorDepartmentAndHeaders) {
  given(open("a"));
  RequestContext context;
  context.actor = "wang";
  context.department = "ops";
  context.reason = "customer asked";
  context.correlation = "case-7";
  context.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_TRUE(run("wallet.close", {{"id", "a"}}, context).ok());
  const auto found = events("wallet.closed");
  ASSERT_EQ(found.size(), 1u);
  const EventView& event = found[0].view();
  EXPECT_EQ(event.module, "wallet@1.0.0");
  EXPECT_EQ(event.schema, TestModule().info().event_types[TestModule::kClosed].schema->id());
  EXPECT_EQ(event.actor, "wang");
  EXPECT_EQ(event.department, "ops");
  EXPECT_EQ(event.correlation, "case-7");
  EXPECT_EQ(event.metadata("reason"), "customer asked");
  EXPECT_EQ(event.metadata("traceparent"), context.traceparent);
  EXPECT_TRUE(event.has_tag("wallet:a"));
}

TEST_F(CommandFixture, CausationOfTheRequestStandsInTheEvent) {
  given(open("a"));
  std::promise<void> done;
  service_->execute({"wallet.note", {{"id", "a"}, {"amount", 1}}, {}, {3}},
                    [&](Result<CommandOutcome>) { done.set_value(); });
  done.get_future().get();
  EXPECT_EQ(events("wallet.deposited")[0]->causation.value, 3u);
}

TEST_F(CommandFixture, WarningsComeBack) {
  given(open("a"));
  const auto outcome = deposit("a", 5000);
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(outcome->warnings.size(), 1u);
  EXPECT_EQ(outcome->warnings[0].code, "wallet.large");
}

TEST_F(CommandFixture, DecisionWithoutEventsAppendsNothingAndNamesThePositionDecidedAt) {
  const auto before = head();
  const auto outcome = run("wallet.misbehave", {{"id", "a"}, {"what", "warn"}});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->position.value, before);
  EXPECT_TRUE(outcome->events.empty());
  EXPECT_EQ(outcome->warnings.size(), 1u);
  EXPECT_EQ(head(), before);
}

TEST_F(CommandFixture, UnknownCommandIsRefused) {
  const auto result = run("wallet.burn", {});
  EXPECT_EQ(code(result), Code::kNotFound);
  EXPECT_EQ(reason(result), "command.unknown");
}

TEST_F(CommandFixture, DataThatDoesNotFitTheSchemaIsRefusedWithPointers) {
  const auto result = run("wallet.deposit", {{"id", 7}, {"amount", "x"}});
  EXPECT_EQ(code(result), Code::kInvalid);
  EXPECT_EQ(reason(result), "schema.invalid");
  ASSERT_EQ(result.error().fields.size(), 2u);
  EXPECT_EQ(result.error().fields[0].pointer, "/id");
  EXPECT_EQ(result.error().fields[1].pointer, "/amount");
}

TEST_F(CommandFixture, MissingReasonIsRefusedWhereOneIsRequired) {
  given(open("a"));
  EXPECT_EQ(reason(run("wallet.close", {{"id", "a"}})), "command.reason_required");
}

TEST_F(CommandFixture, OverlongOrInvalidHeadersAreRefused) {
  RequestContext context;
  context.department = std::string(201, 'd');
  EXPECT_EQ(reason(run("wallet.open", {{"id", "a"}, {"backup", ""}, {"limit", 0}}, context)),
            "command.invalid");
  context.department = "\xff";
  EXPECT_EQ(reason(run("wallet.open", {{"id", "a"}, {"backup", ""}, {"limit", 0}}, context)),
            "command.invalid");
}

TEST_F(CommandFixture, RejectionCarriesTheModulesOwnCodeAndAppendsNothing) {
  given(open("a"));
  const auto before = head();
  const auto result = open("a");
  EXPECT_EQ(code(result), Code::kRejected);
  EXPECT_EQ(reason(result), "wallet.exists");
  EXPECT_EQ(head(), before);
  EXPECT_EQ(service_->metrics().rejected, 1u);
}

TEST_F(CommandFixture, ValueThatCannotBeATagIsTheCallersFault) {
  const auto result = open("a,b");
  EXPECT_EQ(code(result), Code::kInvalid);
  EXPECT_EQ(reason(result), "command.invalid");
  EXPECT_EQ(reason(run("wallet.misbehave", {{"id", "a"}, {"what", "bad_tag"}})), "command.invalid");
}

TEST_F(CommandFixture, MoreThan64TagSetsInOneLoadAreRefused) {
  boost::json::array ids;
  for (int i = 0; i < 65; ++i) ids.emplace_back("a" + std::to_string(i));
  EXPECT_EQ(reason(run("wallet.gather", {{"ids", ids}})), "plugin.invalid_load");
}

class MisbehavingModule : public CommandFixture,
                          public ::testing::WithParamInterface<const char*> {};

TEST_P(MisbehavingModule, EmittedRubbishIsInternalAndAppendsNothing) {
  const auto before = head();
  const auto result = run("wallet.misbehave", {{"id", "a"}, {"what", GetParam()}});
  EXPECT_EQ(code(result), Code::kInternal);
  EXPECT_EQ(reason(result), "plugin.invalid_event");
  EXPECT_EQ(head(), before);
}
INSTANTIATE_TEST_SUITE_P(All, MisbehavingModule,
                         ::testing::Values("foreign", "unknown_type", "garbage"));

TEST_F(CommandFixture, ModuleThatFailsInAnyCallbackIsInternalAppendsNothingAndRecovers) {
  given(open("a"));
  ASSERT_TRUE(append_raw(TestModule::moved(TestModule::kDeposited, "a", 1)).ok());
  const auto before = head();
  for (auto* knob : {&knobs_->fail_load, &knobs_->fail_fold, &knobs_->fail_decide}) {
    *knob = true;
    const auto result = deposit("a", 1);
    EXPECT_EQ(code(result), Code::kInternal);
    EXPECT_EQ(reason(result), "plugin.failed");
    EXPECT_EQ(head(), before);
    *knob = false;
  }
  EXPECT_TRUE(deposit("a", 1).ok());
}

TEST_F(CommandFixture, FoldThatFailsOnTheCommandsOwnEventsLeavesNoHalfFoldedStateBehind) {
  given(open("a"));
  given(deposit("a", 5));
  knobs_->in_decide = [this] { knobs_->fail_fold = true; };
  given(deposit("a", 5));  // decided and stored before its own events are folded
  EXPECT_EQ(code(deposit("a", 5)), Code::kInternal);
  knobs_->in_decide = nullptr;
  knobs_->fail_fold = false;
  EXPECT_EQ(withdraw("a", 11).error().message, "balance is 10");
}

class OpsOnly : public Access {
 public:
  Result<Grant> check(const CommandRef&, const RequestContext& context, Position) const override {
    if (context.department != "ops") {
      return Error{Code::kDisabled, "module.disabled", "not enabled here"};
    }
    Grant grant;
    grant.role = "ops_manager";
    grant.guard = {{{"grant.revoked"}, {"department:ops"}}};
    return grant;
  }
  void refused(std::string_view, std::string_view, const RequestContext&) const override {}
};

TEST_F(CommandFixture, AccessRefusesBeforeTheBodyIsLookedAtAndNamesTheRole) {
  const OpsOnly access;
  start(ledger_, {}, &access);
  EXPECT_EQ(reason(run("wallet.open", {{"id", "a"}, {"backup", ""}, {"limit", 0}})),
            "module.disabled");
  RequestContext context;
  context.department = "ops";
  ASSERT_TRUE(run("wallet.open", {{"id", "a"}, {"backup", ""}, {"limit", 0}}, context).ok());
  EXPECT_EQ(events("wallet.opened")[0]->metadata("role"), "ops_manager");
}

TEST_F(CommandFixture, ControlEventBetweenCheckAndAppendMakesTheCommandBeCheckedAgain) {
  const OpsOnly access;
  start(ledger_, {}, &access);
  bool revoked = false;
  knobs_->in_decide = [&] {
    if (std::exchange(revoked, true)) return;
    NewEvent event;
    event.type = "grant.revoked";
    event.tags = {"department:ops"};
    event.data = "{}";
    ASSERT_TRUE(append_and_wait(ledger_, {{event}, {}, {}}).ok());
  };
  RequestContext context;
  context.department = "ops";
  ASSERT_TRUE(run("wallet.open", {{"id", "a"}, {"backup", ""}, {"limit", 0}}, context).ok());
  EXPECT_EQ(service_->metrics().decides, 2u);
}

TEST(FreshIds, IdsAreDistinctUuidsOfVersion7InOrderOfTime) {
  FreshIds ids(LedgerId{{1}}, {5}), restarted(LedgerId{{1}}, {6});
  std::set<std::string> seen;
  std::string last;
  for (int ms = 1; ms <= 500; ++ms) {
    const auto id = ids.next({1'790'000'000'000'000 + ms * 1000});
    EXPECT_EQ(id.size(), 36u);
    EXPECT_EQ(id[14], '7');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_GT(id, last);
    last = id;
    seen.insert(id);
    seen.insert(restarted.next({1'790'000'000'000'000 + ms * 1000}));
  }
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace opsledger::testing
