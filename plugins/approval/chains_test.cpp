#include <opsledger/digest.hpp>

#include "story.hpp"

namespace approval {
namespace {

DefineChain define(std::vector<Step> steps) {
  return {"pay", "request", "付款", "Payment", std::move(steps)};
}

TEST(Chain, EachDefinitionIsANewVersion) {
  const auto steps = std::vector{step("one", {"user:li"})};
  auto s = spec();
  s.when(define(steps)).then(chain(steps));
  s.when(define({step("two", {"user:wang"})}));
  EXPECT_EQ(s.table("chains").row<Chains::Row>("pay")->version, 2);
}

TEST(Chain, IsCheckedWhenItIsDefined) {
  auto s = spec();
  s.when(define({})).then_rejected("approval.steps");
  s.when(define({step("", {"user:li"})})).then_rejected("approval.step");
  s.when(define({step("one", {})})).then_rejected("approval.step");
  for (const char* bad : {"li", "user:", "role:@x", "role:r@", "manager_of(li)",
                          "manager_of(initiator,0)", "dept_head:", "oncall:x"})
    s.when(define({step("one", {bad})})).then_rejected("approval.selector");
  s.when(define({step("one", {"user:li"}, Mode::quorum)})).then_rejected("approval.quorum");
  auto bad = step("one", {"user:li"});
  bad.sla_minutes = -1;
  s.when(define({bad})).then_rejected("approval.sla");
  bad = step("one", {"user:li"}), bad.condition = "amount >";
  s.when(define({bad})).then_rejected("approval.condition");
  bad = step("one", {"user:li"}), bad.cc = {"nobody"};
  s.when(define({bad})).then_rejected("approval.selector");
  auto other = define({step("one", {"user:li"})});
  other.subject_type = "No Tag";
  s.when(other).then_rejected("command.invalid");
}

TEST(Chain, ApprovingByTimeoutNeedsTheSetting) {
  auto quick = step("one", {"user:li"});
  quick.on_timeout = OnTimeout::auto_approve;
  spec().when(define({quick})).then_rejected("approval.auto_approve");
  spec().configured(R"({"auto_approve":true})").when(define({quick})).then(chain({quick}));
}

TEST(Chain, StaysWithItsSubjectTypeAndIsRetired) {
  auto s = office({step("one", {"user:li"})});
  auto other = define({step("one", {"user:li"})});
  other.subject_type = "listing";
  s.when(other).then_rejected("approval.subject_type");
  s.when(RetireChain{"pay"}).then(ChainRetired{"pay"});
  s.when(RetireChain{"pay"}).then_rejected("entity.not_found");
  s.when(ask()).then_rejected("entity.not_found");
  EXPECT_FALSE(s.table("chains").row<Chains::Row>("pay")->active);
}

TEST(Request, PinsVersionSnapshotAndItsHash) {
  auto s = office({step("one", {"user:li"})});
  s.when(ask());
  s.given(chain({step("new", {"user:other"})}), ChainRetired{"pay"});
  EXPECT_EQ(row(s).version, 1);
  s.as("li").when(agree());
  EXPECT_EQ(row(s).status, Status::granted);
  EXPECT_EQ(ops::sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ops::sha256_hex(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ops::sha256_hex(std::string(119, 'a')),
            "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb");
}

TEST(Request, IsRefusedWithoutChainSubjectOrWhenOneRuns) {
  auto s = office({step("one", {"user:li"})});
  auto c = ask();
  c.chain = "none";
  s.when(c).then_rejected("entity.not_found");
  c = ask(), c.subject_type = "listing";
  s.when(c).then_rejected("approval.subject_type");
  c = ask(), c.subject = "R2";
  s.when(c).then_rejected("approval.no_subject");
  s.given(submitted("no JSON", "R3"));
  c = ask(), c.subject = "R3";
  s.when(c).then_rejected("approval.no_subject");
  c = ask(), c.approval = "mine";
  s.when(c);
  s.when(ask()).then_rejected("approval.running");
  s.as("li").when(Vote{"mine", 1, Verdict::reject, "", {}});
  s.as("tester").when(c).then_rejected("approval.exists");
  s.when(ask());
  EXPECT_EQ(s.table("approvals").count(), 2u);
}

TEST(Selectors, FindPeople) {
  const auto who = [](const std::string& selector) {
    auto s = running({step("one", {selector}, Mode::any)});
    return waiting(s);
  };
  EXPECT_EQ(who("user:li"), People{"li"});
  EXPECT_EQ(who("field:data.owner"), People{"owen"});
  EXPECT_EQ(who("field:owner"), People{"owen"});
  EXPECT_EQ(who("manager_of(initiator)"), People{"mona"});
  EXPECT_EQ(who("manager_of(initiator,2)"), People{"dora"});
  EXPECT_EQ(who("dept_head"), People{"dora"});
  EXPECT_EQ(who("dept_head:OPS"), People{"dora"});
  EXPECT_EQ(who("role:ops_manager"), People{"mona"});
  EXPECT_EQ(who("role:ops_manager@OPS"), People{"mona"});
}

TEST(Selectors, RolesAreHeldByPositionAndByGrant) {
  auto s = office({step("one", {"role:ops_manager@OPS"}, Mode::any)});
  s.given(GrantGiven{"gina", "ops_manager", "OPS"}, GrantGiven{"gone", "ops_manager", "OPS"},
          GrantRevoked{{"gone", "ops_manager", "OPS"}}, GrantGiven{"far", "ops_manager", "NET"});
  s.when(ask());
  EXPECT_EQ(waiting(s), (People{"mona", "gina"}));
}

TEST(Selectors, FollowTransfersAndDismissals) {
  auto s = office({step("one", {"role:ops_manager@OPS"}, Mode::any)});
  s.given(PersonRelieved{"mona", "MGR"}, PersonTransferred{"dora", "DIR", "MGR", true});
  s.when(ask());
  EXPECT_EQ(waiting(s), People{"dora"});
}

TEST(Selectors, NobodyFoundGoesUpwardsFailsOrSkips) {
  auto lone = step("one", {"role:it_lead@OPS"});
  auto s = running({lone});
  EXPECT_EQ(waiting(s), People{"mona"});
  lone.empty = Empty::fail;
  office({lone}).when(ask()).then_rejected("approval.no_approver");
  lone.empty = Empty::skip;
  auto t = running({lone, step("two", {"user:li"})});
  EXPECT_EQ(row(t).step, 2);
}

TEST(Selectors, ALaterStepWithoutApproverGoesBackToTheInitiator) {
  auto lone = step("two", {"role:it_lead@OPS"});
  lone.empty = Empty::fail;
  auto s = running({step("one", {"user:li"}), lone});
  s.as("li").when(agree());
  EXPECT_EQ(row(s).status, Status::returned);
}

TEST(Conditions, SkipWhatDoesNotApplyAndKeepWhatCannotBeTold) {
  auto big = step("big", {"user:boss"});
  big.condition = "amount > 1000";
  auto s = running({big, step("small", {"user:li"})});
  EXPECT_EQ(row(s).step, 2);
  big.condition = "data.amount <= 500";
  auto t = running({big});
  EXPECT_EQ(row(t).step, 1);
  big.condition = "amount > 'much'";
  auto u = running({big});
  EXPECT_EQ(row(u).step, 1);
  big.condition = "amount > 1000";
  auto v = running({big});
  EXPECT_EQ(row(v).status, Status::granted);
}

}  // namespace
}  // namespace approval
