#include <set>

#include "kernel/command/number_series.hpp"
#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {
namespace {

TEST_F(CommandFixture, CommandWithASeriesGetsTheNextNumberAndRecordsThatItWasIssued) {
  const auto first = run("wallet.number", {{"id", "T-202611"}});
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_EQ(first->events.size(), 2u);
  EXPECT_EQ(first->events[0].first, "wallet.opened");
  EXPECT_EQ(first->events[1].first, "number.issued");
  ASSERT_TRUE(run("wallet.number", {{"id", "T-202611"}}).ok());
  ASSERT_TRUE(run("wallet.number", {{"id", "T-202612"}}).ok());
  const auto opened = events("wallet.opened");
  EXPECT_TRUE(opened[0]->has_tag("wallet:T-202611-0001"));
  EXPECT_TRUE(opened[1]->has_tag("wallet:T-202611-0002"));
  EXPECT_TRUE(opened[2]->has_tag("wallet:T-202612-0001"));
  EXPECT_TRUE(events("number.issued")[0]->has_tag("series:T-202611"));
}

TEST_F(CommandFixture, NumbersGoOnAfterARestart) {
  ASSERT_TRUE(run("wallet.number", {{"id", "T"}}).ok());
  start(ledger_);
  ASSERT_TRUE(run("wallet.number", {{"id", "T"}}).ok());
  EXPECT_TRUE(events("wallet.opened")[1]->has_tag("wallet:T-0002"));
}

TEST_F(CommandFixture, NumbersAreGaplessAndUniqueUnderSixteenThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) EXPECT_TRUE(run("wallet.number", {{"id", "T"}}).ok());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::uint64_t> numbers;
  for (const auto& event : events("number.issued")) {
    numbers.insert(issued_sequence(event.view()).value());
  }
  EXPECT_EQ(numbers.size(), 400u);
  EXPECT_EQ(*numbers.begin(), 1u);
  EXPECT_EQ(*numbers.rbegin(), 400u);
}

TEST(NumberSeries, NumberIsPaddedAndGrowsBeyondItsWidth) {
  EXPECT_EQ(format_number("T-202611", 42, 4), "T-202611-0042");
  EXPECT_EQ(format_number("T", 12345, 4), "T-12345");
}

}  // namespace
}  // namespace opsledger::testing
