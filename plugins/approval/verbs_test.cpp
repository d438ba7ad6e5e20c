#include "story.hpp"

namespace approval {
namespace {

std::vector<Step> three() {
  return {step("one", {"user:a"}), step("two", {"user:b"}), step("three", {"user:c"})};
}

TEST(Return, GoesToThePreviousStepAndItsVotesStay) {
  auto s = running(three());
  s.as("a").when(agree(1));
  s.because("unclear").as("b").when(Return{kApproval, ReturnTo::previous, {}});
  EXPECT_EQ(row(s).step, 1);
  EXPECT_EQ(row(s).comment, "unclear");
  EXPECT_EQ(waiting(s), People{"a"});
  EXPECT_EQ(s.table("votes").count(), 1u);
  s.as("a").when(agree(1));
  EXPECT_EQ(s.table("votes").count(), 2u);
  EXPECT_EQ(row(s).step, 2);
}

TEST(Return, GoesToANamedStepThatWasPassed) {
  auto s = running(three());
  s.as("a").when(agree(1)).as("b").when(agree(2)).as("c").because("again");
  s.when(Return{kApproval, ReturnTo::step, 3}).then_rejected("approval.return_to");
  s.when(Return{kApproval, ReturnTo::step, {}}).then_rejected("approval.return_to");
  s.when(Return{kApproval, ReturnTo::step, 1});
  EXPECT_EQ(row(s).step, 1);
  s.as("a").when(agree(1));
  EXPECT_EQ(row(s).step, 2);
}

TEST(Return, GoesToTheInitiatorWhoSubmitsAgain) {
  auto s = running(three());
  s.as("a").when(agree(1)).as("b").because("wrong").when(Return{kApproval, ReturnTo::start, {}});
  EXPECT_EQ(row(s).status, Status::returned);
  s.as("b").when(agree(2)).then_rejected("command.wrong_state");
  s.as("nosy").reaching("own").when(Resubmit{{kApproval}}).then_rejected("approval.not_initiator");
  s.as("tester").when(Resubmit{{kApproval}});
  EXPECT_EQ(row(s).step, 1);
  s.when(Resubmit{{kApproval}}).then_rejected("command.wrong_state");
  s.when(Resubmit{{"none"}}).then_rejected("entity.not_found");
}

TEST(Return, FromTheFirstStepIsToTheInitiator) {
  auto s = running(three());
  s.as("a").because("no").when(Return{kApproval, ReturnTo::previous, {}});
  EXPECT_EQ(row(s).status, Status::returned);
}

TEST(Transfer, HandsTheSeatOver) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::all)});
  s.as("a").when(Transfer{kApproval, "b", ""}).then_rejected("approval.already_approver");
  s.when(Transfer{kApproval, "tester", ""}).then_rejected("access.separation_of_duties");
  s.when(Transfer{kApproval, "", ""}).then_rejected("command.invalid");
  s.when(Transfer{kApproval, "d", "please"});
  EXPECT_EQ(waiting(s), (People{"d", "b"}));
  s.table("todo").lacks(kApproval + "/a");
  s.when(agree()).then_rejected("approval.not_approver");
  s.as("d").when(agree()).as("b").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
}

TEST(AddSigner, BeforeVotesFirst) {
  auto s = running({step("one", {"user:a"})});
  s.as("a").when(AddSigner{kApproval, "x", Place::before});
  s.when(agree()).then_rejected("approval.not_your_turn");
  s.as("x").when(agree());
  EXPECT_EQ(row(s).status, Status::running);
  s.as("a").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
}

TEST(AddSigner, AfterVotesLastAndMayStillRefuse) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::any)});
  s.as("a").when(AddSigner{kApproval, "x", Place::after});
  s.as("x").when(agree()).then_rejected("approval.not_your_turn");
  s.as("a").when(agree());
  EXPECT_EQ(row(s).status, Status::running);
  s.as("x").when(refuse());
  EXPECT_EQ(row(s).status, Status::rejected);
}

TEST(AddSigner, NobodySitsTwice) {
  auto s = running({step("one", {"user:a"})});
  s.as("a")
      .when(AddSigner{kApproval, "a", Place::after})
      .then_rejected("approval.already_approver");
  s.as("z").when(AddSigner{kApproval, "x", Place::after}).then_rejected("approval.not_approver");
}

TEST(Allow, LimitsTheVerbs) {
  auto strict = step("one", {"user:a"});
  strict.allow = std::vector<Verb>{};
  auto s = running({strict});
  s.as("a").because("r");
  s.when(Transfer{kApproval, "d", ""}).then_rejected("approval.not_allowed");
  s.when(AddSigner{kApproval, "d", Place::before}).then_rejected("approval.not_allowed");
  s.when(AddSigner{kApproval, "d", Place::after}).then_rejected("approval.not_allowed");
  s.when(Return{kApproval, ReturnTo::start, {}}).then_rejected("approval.not_allowed");
  s.when(CopyTo{kApproval, {"d"}}).then_rejected("approval.not_allowed");
  s.as("tester").when(Withdraw{{kApproval}}).then_rejected("approval.not_allowed");
}

TEST(Copy, InitiatorsApproversAndChainsSendCopies) {
  auto one = step("one", {"user:a"});
  one.cc = {"manager_of(initiator)"};
  auto s = running({one});
  EXPECT_TRUE(s.table("copies").row<Copies::Row>(kApproval + "/mona"));
  s.as("a").when(CopyTo{kApproval, {"x", "y"}});
  EXPECT_EQ(s.table("copies").count(), 3u);
  s.when(CopyTo{kApproval, {}}).then_rejected("approval.too_many");
  s.as("z").when(CopyTo{kApproval, {"x"}}).then_rejected("approval.not_approver");
  s.as("tester").when(CopyTo{kApproval, {"x"}});
}

TEST(Withdraw, IsTheInitiators) {
  auto s = running({step("one", {"user:a"})});
  s.as("a").when(Withdraw{{kApproval}}).then_rejected("approval.not_initiator");
  s.as("tester").when(Withdraw{{kApproval}});
  EXPECT_EQ(row(s).status, Status::withdrawn);
  EXPECT_EQ(s.table("todo").count(), 0u);
  s.when(Withdraw{{kApproval}}).then_rejected("command.wrong_state");
  s.when(Withdraw{{"none"}}).then_rejected("entity.not_found");
  s.when(ask());
  EXPECT_EQ(s.table("todo").count(), 1u);
}

TEST(Remind, OnceInFourHours) {
  auto s = running({step("one", {"user:a"})});
  s.as("a").when(Remind{{kApproval}}).then_rejected("approval.not_initiator");
  Reminded e;
  e.approval = kApproval, e.to = {"a"};
  s.as("tester").when(Remind{{kApproval}}).then(e);
  s.after(3h).when(Remind{{kApproval}}).then_rejected("approval.reminded_recently");
  s.after(1h).when(Remind{{kApproval}}).then(e);
}

std::vector<Step> timed(OnTimeout on_timeout) {
  auto one = step("one", {"manager_of(initiator)"});
  one.sla_minutes = 60, one.on_timeout = on_timeout;
  return {one};
}

TEST(Limit, RemindsAndSaysThatItIsStuck) {
  auto s = running(timed(OnTimeout::remind));
  s.after(59min).then_nothing();
  s.after(1min);
  EXPECT_TRUE(row(s).stuck);
  EXPECT_TRUE(s.table("todo").row<Todo::Row>(kApproval + "/mona")->overdue);
  s.after(24h * 30);
  EXPECT_EQ(row(s).timeouts, 5) << "reminders of one opening are bounded";
  s.as("mona").when(agree());
  EXPECT_FALSE(row(s).stuck);
}

TEST(Limit, EscalatesToTheManagerOfTheApprover) {
  auto s = running(timed(OnTimeout::escalate));
  s.after(60min);
  EXPECT_EQ(waiting(s), People{"dora"});
  s.after(60min);
  EXPECT_EQ(waiting(s), People{"dora"}) << "nobody is above";
  EXPECT_EQ(row(s).timeouts, 2);
  s.as("dora").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
}

TEST(Limit, RejectsByItself) {
  auto s = running(timed(OnTimeout::auto_reject));
  s.after(60min);
  EXPECT_EQ(row(s).status, Status::rejected);
  EXPECT_EQ(row(s).comment, "timed out");
}

TEST(Limit, ApprovesByItselfOnlyWhileTheSettingSaysSo) {
  auto s = running(timed(OnTimeout::auto_approve));
  s.after(60min);
  EXPECT_EQ(row(s).status, Status::running);
  s.configured(R"({"auto_approve":true})").after(60min);
  EXPECT_EQ(row(s).status, Status::granted);
}

TEST(Limit, AVoteInTimeEndsIt) {
  auto s = running(timed(OnTimeout::auto_reject));
  s.as("mona").when(agree()).after(24h);
  s.then_nothing();
  EXPECT_EQ(row(s).status, Status::granted);
}

}  // namespace
}  // namespace approval
