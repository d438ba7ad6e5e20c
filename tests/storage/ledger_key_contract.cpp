// Idempotency keys.
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

Proposal keyed(NewEvent event, IdempotencyKey key) {
  Proposal proposal = one(std::move(event));
  proposal.key = std::move(key);
  return proposal;
}

TEST_P(LedgerContract, RetryWithTheSameKeyRepeatsTheFirstOutcome) {
  Proposal proposal = keyed(new_event("task.a"), key_of("wang", "k1"));
  proposal.events.push_back(new_event("task.b"));
  const auto first = append(proposal);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->replayed);
  clock_.advance(5);
  must_append("task.c");
  const auto again = append(proposal);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->first, first->first);
  EXPECT_EQ(again->last, first->last);
  EXPECT_EQ(again->recorded_at, first->recorded_at);
  EXPECT_EQ(ledger().durable().position.value, 3u);
}

TEST_P(LedgerContract, RetrySucceedsEvenWhenItsConditionWouldNowFail) {
  Proposal proposal = keyed(new_event("user.created", {"user:1"}), key_of("wang", "k1"));
  proposal.condition = unless({{{}, {"user:1"}}});
  ASSERT_TRUE(append(proposal).ok());
  const auto again = append(proposal);
  ASSERT_TRUE(again.ok()) << reason_of(again);
  EXPECT_TRUE(again->replayed);
}

TEST_P(LedgerContract, SameKeyWithOtherContentIsAMismatch) {
  ASSERT_TRUE(append(keyed(new_event("task.a"), key_of("wang", "k1", 1))).ok());
  const auto other = append(keyed(new_event("task.b"), key_of("wang", "k1", 2)));
  EXPECT_EQ(code_of(other), Code::kKeyMismatch);
  EXPECT_EQ(reason_of(other), "idempotency.mismatch");
  EXPECT_EQ(ledger().accepted().position.value, 1u);
}

TEST_P(LedgerContract, KeysAreScopedToTheActor) {
  ASSERT_TRUE(append(keyed(new_event("task.a"), key_of("wang", "k1", 1))).ok());
  const auto other = append(keyed(new_event("task.a"), key_of("li", "k1", 2)));
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(other->replayed);
  // Scope and key are not simply joined.
  EXPECT_FALSE(append(keyed(new_event("task.a"), key_of("wangk", "1", 3)))->replayed);
}

TEST_P(LedgerContract, RejectedAppendDoesNotUseUpItsKey) {
  must_append("task.created", {"task:1"});
  Proposal proposal = keyed(new_event("task.created", {"task:1"}), key_of("wang", "k1"));
  proposal.condition = unless({{{}, {"task:1"}}});
  EXPECT_EQ(code_of(append(proposal)), Code::kConflict);
  proposal.condition->after = {1};
  const auto accepted = append(proposal);
  ASSERT_TRUE(accepted.ok());
  EXPECT_FALSE(accepted->replayed);
}

TEST_P(LedgerContract, FindTellsTheOutcomeOfAKey) {
  EXPECT_FALSE(ledger().find(key_of("wang", "k1"))->has_value());
  ASSERT_TRUE(append(keyed(new_event("task.a"), key_of("wang", "k1", 1))).ok());
  const auto found = ledger().find(key_of("wang", "k1", 1));
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->first.value, 1u);
  EXPECT_TRUE((*found)->replayed);
  EXPECT_EQ(code_of(ledger().find(key_of("wang", "k1", 2))), Code::kKeyMismatch);
}

TEST_P(LedgerContract, KeyExpiresByPosition) {
  LedgerSetup setup;
  setup.rules.key_lifetime_positions = 3;
  start(setup);
  const auto proposal = keyed(new_event("task.a"), key_of("wang", "k1"));
  ASSERT_TRUE(append(proposal).ok());  // position 1
  for (int i = 0; i < 3; ++i) must_append("task.b");
  EXPECT_TRUE(append(proposal)->replayed);  // 3 positions follow it
  must_append("task.b");
  EXPECT_FALSE(ledger().find(*proposal.key)->has_value());
  const auto fresh = append(proposal);
  ASSERT_TRUE(fresh.ok());
  EXPECT_FALSE(fresh->replayed);
  EXPECT_EQ(fresh->first.value, 6u);
  EXPECT_TRUE(append(proposal)->replayed);
}

TEST_P(LedgerContract, PermanentKeyNeverExpires) {
  LedgerSetup setup;
  setup.rules.key_lifetime_positions = 1;
  start(setup);
  const auto proposal = keyed(new_event("task.a"), key_of("rule", "r1/1", 0, true));
  ASSERT_TRUE(append(proposal).ok());
  for (int i = 0; i < 5; ++i) must_append("task.b");
  EXPECT_TRUE(append(proposal)->replayed);
}

TEST_P(LedgerContract, RetryWaitsUntilTheFirstAttemptIsDurable) {
  harness_->hold_durability(true);
  const auto proposal = keyed(new_event("task.a"), key_of("wang", "k1"));
  std::atomic<int> completions = 0;
  const auto count = [&](const Result<AppendOutcome>& outcome) {
    EXPECT_TRUE(outcome.ok());
    ++completions;
  };
  ASSERT_TRUE(ledger().append(proposal, count).ok());
  const auto again = ledger().append(proposal, count);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(completions, 0);
  harness_->hold_durability(false);
  must_append("task.b");
  EXPECT_EQ(completions, 2);
}

TEST_P(LedgerContract, KeyHashIsInsideEveryEvent) {
  Proposal proposal = keyed(new_event("task.a"), key_of("wang", "k1", 1));
  proposal.events.push_back(new_event("task.b"));
  ASSERT_TRUE(append(proposal).ok());
  for (const std::uint64_t position : {1, 2}) {
    const auto event = ledger().get({position});
    ASSERT_TRUE(event.ok());
    const auto stamp = parse_stamp((*event)->metadata("key").value_or(""));
    ASSERT_TRUE(stamp.has_value());
    EXPECT_EQ(*stamp, stamp_of(*proposal.key));
  }
}

}  // namespace
}  // namespace opsledger::testing_support
