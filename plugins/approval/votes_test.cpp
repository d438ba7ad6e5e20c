#include "story.hpp"

namespace approval {
namespace {

TEST(Vote, GrantsInTheSameAppendAndTellsTheSubject) {
  auto s = running({step("one", {"user:li"})});
  s.as("li").when(agree());
  ASSERT_EQ(s.world().history().back().type, Granted::type);
  EXPECT_EQ(s.world().history().back().tags, (People{"approval:" + kApproval, "request:R1"}));
  EXPECT_EQ(row(s).status, Status::granted);
  EXPECT_EQ(s.table("todo").count(), 0u);
}

TEST(Vote, DoubleClickAndLateClickDoNothing) {
  auto s = running({step("one", {"user:li", "user:wu"}, Mode::all), step("two", {"user:li"})});
  s.as("li").when(agree());
  s.when(agree()).then_rejected("approval.already_voted").then_nothing();
  s.as("wu").when(agree());
  s.as("li").when(agree(1)).then_rejected("approval.step_closed").then_nothing();
  s.when(agree(2));
  s.when(agree(2)).then_rejected("command.wrong_state").then_nothing();
}

TEST(Vote, OnlyApproversAndNeverAuthors) {
  auto s = running({step("one", {"user:li"})});
  s.as("wu").when(agree()).then_rejected("approval.not_approver");
  s.as("tester").when(agree()).then_rejected("access.separation_of_duties");
  s.when(Vote{"none", 1, Verdict::approve, "", {}}).then_rejected("entity.not_found");
}

TEST(Vote, AnotherSnapshotThanTheOneLookedAtIsRefused) {
  auto s = running({step("one", {"user:li"})});
  s.as("li").when(Vote{kApproval, 1, Verdict::approve, "", "0000"});
  s.then_rejected("approval.other_snapshot");
}

TEST(Modes, AnyNeedsOne) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::any)});
  s.as("a").when(refuse());
  EXPECT_EQ(row(s).status, Status::running);
  s.as("b").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
  auto t = running({step("one", {"user:a", "user:b"}, Mode::any)});
  t.as("a").when(refuse()).as("b").when(refuse());
  EXPECT_EQ(row(t).status, Status::rejected);
}

TEST(Modes, TwoApproversAtOnceHaveOneEffect) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::any)});
  s.as("a").when(agree());
  s.as("b").when(agree()).then_rejected("command.wrong_state").then_nothing();
}

TEST(Modes, AllNeedsEverybodyAndOneVetoRejects) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::all)});
  s.as("a").when(agree());
  EXPECT_EQ(waiting(s), People{"b"});
  s.as("b").when(refuse());
  EXPECT_EQ(row(s).status, Status::rejected);
}

TEST(Modes, AllWithoutVetoGoesByMajority) {
  auto mild = step("one", {"user:a", "user:b", "user:c"}, Mode::all);
  mild.veto = false;
  auto s = running({mild});
  s.as("a").when(refuse()).as("b").when(agree());
  EXPECT_EQ(row(s).status, Status::running);
  s.as("c").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
  auto t = running({mild});
  t.as("a").when(refuse()).as("b").when(agree()).as("c").when(refuse());
  EXPECT_EQ(row(t).status, Status::rejected);
}

TEST(Modes, SequenceKeepsTheOrder) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::sequence)});
  s.as("b").when(agree()).then_rejected("approval.not_your_turn");
  s.as("a").when(agree()).as("b").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
}

TEST(Modes, QuorumCountsOrShares) {
  auto two = step("one", {"user:a", "user:b", "user:c"}, Mode::quorum);
  two.quorum = 2;
  auto s = running({two});
  s.as("a").when(agree()).as("b").when(refuse()).as("c").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
  auto t = running({two});
  t.as("a").when(refuse()).as("b").when(refuse());
  EXPECT_EQ(row(t).status, Status::rejected);
  two.quorum = 0, two.quorum_percent = 34;  // of three: two
  auto u = running({two});
  u.as("a").when(agree());
  EXPECT_EQ(row(u).status, Status::running);
  u.as("b").when(agree());
  EXPECT_EQ(row(u).status, Status::granted);
}

TEST(Modes, SingleTakesTheFirstFound) {
  auto s = running({step("one", {"user:a", "user:b"})});
  EXPECT_EQ(waiting(s), People{"a"});
}

TEST(SelfApproval, IsForbiddenOrGoesToTheManager) {
  auto own = step("one", {"user:tester", "user:li"}, Mode::all);
  auto s = running({own});
  EXPECT_EQ(waiting(s), People{"li"});
  own.self_approval = SelfApproval::skip_to_manager;
  auto t = running({own});
  EXPECT_EQ(waiting(t), (People{"mona", "li"}));
}

TEST(Subject, ChangedAfterTheRequestGoesBackToTheInitiator) {
  auto s = running({step("one", {"user:li"})});
  s.given(submitted(R"({"amount":900,"owner":"owen"})"));
  StepClosed closed;
  closed.approval = kApproval, closed.step = closed.opening = 1, closed.waiting = {"li"};
  closed.outcome = Outcome::invalidated, closed.chain = "pay", closed.name = "one";
  Invalidated e;
  e.approval = kApproval, e.subject_type = "request", e.subject = "R1";
  e.changed_fields = {"amount"};
  s.as("li").when(agree()).then(closed, e).then_warned("approval.subject_changed");
  EXPECT_EQ(row(s).status, Status::returned);
  s.as("tester").when(Resubmit{{kApproval}});
  EXPECT_EQ(waiting(s), People{"li"});
  s.as("li").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
}

TEST(Subject, RecheckFindsTheChangeAndSaysNothingWithoutOne) {
  auto s = running({step("one", {"user:li"})});
  s.when(Recheck{{kApproval}}).then_nothing();
  s.given(ops::ForeignEvent{"request.noted", ops::Json(ops::Json::Object{}), {{"request", "R1"}}});
  s.when(Recheck{{kApproval}}).then_nothing();
  s.given(submitted("{}"));
  s.when(Recheck{{kApproval}});
  EXPECT_EQ(row(s).status, Status::returned);
  s.when(Recheck{{"none"}}).then_rejected("entity.not_found");
}

}  // namespace
}  // namespace approval
