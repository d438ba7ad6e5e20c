#include "kernel/command/separation.hpp"

#include "tests/access/access_fixture.hpp"

namespace opsledger::testing {
namespace {

/// The test module, whose `wallet.deposit` must not come from who opened the wallet.
class SeparatedModule : public TestModule {
 public:
  explicit SeparatedModule(std::shared_ptr<TestModuleKnobs> knobs) : TestModule(std::move(knobs)) {
    info_ = TestModule::info();
    info_.commands[kDeposit].separation = R"([{"not_actor_of":"wallet.opened","tag":"wallet"}])";
  }
  const ModuleInfo& info() const override { return info_; }

 private:
  ModuleInfo info_;
};

class Separation : public AccessFixture {
 protected:
  Separation() {
    found_company();
    service_.reset();
    registry_ = std::make_unique<Registry>();
    EXPECT_TRUE(registry_->add(std::make_shared<SeparatedModule>(knobs_)).ok());
    service_ = std::make_unique<CommandService>(ledger_, *registry_, *schemas_, clock_,
                                                CommandService::Limits(), model_.get());
    EXPECT_TRUE(open_as(as("cara", "ops"), "a").ok());
  }
  std::string deposit_as(const RequestContext& context) {
    return reason(run("wallet.deposit", {{"id", "a"}, {"amount", 5}}, context));
  }
};

TEST_F(Separation, RefusesWhoDidTheOtherStep) {
  EXPECT_EQ(deposit_as(as("cara", "ops")), "access.separation_of_duties");
  EXPECT_EQ(deposit_as(as("dan", "ops")), "accepted");
  control("misc.note", {});  // durable after the refusal before it
  EXPECT_EQ(events("access.denied").size(), 1u);
  EXPECT_EQ(code(run("wallet.deposit", {{"id", "a"}, {"amount", 5}}, as("cara", "ops"))),
            Code::kForbidden);
}

TEST_F(Separation, HoldsPerThing) {
  ASSERT_TRUE(open_as(as("dan", "ops"), "b").ok());
  EXPECT_EQ(deposit_as(as("dan", "ops")), "accepted");
  EXPECT_EQ(reason(run("wallet.deposit", {{"id", "b"}, {"amount", 5}}, as("dan", "ops"))),
            "access.separation_of_duties");
}

TEST_F(Separation, IsOverriddenByTheDirectorWithAReasonAndMarked) {
  ASSERT_TRUE(open_as(as("ada", "ops"), "b").ok());
  auto context = as("ada", "ops");
  const auto deposit = [&] { return run("wallet.deposit", {{"id", "b"}, {"amount", 5}}, context); };
  EXPECT_EQ(reason(deposit()), "access.separation_of_duties");
  context.reason = "nobody else is here";
  const auto done = deposit();
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(ledger_.get(done->position).value()->metadata("sod_override"), "true");
  auto clerk = as("cara", "ops");
  clerk.reason = "me too";
  EXPECT_EQ(deposit_as(clerk), "access.separation_of_duties");
  EXPECT_EQ(deposit_as(as("dan", "ops")), "accepted");
  EXPECT_FALSE(events("wallet.deposited").back()->metadata("sod_override").has_value());
}

TEST_F(Separation, BindsRulesThatActOnBehalfOfSomebody) {
  RequestContext rule;
  rule.actor = "opsledger";
  rule.trusted = true;
  rule.department = "ops";
  rule.on_behalf_of = "cara";
  EXPECT_EQ(deposit_as(rule), "access.separation_of_duties");
  rule.on_behalf_of = "dan";
  EXPECT_EQ(deposit_as(rule), "accepted");
  EXPECT_EQ(events("wallet.deposited").back()->metadata("on_behalf_of"), "dan");
}

TEST_F(Separation, OtherStepThatSlipsInBetweenIsNoticed) {
  bool done = false;
  knobs_->in_decide = [&] {
    if (std::exchange(done, true)) return;
    NewEvent event;
    event.type = "wallet.opened";
    event.tags = {"wallet:a"};
    event.actor = "dan";
    event.data = "{}";
    // not through a command: the turn on the wallet is held
    Proposal proposal;
    proposal.events.push_back(std::move(event));
    EXPECT_TRUE(append_and_wait(ledger_, std::move(proposal)).ok());
  };
  knobs_->fail_fold = false;
  EXPECT_NE(deposit_as(as("dan", "ops")), "accepted");
}

}  // namespace
}  // namespace opsledger::testing
