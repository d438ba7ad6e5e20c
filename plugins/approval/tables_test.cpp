#include "story.hpp"

namespace approval {
namespace {

TEST(Tables, ToDoSaysWhatIsWaitedFor) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::any)});
  const auto row = s.table("todo").row<Todo::Row>(kApproval + "/a");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->title, "付款申请");
  EXPECT_EQ(row->initiator, "tester");
  s.as("b").when(agree());
  EXPECT_EQ(s.table("todo").count(), 0u) << "the others need not look any more";
}

TEST(Tables, LoadCountsWaitingAndDone) {
  auto s = running({step("one", {"user:a", "user:b"}, Mode::any)});
  s.as("a").when(AddSigner{kApproval, "c", Place::before});
  s.as("b").when(Transfer{kApproval, "d", ""});
  EXPECT_EQ(s.table("load").row<Load::Row>("b")->waiting, 0);
  EXPECT_EQ(s.table("load").row<Load::Row>("d")->waiting, 1);
  s.as("c").when(agree()).as("a").when(agree());
  for (const char* person : {"a", "b", "c", "d"})
    EXPECT_EQ(s.table("load").row<Load::Row>(person)->waiting, 0) << person;
  EXPECT_EQ(s.table("load").row<Load::Row>("a")->approved, 1);
}

TEST(Tables, StepTimesHaveMedianAndReturnRate) {
  auto s = running({step("one", {"user:a"})});
  const auto times = [&] { return *s.table("step_times").row<StepTimes::Row>("pay/1"); };
  s.after(10s).as("a").because("r").when(Return{kApproval, ReturnTo::start, {}});
  s.as("tester").when(Resubmit{{kApproval}}).after(30s).as("a").when(agree());
  EXPECT_EQ(times().median_s, 20);
  EXPECT_EQ(times().longest_s, 30);
  EXPECT_EQ(times().return_rate_bp, 5000);
}

/// Every event type is written by some command of these tests' stories; here in one row.
TEST(Events, EachIsProducedAndEachStatusReached) {
  std::set<std::string> types, statuses;
  const auto look = [&](ops::Spec& s) {
    for (const auto& e : s.world().history()) types.insert(e.type);
    statuses.insert(std::string(ops::enum_name(row(s).status)));
  };
  auto rich = step("one", {"user:a"});
  rich.cc = {"user:z"}, rich.sla_minutes = 1, rich.on_timeout = OnTimeout::escalate;
  auto never = step("never", {"user:a"});
  never.condition = "amount > 1000";
  auto s = spec();
  seat_office(s);
  s.in("OPS").as("tester").when(DefineChain{"pay", "request", "", "", {never, rich}});
  s.given(submitted(kSnapshot)).when(ask());
  look(s);
  s.as("a").when(Transfer{kApproval, "mona", ""});
  s.after(1min).as("tester").when(Remind{{kApproval}});
  s.as("dora").when(AddSigner{kApproval, "b", Place::before}).as("b").when(agree(2));
  s.because("r").as("dora").when(Return{kApproval, ReturnTo::start, {}});
  look(s);
  s.as("tester").when(Resubmit{{kApproval}}).given(submitted("{}")).when(Recheck{{kApproval}});
  s.when(Resubmit{{kApproval}}).as("a").when(agree(2));
  look(s);
  auto t = running({step("one", {"user:a"})});
  t.as("a").when(refuse());
  look(t);
  t.when(SetDelegation{"b", kNow, kNow + 1h, {}, {}}).when(ClearDelegation{});
  t.when(RetireChain{"pay"});
  look(t);
  auto u = running({step("one", {"user:a"})});
  u.when(Withdraw{{kApproval}});
  look(u);
  EXPECT_EQ(statuses,
            (std::set<std::string>{"running", "returned", "granted", "rejected", "withdrawn"}));
  for (const auto& type : s.world().module().event_types) {
    if ((type.flags & OPS_EVENT_OWNED) == 0) continue;
    EXPECT_TRUE(types.contains(type.type)) << type.type;
  }
}

}  // namespace
}  // namespace approval
