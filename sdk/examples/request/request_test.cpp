#include "request.hpp"

#include <opsledger/testing.hpp>

namespace request {
namespace {

using ops::spec;

const std::string kId = "RQ-2026-00001";
const Content kPay{Kind::expense, "打印纸", "办公", "OPS", 12'00};

template <class E>
E approval(const std::string& id = "AP-1") {
  E e;
  e.approval = id, e.subject_type = "request", e.subject = kId;
  return e;
}
ApprovalRequested asked(const std::string& chain = "request", const std::string& id = "AP-1") {
  auto e = approval<ApprovalRequested>(id);
  e.chain = chain;
  return e;
}
Submitted submitted(std::optional<std::string> returned = {}) {
  return {kId, kPay.title, "request", kPay.snapshot(), returned};
}
/// Drafted and submitted by wang, and an approval is under way.
ops::Spec under_way(std::source_location where = std::source_location::current()) {
  auto s = spec(nullptr, where);
  s.as("wang").given(Drafted{kId, "wang", kPay}, submitted(), asked());
  return s;
}
State state(ops::Spec& s) {
  return s.table("requests").row<Requests::Row>(kId)->course.state;
}

TEST(Request, IsDraftedNumberedAndSubmitted) {
  auto s = spec();
  s.as("wang").when(Draft{kPay}).then(Drafted{kId, "wang", kPay});
  EXPECT_EQ(state(s), State::draft);
  s.when(Submit{kId}).then(submitted());
  s.then_sends(AskApproval{"request", kId, "request", kPay.title});
  s.when(Submit{kId}).then_rejected("command.wrong_state");
  EXPECT_EQ(state(s), State::submitted);
}

TEST(Request, ContentIsChecked) {
  spec().when(Draft{{Kind::seal, "", "", "", 0}}).then_rejected("request.title");
  spec().when(Draft{{Kind::expense, "x", "", "", 0}}).then_rejected("request.amount");
  spec().when(Draft{{Kind::seal, "x", "", "", -1}}).then_rejected("request.amount");
}

TEST(Request, BelongsToItsAuthor) {
  auto s = under_way();
  s.as("li").when(Submit{kId}).then_rejected("request.not_author");
  s.when(Change{kId, kPay}).then_rejected("request.not_author");
  s.when(Cancel{kId}).then_rejected("request.not_author");
  s.when(Submit{"none"}).then_rejected("entity.not_found");
}

TEST(Request, IsApprovedByTheGrantItself) {
  auto s = under_way();
  auto granted = approval<ApprovalGranted>();
  s.given(granted);
  EXPECT_EQ(state(s), State::approved);
  s.when(Change{kId, {Kind::seal, "other", "", "", 0}}).then_rejected("command.wrong_state");
  s.when(Cancel{kId}).then_rejected("command.wrong_state");
}

TEST(Request, ApprovalOfAnotherChainCountsForNothing) {
  auto s = spec();
  s.given(Drafted{kId, "wang", kPay}, submitted(), asked("easy", "AP-9"),
          approval<ApprovalGranted>("AP-9"));
  EXPECT_EQ(state(s), State::submitted);
}

TEST(Request, ReturnedGoesOnWithItsApproval) {
  auto s = under_way();
  auto back = approval<ApprovalReturned>();
  back.to_step = 1;
  s.given(back);
  EXPECT_EQ(state(s), State::submitted) << "to an earlier step is not to the author";
  back.to_step = 0;
  s.given(back);
  EXPECT_EQ(state(s), State::returned);
  s.when(Submit{kId}).then(submitted("AP-1")).then_sends(AskAgain{"AP-1"});
}

TEST(Request, ChangedUnderApprovalIsLookedAt) {
  auto s = under_way();
  auto more = kPay;
  more.amount_fen = 99'00;
  s.when(Change{kId, kPay}).then_rejected("request.unchanged");
  s.when(Change{kId, more}).then(Changed{kId, more, more.snapshot(), "AP-1"});
  s.then_sends(AskToLook{"AP-1"});
  s.given(approval<ApprovalInvalidated>());
  EXPECT_EQ(state(s), State::returned);
}

TEST(Request, RejectedOrWithdrawnMayBeSubmittedAnewOrCancelled) {
  auto s = under_way();
  s.given(approval<ApprovalRejected>());
  EXPECT_EQ(state(s), State::rejected);
  s.when(Submit{kId}).then(submitted());
  s.given(asked("request", "AP-2"), approval<ApprovalWithdrawn>("AP-2"));
  EXPECT_EQ(state(s), State::draft);
  s.when(Cancel{kId}).then(Cancelled{kId});
  EXPECT_EQ(state(s), State::cancelled);
  s.when(Submit{kId}).then_rejected("command.wrong_state");
}

TEST(Request, ChainIsASetting) {
  auto s = spec();
  s.as("wang").configured(R"({"chain":"big"})").when(Draft{kPay}).when(Submit{kId});
  s.then_sends(AskApproval{"request", kId, "big", kPay.title});
}

}  // namespace
}  // namespace request
