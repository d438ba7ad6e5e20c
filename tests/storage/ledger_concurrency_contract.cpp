// Many threads at once.
#include <atomic>
#include <set>
#include <thread>

#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

constexpr int kThreads = 4;

void run_threads(const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back(work, t);
  for (auto& thread : threads) thread.join();
}

TEST_P(LedgerContract, ConcurrentAppendersLoseAndDoubleNothing) {
  constexpr int kAppends = 150;
  std::mutex mutex;
  std::set<std::uint64_t> positions;
  run_threads([&](int t) {
    for (int i = 0; i < kAppends; ++i) {
      Proposal proposal;
      const std::string tag = "who:" + std::to_string(t) + "-" + std::to_string(i);
      proposal.events = {new_event("task.a", {tag}), new_event("task.b", {tag})};
      const auto outcome = append(std::move(proposal));
      ASSERT_TRUE(outcome.ok());
      ASSERT_EQ(outcome->last.value, outcome->first.value + 1);
      std::lock_guard lock(mutex);
      ASSERT_TRUE(positions.insert(outcome->first.value).second);
      ASSERT_TRUE(positions.insert(outcome->last.value).second);
    }
  });
  EXPECT_EQ(positions.size(), 2u * kThreads * kAppends);
  EXPECT_EQ(*positions.rbegin(), positions.size());
  EXPECT_EQ(positions_of(ledger()).size(), positions.size());
  EXPECT_EQ(positions_of(ledger(), query_of({{{}, {"who:3-149"}}})).size(), 2u);
}

TEST_P(LedgerContract, AppendsThatWaitAndAppendsThatDoNotAreAllAnswered) {
  constexpr std::uint64_t kAppends = 100;
  std::atomic<std::uint64_t> answered = 0;
  run_threads([&](int t) {
    for (std::uint64_t i = 0; i < kAppends; ++i) {
      if (t % 2 == 0) {
        ASSERT_TRUE(ledger().append_and_wait(one(new_event("task.a"))).ok());
        ++answered;
      } else {
        const auto done = [&](const Result<AppendOutcome>& outcome) {
          answered += outcome.ok() ? 1 : 0;
        };
        ASSERT_TRUE(ledger().append(one(new_event("task.b")), done).ok());
      }
    }
  });
  must_append("task.c");  // commits are in order: everything before it is durable now
  EXPECT_EQ(ledger().durable().position.value, kThreads * kAppends + 1);
  EXPECT_EQ(answered, kThreads * kAppends);
}

TEST_P(LedgerContract, ConcurrentConditionsLetExactlyOneThrough) {
  constexpr int kNames = 60;
  std::atomic<int> wins = 0;
  run_threads([&](int) {
    for (int i = 0; i < kNames; ++i) {
      const std::string tag = "name:" + std::to_string(i);
      const auto outcome =
          append_if(new_event("user.named", {tag}), unless({{{"user.named"}, {tag}}}));
      if (outcome.ok()) {
        ++wins;
      } else {
        ASSERT_EQ(outcome.error().code, Code::kConflict);
      }
    }
  });
  EXPECT_EQ(wins, kNames);
  EXPECT_EQ(ledger().durable().position.value, static_cast<std::uint64_t>(kNames));
}

TEST_P(LedgerContract, ConcurrentCountersNeverSkipOrRepeat) {
  constexpr int kSteps = 40;
  const Query query = query_of({{{}, {"counter:1"}}});
  run_threads([&](int) {
    for (int done = 0; done < kSteps;) {
      const auto seen = positions_of(ledger(), query, {.accepted = true});
      const std::uint64_t last = seen.empty() ? 0 : seen.back();
      NewEvent event = new_event("counter.stepped", {"counter:1"});
      event.data = std::to_string(seen.size() + 1);
      const auto outcome = append_if(event, {query, {last}});
      if (outcome.ok()) ++done;
    }
  });
  std::uint64_t expected = 0;
  auto cursor = ledger().read(query, {});
  for (auto events = (*cursor)->next(); !events->empty(); events = (*cursor)->next()) {
    for (const auto& event : *events) EXPECT_EQ(event.data, std::to_string(++expected));
  }
  EXPECT_EQ(expected, static_cast<std::uint64_t>(kThreads * kSteps));
}

TEST_P(LedgerContract, ConcurrentRetriesOfOneKeyAppendOnce) {
  constexpr int kKeys = 40;
  std::atomic<int> fresh = 0;
  run_threads([&](int) {
    for (int i = 0; i < kKeys; ++i) {
      Proposal proposal = one(new_event("task.a"));
      proposal.key = key_of("wang", std::to_string(i));
      const auto outcome = append(std::move(proposal));
      ASSERT_TRUE(outcome.ok());
      if (!outcome->replayed) ++fresh;
    }
  });
  EXPECT_EQ(fresh, kKeys);
  EXPECT_EQ(ledger().durable().position.value, static_cast<std::uint64_t>(kKeys));
}

TEST_P(LedgerContract, ReadersSeeAGaplessPrefixWhileOthersAppend) {
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    std::uint64_t before = 0;
    while (!stop) {
      const auto all = positions_of(ledger());
      ASSERT_GE(all.size(), before);
      for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i + 1);
      ASSERT_EQ(positions_of(ledger(), query_of({{{"task.a"}, {}}}), {.upto = {before}}).size(),
                before);
      before = all.size();
    }
  });
  run_threads([&](int) {
    for (int i = 0; i < 100; ++i) must_append("task.a", {"x:1"});
  });
  stop = true;
  reader.join();
  EXPECT_EQ(positions_of(ledger()).size(), 100u * kThreads);
}

}  // namespace
}  // namespace opsledger::testing_support
