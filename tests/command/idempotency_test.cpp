#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {
namespace {

class Idempotency : public CommandFixture {
 protected:
  Result<CommandOutcome> deposit_keyed(const std::string& key, std::int64_t amount) {
    return run("wallet.deposit", {{"id", "a"}, {"amount", amount}}, keyed(key));
  }
};

TEST_F(Idempotency, RetryReturnsTheFirstOutcomeWithItsEventsAndWarnings) {
  given(open("a"));
  const auto first = deposit_keyed("k", 5000);
  ASSERT_TRUE(first.ok());
  const auto before = head();
  const auto decides = knobs_->decides.load();
  const auto again = deposit_keyed("k", 5000);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->position, first->position);
  EXPECT_EQ(again->events, first->events);
  ASSERT_EQ(again->warnings.size(), 1u);
  EXPECT_EQ(again->warnings[0].code, "wallet.large");
  EXPECT_EQ(again->warnings[0].message, first->warnings[0].message);
  EXPECT_EQ(head(), before);
  EXPECT_EQ(knobs_->decides, decides);
}

TEST_F(Idempotency, RetryIsAnsweredAlsoWhereTheDecisionWouldNowBeRejected) {
  const boost::json::value body{{"id", "a"}, {"backup", ""}, {"limit", 0}};
  ASSERT_TRUE(run("wallet.open", body, keyed("k")).ok());
  const auto again = run("wallet.open", body, keyed("k"));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
}

TEST_F(Idempotency, RejectedCommandIsDecidedAgainUnderTheSameKey) {
  EXPECT_EQ(reason(deposit_keyed("k", 1)), "wallet.unknown");
  given(open("a"));
  const auto again = deposit_keyed("k", 1);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->replayed);
}

TEST_F(Idempotency, SameKeyWithOtherContentIsAMismatch) {
  given(open("a"));
  ASSERT_TRUE(deposit_keyed("k", 1).ok());
  EXPECT_EQ(code(deposit_keyed("k", 2)), Code::kKeyMismatch);
  auto context = keyed("k");
  context.department = "ops";
  EXPECT_EQ(code(run("wallet.deposit", {{"id", "a"}, {"amount", 1}}, context)), Code::kKeyMismatch);
}

TEST_F(Idempotency, AnotherActorMayUseTheSameKey) {
  given(open("a"));
  ASSERT_TRUE(deposit_keyed("k", 1).ok());
  auto context = keyed("k");
  context.actor = "li";
  const auto other = run("wallet.deposit", {{"id", "a"}, {"amount", 2}}, context);
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(other->replayed);
}

TEST_F(Idempotency, ConcurrentDuplicatesAreAcceptedOnceAndAllGetThatOutcome) {
  const boost::json::value body{{"id", "a"}, {"backup", ""}, {"limit", 0}};
  std::vector<std::thread> threads;
  std::vector<std::optional<Result<CommandOutcome>>> results(16);
  for (auto& result : results) {
    threads.emplace_back([&] { result = run("wallet.open", body, keyed("k")); });
  }
  for (auto& thread : threads) thread.join();
  int fresh = 0;
  for (const auto& result : results) {
    ASSERT_TRUE((*result).ok()) << (*result).error().message;
    fresh += !(*result)->replayed;
    EXPECT_EQ((*result)->position, results[0]->value().position);
  }
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(events("wallet.opened").size(), 1u);
}

TEST_F(Idempotency, RetryOfACommandNotYetDurableWaitsForIt) {
  given(open("a"));
  ledger_.hold_durability(true);
  auto first = send("wallet.deposit", {{"id", "a"}, {"amount", 1}}, keyed("k"));
  auto again = send("wallet.deposit", {{"id", "a"}, {"amount", 1}}, keyed("k"));
  EXPECT_EQ(again.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  ledger_.hold_durability(false);
  EXPECT_EQ(again.get()->position, first.get()->position);
}

}  // namespace
}  // namespace opsledger::testing
