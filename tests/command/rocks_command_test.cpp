// The command path over the real ledger: the same promises, with a disk under them.
#include <filesystem>

#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {
namespace {

class OnRocks : public CommandFixture {
 protected:
  OnRocks() {
    std::string name = (std::filesystem::temp_directory_path() / "command-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    reopen();
  }
  ~OnRocks() override {
    service_.reset();
    schemas_.reset();
    rocks_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen() {
    service_.reset();
    schemas_.reset();
    rocks_.reset();
    LedgerOptions options;
    options.directory = folder_;
    options.disk_free_bytes_min = 0;
    rocks_ = RocksLedger::open(options, clock_).value();
    start(*rocks_);
  }

  std::filesystem::path folder_;
  std::unique_ptr<RocksLedger> rocks_;
};

TEST_F(OnRocks, SixtyFourClientsOnOneTagNeedAboutOneDecideEachAndMeetNoConflict) {
  given(open("hot"));
  constexpr int kClients = 64, kEach = 20;
  const auto before = service_->metrics();
  std::atomic<int> refused{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) refused += !deposit("hot", 1).ok();
    });
  }
  for (auto& client : clients) client.join();
  const auto after = service_->metrics();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(after.conflicts, before.conflicts);
  EXPECT_LE(after.decides - before.decides, kClients * kEach * 11u / 10u);
  given(withdraw("hot", kClients * kEach));
  EXPECT_EQ(reason(withdraw("hot", 1)), "wallet.overdrawn");
}

TEST_F(OnRocks, DecisionsSurviveARestartAndRetriesAreStillKnown) {
  given(open("a"));
  const boost::json::value body{{"id", "a"}, {"amount", 5000}};
  const auto first = run("wallet.deposit", body, keyed("k"));
  given(first);
  reopen();
  const auto again = run("wallet.deposit", body, keyed("k"));
  given(again);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->events, first->events);
  EXPECT_EQ(again->warnings.size(), 1u);
  given(withdraw("a", 5000));
  EXPECT_EQ(reason(withdraw("a", 1)), "wallet.overdrawn");
}

TEST_F(OnRocks, RawAppendsBetweenFoldAndAppendAreSeenByAnotherDecide) {
  given(open("a"));
  given(deposit("a", 100));
  bool raced = false;
  knobs_->in_decide = [&] {
    if (std::exchange(raced, true)) return;
    ASSERT_TRUE(append_raw(TestModule::moved(TestModule::kWithdrawn, "a", 80)).ok());
  };
  EXPECT_EQ(withdraw("a", 50).error().message, "balance is 20");
}

TEST_F(OnRocks, TransfersFromManyThreadsNeitherMakeNorLoseMoney) {
  constexpr int kAccounts = 5, kThreads = 8, kEach = 40;
  for (int a = 0; a < kAccounts; ++a) {
    const auto id = std::to_string(a);
    given(open(id, std::to_string((a + 1) % kAccounts)));
    given(deposit(id, 100));
  }
  std::vector<std::thread> threads;
  std::atomic<int> conflicts{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto id = std::to_string((t + i) % kAccounts);
        const auto other = std::to_string((t + 3 * i + 1) % kAccounts);
        const auto result = i % 2 ? run("wallet.sweep", {{"id", id}})
                                  : run("wallet.gather", {{"ids", {id, other}}});
        conflicts += code(result) == Code::kConflict;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(conflicts, 0);
  boost::json::array all;
  for (int a = 0; a < kAccounts; ++a) all.emplace_back(std::to_string(a));
  given(run("wallet.gather", {{"ids", all}}));
  given(withdraw("0", kAccounts * 100));
  EXPECT_EQ(reason(withdraw("0", 1)), "wallet.overdrawn");
}

}  // namespace
}  // namespace opsledger::testing
