// The append condition is exactly what was folded; conflicts decide again; loads run in rounds.
#include <random>

#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {
namespace {

/// Appends `emitted` from inside the first `times` decides: between fold and append.
class RawBetween {
 public:
  RawBetween(std::function<Result<AppendOutcome>()> append, int times)
      : append_(std::move(append)), left_(times) {}
  void operator()() {
    if (left_-- > 0) {
      ASSERT_TRUE(append_().ok());
    }
  }

 private:
  std::function<Result<AppendOutcome>()> append_;
  int left_;
};

class Boundary : public CommandFixture {
 protected:
  void between(Emitted emitted, int times = 1) {
    knobs_->in_decide = [this, race = RawBetween([this, emitted] { return append_raw(emitted); },
                                                 times)]() mutable { race(); };
  }
};

TEST_F(Boundary, EventInTheFoldedBoundaryIsSeenByASecondDecide) {
  given(open("a"));
  given(deposit("a", 100));
  between(TestModule::moved(TestModule::kWithdrawn, "a", 80));
  const auto result = withdraw("a", 50);
  EXPECT_EQ(reason(result), "wallet.overdrawn");
  EXPECT_EQ(result.error().message, "balance is 20");
  EXPECT_EQ(service_->metrics().conflicts, 1u);
}

TEST_F(Boundary, EventWithOtherTagsIsNoConflict) {
  given(open("a"));
  between(TestModule::moved(TestModule::kWithdrawn, "b", 80));
  EXPECT_TRUE(deposit("a", 1).ok());
  EXPECT_EQ(service_->metrics().conflicts, 0u);
  EXPECT_EQ(knobs_->decides, 2u);
}

TEST_F(Boundary, EventOfATypeTheModelDoesNotFoldIsNoConflict) {
  given(open("a"));
  bool appended = false;
  knobs_->in_decide = [&] {
    if (std::exchange(appended, true)) return;
    NewEvent event;
    event.type = "misc.note";
    event.tags = {"wallet:a"};
    event.data = "{}";
    ASSERT_TRUE(append_and_wait(ledger_, {{event}, {}, {}}).ok());
  };
  EXPECT_TRUE(deposit("a", 1).ok());
  EXPECT_EQ(service_->metrics().conflicts, 0u);
}

TEST_F(Boundary, ConflictThatNeverEndsIsRefusedAfterBoundedTries) {
  start(ledger_, {.tries_max = 3});
  given(open("a"));
  between(TestModule::moved(TestModule::kDeposited, "a", 1), 100);
  const auto result = deposit("a", 1);
  EXPECT_EQ(code(result), Code::kConflict);
  EXPECT_EQ(reason(result), "append.conflict");
  EXPECT_EQ(service_->metrics().conflicts, 3u);
}

TEST_F(Boundary, SecondBoundaryOfOneDecideIsGuardedToo) {
  given(open("a"));
  given(open("b"));
  given(deposit("b", 70));
  between(TestModule::moved(TestModule::kDeposited, "b", 5));
  ASSERT_TRUE(run("wallet.gather", {{"ids", {"a", "b"}}}).ok());
  EXPECT_EQ(service_->metrics().conflicts, 1u);
  knobs_->in_decide = nullptr;
  EXPECT_EQ(reason(withdraw("b", 1)), "wallet.overdrawn");
  EXPECT_TRUE(withdraw("a", 75).ok());
}

TEST_F(Boundary, SecondLoadIsFoundThroughTheStateOfTheFirstAndGuarded) {
  given(open("a", "b"));
  given(open("b"));
  given(deposit("b", 30));
  between(TestModule::moved(TestModule::kDeposited, "b", 5));
  ASSERT_TRUE(run("wallet.sweep", {{"id", "a"}}).ok());
  EXPECT_EQ(service_->metrics().conflicts, 1u);
  knobs_->in_decide = nullptr;
  EXPECT_TRUE(withdraw("a", 35).ok());
  EXPECT_EQ(reason(withdraw("b", 1)), "wallet.overdrawn");
}

TEST_F(Boundary, CommandWithoutLoadsHasNoCondition) {
  between(TestModule::moved(TestModule::kDeposited, "a", 1));
  EXPECT_TRUE(run("wallet.note", {{"id", "a"}, {"amount", 2}}).ok());
  EXPECT_EQ(service_->metrics().conflicts, 0u);
}

TEST_F(Boundary, LoadsThatNeverSettleAreAConflictNotAnEndlessLoop) {
  // Two commands that sweep into each other from many threads: turns found in rounds.
  given(open("a", "b", 1'000'000));
  given(open("b", "a", 1'000'000));
  given(deposit("a", 1000));
  std::vector<std::thread> threads;
  std::atomic<int> conflicts{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto result = run("wallet.sweep", {{"id", t % 2 ? "a" : "b"}});
        conflicts += code(result) == Code::kConflict;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(conflicts, 0);
  EXPECT_EQ(service_->metrics().waiting, 0u);
}

TEST_F(Boundary, CachedStatesDecideLikeFreshOnesOverRandomSequences) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  start(ledger_, {.cached_states_max = 3});
  std::map<std::string, std::optional<std::int64_t>> accounts;  // the oracle
  for (int i = 0; i < 600; ++i) {
    const std::string id(1, static_cast<char>('a' + random() % 6));
    const auto amount = static_cast<std::int64_t>(random() % 50);
    auto& wallet = accounts[id];
    switch (random() % 4) {
      case 0:
        EXPECT_EQ(open(id).ok(), !wallet.has_value());
        wallet = wallet.value_or(0);
        break;
      case 1:
        EXPECT_EQ(deposit(id, amount).ok(), wallet.has_value());
        if (wallet) *wallet += amount;
        break;
      case 2: {
        const bool covered = wallet.value_or(0) >= amount;
        EXPECT_EQ(withdraw(id, amount).ok(), covered);
        if (covered && wallet) *wallet -= amount;
        break;
      }
      default:
        if (wallet) {
          ASSERT_TRUE(append_raw(TestModule::moved(TestModule::kDeposited, id, 1)).ok());
          ++*wallet;
        }
    }
  }
  EXPECT_LE(service_->metrics().cached_states, 3u);
  EXPECT_GT(service_->metrics().cache_hits, 0u);
}

TEST_F(Boundary, CachedStateSeesFewAndManyRawAppendsBetweenCommands) {
  given(open("a"));
  std::int64_t balance = 0;
  for (const int appended : {0, 1, 3, 600, 2, 1500, 0}) {
    for (int i = 0; i < appended; ++i) {
      ASSERT_TRUE(append_raw(TestModule::moved(TestModule::kDeposited, "a", 1)).ok());
      ASSERT_TRUE(append_raw(TestModule::moved(TestModule::kDeposited, "b", 7)).ok());
    }
    balance += appended;
    EXPECT_EQ(withdraw("a", balance + 1).error().message, "balance is " + std::to_string(balance));
    given(deposit("a", 1));
    ++balance;
  }
}

TEST_F(Boundary, OwnEventsOfSeveralStatesAreFoldedIntoEachOfThem) {
  given(open("a", "b"));
  given(open("b"));
  given(deposit("b", 30));
  given(run("wallet.sweep", {{"id", "a"}}));
  given(run("wallet.gather", {{"ids", {"b", "a"}}}));
  EXPECT_EQ(withdraw("a", 1).error().message, "balance is 0");
  EXPECT_EQ(withdraw("b", 31).error().message, "balance is 30");
}

TEST_F(Boundary, CacheFoldsOnlyNewEvents) {
  given(open("a"));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(deposit("a", 1).ok());
  EXPECT_EQ(knobs_->folded, 21u);  // each event once, its own at once
  EXPECT_EQ(knobs_->states, 1u);
}

}  // namespace
}  // namespace opsledger::testing
