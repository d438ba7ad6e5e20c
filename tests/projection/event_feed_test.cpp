// The feed of a log that is longer than what is always scanned.
#include "kernel/projection/event_feed.hpp"

#include <gtest/gtest.h>

#include "kernel/projection/limits.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing {
namespace {

constexpr std::uint64_t kProbe = projection_limits::kProbePositions;

class LongLog : public ::testing::Test {
 protected:
  /// Every `rare_every`th event is a.rare, the others are b.common.
  void fill(std::uint64_t events, std::uint64_t rare_every) {
    for (std::uint64_t i = 1; i <= events;) {
      Proposal proposal;
      for (int n = 0; n < 1'000 && i <= events; ++n, ++i) {
        proposal.events.emplace_back().type = i % rare_every == 0 ? "a.rare" : "b.common";
        if (i % rare_every == 0) rare_.push_back({i});
      }
      ASSERT_TRUE(append_and_wait(ledger_, std::move(proposal)).ok());
    }
  }
  EventFeed feed() {
    return EventFeed(ledger_, {"a.rare"}, [](std::string_view type) {
      return type == "a.rare" ? Interest::kListened : Interest::kUnknown;
    });
  }
  struct Seen {
    std::vector<Position> rare;
    std::uint64_t others = 0;
    Position covered{};
  };
  static Seen drain(EventFeed& feed) {
    Seen seen;
    for (;;) {
      const auto span = feed.next(seen.covered);
      EXPECT_TRUE(span.ok());
      if (!span.ok() || span->covered == seen.covered) return seen;
      for (const auto& event : span->events) {
        EXPECT_GT(event.position, seen.covered);
        if (event.type == "a.rare") seen.rare.push_back(event.position);
        seen.others += event.type != "a.rare";
      }
      seen.covered = span->covered;
    }
  }

  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  std::vector<Position> rare_;
};

TEST_F(LongLog, ShortRestAfterTheProbeIsScannedToo) {
  fill(2 * kProbe, 100);
  auto feed = this->feed();
  const auto seen = drain(feed);
  EXPECT_EQ(seen.rare, rare_);
  EXPECT_EQ(seen.covered.value, 2 * kProbe);
  // The probe scans. What is left is no longer than a probe and scanned again.
  EXPECT_EQ(seen.others, 2 * kProbe - rare_.size());
  EXPECT_EQ(feed.mode(), FeedMode::kScan);
}

TEST_F(LongLog, TypedReadGivesOnlyWhatIsListenedToAndReachesTheHead) {
  fill(3 * kProbe, 100);
  auto feed = this->feed();
  const auto seen = drain(feed);
  EXPECT_EQ(feed.mode(), FeedMode::kTypes);
  EXPECT_EQ(seen.rare, rare_);
  EXPECT_EQ(seen.covered.value, 3 * kProbe);
  EXPECT_EQ(seen.others, kProbe - kProbe / 100);  // only the probe met others
  EXPECT_EQ(feed.unknown_events(), seen.others);  // and counted them
}

TEST_F(LongLog, CommonTypesGoOnBeingScanned) {
  fill(3 * kProbe, 2);
  auto feed = this->feed();
  const auto seen = drain(feed);
  EXPECT_EQ(feed.mode(), FeedMode::kScan);
  EXPECT_EQ(seen.rare, rare_);
  EXPECT_EQ(seen.others, 3 * kProbe / 2);
}

TEST_F(LongLog, ATypedTailWithNothingToReadIsCovered) {
  fill(kProbe + 1, 1'000'000);
  fill(2 * kProbe, 1'000'000);
  auto feed = this->feed();
  EXPECT_EQ(drain(feed).covered.value, 3 * kProbe + 1);
}

TEST(FeedMode, FollowsTheShareOfListenedEventsWithHysteresis) {
  EXPECT_EQ(next_feed_mode(FeedMode::kScan, 0.5), FeedMode::kScan);
  EXPECT_EQ(next_feed_mode(FeedMode::kScan, 0.01), FeedMode::kTypes);
  EXPECT_EQ(next_feed_mode(FeedMode::kTypes, 0.1), FeedMode::kTypes);
  EXPECT_EQ(next_feed_mode(FeedMode::kTypes, 0.5), FeedMode::kScan);
}

}  // namespace
}  // namespace opsledger::testing
