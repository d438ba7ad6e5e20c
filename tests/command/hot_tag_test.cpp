// Many clients on one tag: fair, no spurious conflict, about one decide per command.
#include <boost/json.hpp>
#include <mutex>

#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {
namespace {

/// Makes what waits durable every now and then, as a disk does.
class SlowDisk {
 public:
  explicit SlowDisk(MemoryLedger& ledger)
      : ledger_(ledger), thread_([this] {
          while (!stop_) {
            ledger_.hold_durability(true);
            std::this_thread::sleep_for(std::chrono::microseconds(300));
            ledger_.hold_durability(false);
            std::this_thread::sleep_for(std::chrono::microseconds(50));
          }
          ledger_.hold_durability(false);
        }) {}
  ~SlowDisk() {
    stop_ = true;
    thread_.join();
  }

 private:
  MemoryLedger& ledger_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

TEST_F(CommandFixture, SixtyFourClientsOnOneTagNeedAboutOneDecideEachAndMeetNoConflict) {
  ASSERT_TRUE(open("hot").ok());
  constexpr int kClients = 64, kEach = 20;
  const auto before = service_->metrics();
  std::atomic<int> refused{0};
  {
    SlowDisk disk(ledger_);
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) refused += !deposit("hot", 1).ok();
      });
    }
    for (auto& client : clients) client.join();
  }
  const auto after = service_->metrics();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(after.conflicts, before.conflicts);
  EXPECT_LE(after.decides - before.decides, kClients * kEach * 11u / 10u);
  EXPECT_EQ(events("wallet.deposited").size(), std::size_t{kClients * kEach});
}

TEST_F(CommandFixture, WaitingCommandsAreDecidedInArrivalOrder) {
  given(open("hot"));
  std::promise<void> inside, go;
  bool first = true;
  knobs_->in_decide = [&] {
    if (std::exchange(first, false)) {
      inside.set_value();
      go.get_future().wait();
    }
  };
  std::thread holder([&] { given(deposit("hot", 1)); });
  inside.get_future().wait();
  std::vector<Answer> answers;
  for (int i = 2; i < 12; ++i) {  // none of these blocks: the holder runs them
    answers.push_back(send("wallet.deposit", {{"id", "hot"}, {"amount", i}}));
  }
  EXPECT_EQ(service_->metrics().waiting, 10u);
  go.set_value();
  holder.join();
  Position last{};
  for (auto& answer : answers) {
    const auto outcome = answer.get();
    ASSERT_TRUE(outcome.ok());
    EXPECT_GT(outcome->position, last);
    last = outcome->position;
  }
}

TEST_F(CommandFixture, FullQueueRefusesAtOnce) {
  start(ledger_, {.queued_commands_max = 2});
  given(open("hot"));
  std::promise<void> inside, go;
  bool first = true;
  knobs_->in_decide = [&] {
    if (std::exchange(first, false)) {
      inside.set_value();
      go.get_future().wait();
    }
  };
  std::thread holder([&] { given(deposit("hot", 1)); });
  inside.get_future().wait();
  std::vector<Answer> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(send("wallet.deposit", {{"id", "hot"}, {"amount", 1}}));
  }
  EXPECT_EQ(code(deposit("hot", 1)), Code::kOverloaded);
  EXPECT_TRUE(open("cold").ok());  // a command elsewhere does not wait
  go.set_value();
  holder.join();
  for (auto& answer : waiting) EXPECT_TRUE(answer.get().ok());
}

TEST_F(CommandFixture, CommandIsDecidedOnTheAcceptedTailAndAnsweredWhenItIsDurable) {
  given(open("a"));
  ledger_.hold_durability(true);
  auto first = send("wallet.deposit", {{"id", "a"}, {"amount", 10}});
  auto second = send("wallet.withdraw", {{"id", "a"}, {"amount", 10}});
  auto rejected = send("wallet.withdraw", {{"id", "a"}, {"amount", 1}});
  EXPECT_EQ(first.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  EXPECT_EQ(rejected.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  ledger_.hold_durability(false);
  EXPECT_TRUE(first.get().ok());
  EXPECT_TRUE(second.get().ok());
  EXPECT_EQ(reason(rejected.get()), "wallet.overdrawn");
}

TEST_F(CommandFixture, FailedSyncFailsAllThatRestsOnIt) {
  given(open("a"));
  ledger_.hold_durability(true);
  auto first = send("wallet.deposit", {{"id", "a"}, {"amount", 10}});
  auto second = send("wallet.withdraw", {{"id", "a"}, {"amount", 10}});
  auto rejected = send("wallet.withdraw", {{"id", "a"}, {"amount", 1}});
  ledger_.fail_next_sync();
  ledger_.hold_durability(false);
  EXPECT_EQ(code(first.get()), Code::kIo);
  EXPECT_EQ(code(second.get()), Code::kIo);
  const auto answer = rejected.get();
  EXPECT_TRUE(code(answer) == Code::kIo || code(answer) == Code::kNotReady) << reason(answer);
  EXPECT_EQ(code(deposit("a", 1)), Code::kNotReady);
  // What was folded from the lost tail is forgotten: the balance is 0 again.
  EXPECT_EQ(reason(withdraw("a", 1)), "wallet.overdrawn");
  EXPECT_EQ(withdraw("a", 1).error().message, "balance is 0");
}

}  // namespace
}  // namespace opsledger::testing
