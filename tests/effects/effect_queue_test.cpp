// What may run when: pure scheduling.
#include "kernel/effects/effect_queue.hpp"

#include <gtest/gtest.h>

#include "kernel/effects/effect_runner.hpp"

namespace opsledger {
namespace {

using What = EffectNote::What;

EffectNote begun(std::uint64_t trigger, std::int64_t due = 0, std::string lane = "",
                 unsigned per_minute = 0) {
  return {What::kBegun, {trigger}, {due}, 0, lane, per_minute};
}

TEST(EffectQueue, EarliestDueComesFirstAndNothingComesTwice) {
  EffectQueue queue;
  queue.apply(begun(1, 30));
  queue.apply(begun(2, 10));
  queue.apply(begun(2, 10));
  EXPECT_TRUE(queue.take({9}, 5).empty());
  EXPECT_EQ(queue.next_due({9}), Time{10});
  const auto jobs = queue.take({30}, 5);
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(jobs[0].trigger.value, 2u);
  EXPECT_EQ(jobs[0].number, 1u);
  EXPECT_TRUE(queue.take({99}, 5).empty());
}

TEST(EffectQueue, FailedAttemptComesAgainWhenItIsDue) {
  EffectQueue queue;
  queue.apply(begun(1));
  queue.take({0}, 1);
  queue.finished({1}, 1, Time{50});
  EXPECT_TRUE(queue.take({49}, 1).empty());
  const auto again = queue.take({50}, 1);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].number, 2u);
  queue.finished({1}, 2, {});
  EXPECT_EQ(queue.pending(), 0u);
}

TEST(EffectQueue, EventsAloneLeadToTheSameState) {
  EffectQueue queue;
  queue.apply(begun(1));
  queue.apply(begun(2));
  queue.apply({What::kAttempted, {1}, {70}, 3, "", 0});
  queue.apply({What::kAttempted, {1}, {60}, 2, "", 0});  // older: nothing new
  queue.apply({What::kSettled, {2}, {}, 0, "", 0});
  EXPECT_EQ(queue.next_due({0}), Time{70});
  EXPECT_EQ(queue.take({70}, 5).at(0).number, 4u);
  EXPECT_EQ(queue.settled_upto({9}), Position{0});
  queue.finished({1}, 4, {});
  EXPECT_EQ(queue.settled_upto({9}), Position{9});
}

TEST(EffectQueue, CallThatIsNoLongerWantedIsNotRepeated) {
  EffectQueue queue;
  queue.apply(begun(1));
  queue.take({0}, 1);
  queue.apply({What::kSettled, {1}, {}, 0, "", 0});
  queue.finished({1}, 1, Time{50});
  EXPECT_EQ(queue.pending(), 0u);
  EXPECT_EQ(queue.running(), 0u);
}

TEST(EffectQueue, LaneRunsOneByOneAndNoMoreThanItsLimitInAnyMinute) {
  EffectQueue queue;
  for (std::uint64_t i = 1; i <= 10; ++i) queue.apply(begun(i, 0, "bot", 3));
  queue.apply(begun(99, 0));
  std::int64_t now = 0;
  EXPECT_EQ(queue.take({now}, 9).size(), 2u);  // one of the lane, and the one without
  EXPECT_TRUE(queue.take({now}, 9).empty());
  EXPECT_EQ(queue.next_due({now}), std::nullopt);
  std::vector<std::int64_t> begun_at{0};
  for (std::uint64_t i = 1; i < 10; ++i) {
    queue.finished({i}, 1, {});
    while (queue.take({now}, 9).empty()) now = queue.next_due({now}).value().us;
    begun_at.push_back(now);
    now += 1'000'000;
  }
  for (std::size_t i = 3; i < begun_at.size(); ++i) {
    EXPECT_GE(begun_at[i] - begun_at[i - 3], 60'000'000) << i;
  }
  EXPECT_LT(begun_at.back(), 190'000'000);
}

TEST(Backoff, DoublesUpToItsLimitWithAFifthOfJitterFromTheSeed) {
  EffectRunner::Options options;
  options.seed = 7;
  for (unsigned number = 1; number < 20; ++number) {
    const auto full = std::min<std::int64_t>(30'000LL << (number - 1), 3'600'000);
    const auto wait = effect_backoff(options, {5}, number).count();
    EXPECT_GE(wait, full * 8 / 10) << number;
    EXPECT_LE(wait, full * 12 / 10) << number;
    EXPECT_EQ(wait, effect_backoff(options, {5}, number).count());
  }
  EXPECT_NE(effect_backoff(options, {5}, 3), effect_backoff(options, {6}, 3));
}

}  // namespace
}  // namespace opsledger
