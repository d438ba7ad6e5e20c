#include "kernel/command/turns.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <deque>
#include <random>
#include <thread>

namespace opsledger {
namespace {

using Entry = Turns::Entry;
using Tickets = std::vector<Turns::Ticket*>;

Turns::Ticket ticket(std::vector<Turns::Key> keys) {
  Turns::Ticket t;
  t.keys = std::move(keys);
  return t;
}

TEST(Turns, TicketsWithoutACommonKeyHoldTogether) {
  Turns turns(10);
  auto a = ticket({1, 2}), b = ticket({3});
  EXPECT_EQ(turns.enter(a), Entry::kHolds);
  EXPECT_EQ(turns.enter(b), Entry::kHolds);
}

TEST(Turns, TicketsOnOneKeyAreHandedOutInArrivalOrder) {
  Turns turns(10);
  auto a = ticket({1}), b = ticket({1}), c = ticket({1});
  EXPECT_EQ(turns.enter(a), Entry::kHolds);
  EXPECT_EQ(turns.enter(b), Entry::kWaits);
  EXPECT_EQ(turns.enter(c), Entry::kWaits);
  EXPECT_EQ(turns.waiting(), 2u);
  Tickets next;
  turns.leave(a, &next);
  EXPECT_EQ(next, Tickets{&b});
  next.clear();
  turns.leave(b, &next);
  EXPECT_EQ(next, Tickets{&c});
  EXPECT_EQ(turns.waiting(), 0u);
}

TEST(Turns, TicketWaitsUntilItIsFirstInAllItsQueues) {
  Turns turns(10);
  auto a = ticket({1}), b = ticket({2}), both = ticket({1, 2}), late = ticket({2});
  turns.enter(a);
  turns.enter(b);
  EXPECT_EQ(turns.enter(both), Entry::kWaits);
  EXPECT_EQ(turns.enter(late), Entry::kWaits);
  Tickets next;
  turns.leave(b, &next);
  EXPECT_TRUE(next.empty());  // `late` must not overtake `both`
  turns.leave(a, &next);
  EXPECT_EQ(next, Tickets{&both});
}

TEST(Turns, FullQueueTakesNobodyAndStaysUsable) {
  Turns turns(1);
  auto a = ticket({1}), b = ticket({1}), c = ticket({1});
  turns.enter(a);
  EXPECT_EQ(turns.enter(b), Entry::kWaits);
  EXPECT_EQ(turns.enter(c), Entry::kFull);
  Tickets next;
  turns.leave(a, &next);
  EXPECT_EQ(next, Tickets{&b});
  EXPECT_EQ(turns.enter(c), Entry::kWaits);
}

TEST(Turns, ExtendTakesFreeKeysAndNothingWhenOneIsWanted) {
  Turns turns(10);
  auto a = ticket({1}), b = ticket({2}), c = ticket({3});
  turns.enter(a);
  turns.enter(b);
  const std::vector<Turns::Key> mixed{3, 2}, free{3, 1, 3};
  EXPECT_FALSE(turns.extend(a, mixed));
  EXPECT_EQ(turns.enter(c), Entry::kHolds);
  Tickets next;
  turns.leave(c, &next);
  EXPECT_TRUE(turns.extend(a, free));
  EXPECT_EQ(a.keys, (std::vector<Turns::Key>{1, 3}));
  EXPECT_EQ(turns.enter(c), Entry::kWaits);
}

TEST(Turns, RequeuedTicketKeepsItsPlaceBeforeLaterArrivals) {
  Turns turns(10);
  auto a = ticket({1}), b = ticket({2}), later = ticket({1});
  turns.enter(a);
  turns.enter(b);
  turns.enter(later);
  Tickets next;
  const std::vector<Turns::Key> more{2};
  EXPECT_FALSE(turns.requeue(a, more, &next));
  EXPECT_TRUE(next.empty());  // `a` came before `later`, so it stays first on key 1
  turns.leave(b, &next);
  EXPECT_EQ(next, Tickets{&a});
}

TEST(Turns, TwoHoldersThatWantEachOthersKeysDoNotDeadlock) {
  Turns turns(10);
  auto a = ticket({1}), b = ticket({2});
  turns.enter(a);
  turns.enter(b);
  Tickets next;
  const std::vector<Turns::Key> one{1}, two{2};
  EXPECT_FALSE(turns.requeue(a, two, &next));  // waits for b
  EXPECT_FALSE(turns.requeue(b, one, &next));  // gives way: a came first
  EXPECT_EQ(next, Tickets{&a});
  next.clear();
  turns.leave(a, &next);
  EXPECT_EQ(next, Tickets{&b});
}

TEST(Turns, RandomTicketsAreAllServedAndNeverTwoOnOneKey) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Turns turns(1'000'000);
  std::array<std::atomic<int>, 6> holders{};
  std::atomic<int> served{0}, clashes{0};
  const auto work = [&](unsigned thread) {
    std::mt19937 random(seed + thread);
    std::deque<Turns::Ticket> mine;
    const auto serve = [&](Turns::Ticket* t, Tickets* next) {
      if (random() % 4 == 0) {
        const std::vector<Turns::Key> more{random() % holders.size()};
        if (!turns.requeue(*t, more, next)) return;
      }
      for (const auto key : t->keys) clashes += holders[key].fetch_add(1) != 0;
      for (const auto key : t->keys) holders[key].fetch_sub(1);
      ++served;
      turns.leave(*t, next);
    };
    for (int i = 0; i < 3'000; ++i) {
      std::vector<Turns::Key> keys{random() % holders.size()};
      if (const auto second = random() % holders.size(); second > keys[0]) keys.push_back(second);
      auto& t = mine.emplace_back(ticket(keys));
      Tickets next;
      if (turns.enter(t) == Entry::kHolds) serve(&t, &next);
      for (std::size_t n = 0; n < next.size(); ++n) {
        Turns::Ticket* other = next[n];
        serve(other, &next);
      }
    }
    while (served < 4 * 3'000) std::this_thread::yield();  // others may still touch ours
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(served, 4 * 3'000);
  EXPECT_EQ(clashes, 0);
  EXPECT_EQ(turns.waiting(), 0u);
}

}  // namespace
}  // namespace opsledger
