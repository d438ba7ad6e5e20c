// append_from_memory: an append like any other, or nothing at all.
#include <thread>

#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

class MemoryAppend : public testing::Test {
 protected:
  MemoryAppend() { EXPECT_TRUE(rocks_.open().ok()); }

  RocksLedger& ledger() { return rocks_.ledger(); }
  void append(int events) {
    for (int i = 0; i < events; ++i) {
      const auto event = new_event("task.a", {"task:" + std::to_string(i)});
      ASSERT_TRUE(append_and_wait(ledger(), one(event)).ok());
    }
  }
  /// Everything is in tables then, and nothing in memory.
  void forget() {
    ledger().wait_packed();
    rocks_.close();
    ASSERT_TRUE(rocks_.open().ok());
  }
  static Proposal unless_task(const std::string& task) {
    Proposal proposal = one(new_event("task.b", {task}));
    proposal.condition = unless({{{"task.a"}, {task}}});
    return proposal;
  }
  std::optional<Result<AppendOutcome>> try_append(const Proposal& proposal,
                                                  bool may_commit = false) {
    return ledger().append_from_memory(
        proposal, [this](const auto& outcome) { done_ += outcome.ok() ? 1 : 100; }, may_commit);
  }

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
  std::atomic<int> done_{0};
};

TEST_F(MemoryAppend, ConditionOnWhatIsOnTheDiskIsLeftToAppend) {
  append(300);
  forget();
  const auto before = ledger().accepted().position;
  EXPECT_FALSE(try_append(unless_task("task:7")));
  EXPECT_EQ(ledger().accepted().position, before);
  EXPECT_EQ(reason_of(append_and_wait(ledger(), unless_task("task:7"))), "append.conflict");
  const auto cached = try_append(unless_task("task:7"));
  ASSERT_TRUE(cached);
  EXPECT_EQ(reason_of(*cached), "append.conflict");
  EXPECT_EQ(done_, 0);
}

TEST_F(MemoryAppend, ConditionOnTheNewestEventsNeedsNoDisk) {
  append(300);
  forget();
  append(3);
  Proposal proposal = unless_task("task:2");
  proposal.condition->after = {300};
  const auto refused = try_append(proposal);
  ASSERT_TRUE(refused);
  EXPECT_EQ(reason_of(*refused), "append.conflict");
  proposal.condition->after = ledger().durable().position;
  const auto accepted = try_append(proposal);
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(accepted->ok());
}

TEST_F(MemoryAppend, LongWalkIsLeftToAppend) {
  Proposal many;
  for (int i = 0; i < 500; ++i) many.events.push_back(new_event("x", {i % 2 ? "l:1" : "r:1"}));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(append_and_wait(ledger(), many).ok());
  Proposal proposal = one(new_event("task.b"));
  proposal.condition = unless({{{}, {"l:1", "other:1"}}});
  EXPECT_TRUE(try_append(proposal));
  proposal.condition = unless({{{}, {"l:1", "r:1"}}});
  EXPECT_FALSE(try_append(proposal));
  EXPECT_TRUE(append_and_wait(ledger(), proposal).ok());
}

TEST_F(MemoryAppend, WhoMayCommitHasTheAnswerAtOnce) {
  for (int i = 1; i <= 20; ++i) {
    const auto outcome = try_append(one(new_event("task.a")), /*may_commit=*/true);
    ASSERT_TRUE(outcome && outcome->ok());
    EXPECT_EQ(done_, i);
    EXPECT_EQ(ledger().durable().position, (*outcome)->last);
  }
}

TEST_F(MemoryAppend, WhoMayNotCommitDoesNotWait) {
  rocks_.hold_durability(true);
  const auto outcome = try_append(one(new_event("task.a")));
  ASSERT_TRUE(outcome && outcome->ok());
  EXPECT_EQ(done_, 0);
  rocks_.hold_durability(false);
  while (done_ == 0) std::this_thread::yield();
  EXPECT_EQ(done_, 1);
}

}  // namespace
}  // namespace opsledger::testing_support
