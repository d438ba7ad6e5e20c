#include "story.hpp"

namespace approval {
namespace {

DelegationSet delegation(const std::string& from, const std::string& to,
                         std::vector<std::string> scopes = {}) {
  return {from, to, kNow, kNow + 24h, std::move(scopes), {}};
}
SetDelegation hand_to(const std::string& to) {
  return {to, kNow, kNow + 24h, {}, {}};
}

TEST(Delegation, VotesOnBehalfAndCountsAsTheDelegatorsSeat) {
  auto s = office({step("one", {"user:a", "user:b"}, Mode::all)});
  s.given(delegation("a", "x")).when(ask());
  EXPECT_EQ(waiting(s), (People{"x", "b"}));
  s.as("x").when(agree());
  EXPECT_EQ(s.table("votes").row<Votes::Row>(kApproval + "/1/x")->on_behalf_of, "a");
  EXPECT_EQ(s.table("load").row<Load::Row>("x")->for_others, 1);
}

TEST(Delegation, NobodyFillsTwoSeatsOfAStep) {
  auto s = office({step("one", {"user:a", "user:b"}, Mode::all)});
  s.given(delegation("a", "b")).when(ask());
  EXPECT_EQ(waiting(s), (People{"a", "b"}));
  auto t = office({step("one", {"user:a", "user:b"}, Mode::all)});
  t.given(delegation("a", "x"), delegation("b", "x")).when(ask());
  EXPECT_EQ(waiting(t), (People{"x", "b"}));
}

TEST(Delegation, IsNotForRolesNotForAuthorsNotOutOfScopeNotOutOfTime) {
  auto roles = office({step("one", {"role:ops_manager@OPS"})});
  roles.given(delegation("mona", "x")).when(ask());
  EXPECT_EQ(waiting(roles), People{"mona"});
  auto own = office({step("one", {"user:a"})});
  own.given(delegation("a", "tester")).when(ask());
  EXPECT_EQ(waiting(own), People{"a"});
  auto scope = office({step("one", {"user:a"})});
  scope.given(delegation("a", "x", {"listing"})).when(ask());
  EXPECT_EQ(waiting(scope), People{"a"});
  auto late = office({step("one", {"user:a"})});
  late.given(delegation("a", "x")).at(kNow + 24h).when(ask());
  EXPECT_EQ(waiting(late), People{"a"});
}

TEST(Delegation, GoesThroughAtMostThreeHands) {
  auto s = office({step("one", {"user:a"})});
  s.as("c").when(hand_to("d")).as("b").when(hand_to("c")).as("a").when(hand_to("b"));
  s.as("tester").when(ask());
  EXPECT_EQ(waiting(s), People{"d"});
  s.as("d").when(hand_to("e")).then_rejected("approval.delegation_depth");
  s.as("z").when(hand_to("a")).then_rejected("approval.delegation_depth");
}

TEST(Delegation, NeverInACircle) {
  auto s = office({step("one", {"user:a"})});
  s.as("a").when(hand_to("b")).as("b");
  s.when(hand_to("a")).then_rejected("approval.delegation_cycle");
  s.when(hand_to("b")).then_rejected("approval.delegation_self");
  s.when(SetDelegation{"a", kNow + 24h, kNow + 48h, {}, {}});
  EXPECT_EQ(s.table("delegations").count(), 2u) << "one after the other is no circle";
}

TEST(Delegation, PeriodAndOwnershipAreChecked) {
  auto s = spec();
  s.as("a")
      .when(SetDelegation{"b", kNow, kNow, {}, {}})
      .then_rejected("approval.delegation_period");
  s.when(SetDelegation{"b", kNow - 2h, kNow - 1h, {}, {}});
  s.then_rejected("approval.delegation_period");
  s.when(ClearDelegation{}).then_rejected("entity.not_found");
  s.reaching("department").when(SetDelegation{"b", kNow, kNow + 1h, {}, "c"});
  s.then_rejected("approval.not_own");
  s.when(ClearDelegation{"c"}).then_rejected("approval.not_own");
  s.when(hand_to("b")).when(ClearDelegation{}).then(DelegationCleared{"a"});
  EXPECT_EQ(s.table("delegations").count(), 0u);
}

TEST(Absence, DelegatesToTheDeputyUntilItIsCancelled) {
  const AbsenceRegistered away{"AB-1", "a", kNow, kNow + 24h, "x"};
  auto s = spec();
  s.given(away).then_sends(DelegateForAbsence{"AB-1", "a", "x", kNow, kNow + 24h});
  s.when(DelegateForAbsence{"AB-1", "a", "x", kNow, kNow + 24h});
  EXPECT_EQ(s.table("delegations").row<DelegationTable::Row>("a")->absence, "AB-1");
  s.when(EndAbsenceDelegation{"AB-2", "a"}).then_nothing();
  s.when(EndAbsenceDelegation{"AB-1", "a"}).then(DelegationCleared{"a"});
}

TEST(Absence, LeavesADelegationMadeByHandAlone) {
  auto s = spec();
  s.given(delegation("a", "y"));
  s.when(DelegateForAbsence{"AB-1", "a", "x", kNow, kNow + 24h}).then_nothing();
  s.when(DelegateForAbsence{"AB-2", "b", "b", kNow, kNow + 24h}).then_nothing();
}

}  // namespace
}  // namespace approval
