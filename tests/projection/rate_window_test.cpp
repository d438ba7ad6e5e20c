#include "kernel/projection/rate_window.hpp"

#include <gtest/gtest.h>

namespace opsledger::testing {
namespace {

using std::chrono::milliseconds;

TEST(RateWindow, NothingIsKnownBeforeTheFirstSample) {
  RateWindow rate;
  const RateWindow::Time start{};
  rate.resume({0}, start);
  rate.add({10}, start + milliseconds(1));
  EXPECT_EQ(rate.per_second(), 0u);
}

TEST(RateWindow, UnevenBatchesGiveASteadyRate) {
  RateWindow rate;
  RateWindow::Time now{};
  rate.resume({0}, now);
  std::uint64_t position = 0, least = UINT64_MAX, most = 0;
  for (int i = 0; i < 200; ++i) {
    const bool slow = i % 2 == 0;  // a batch with a flush behind it
    position += 4'096;
    now += milliseconds(slow ? 180 : 20);
    rate.add({position}, now);
    if (i < 50) continue;
    least = std::min(least, rate.per_second());
    most = std::max(most, rate.per_second());
  }
  EXPECT_GT(least, 40'000u);
  EXPECT_LT(most, 42'000u);
}

TEST(RateWindow, WaitingForEventsDoesNotCount) {
  RateWindow rate;
  RateWindow::Time now{};
  rate.resume({0}, now);
  rate.add({1'000}, now += milliseconds(100));
  rate.resume({1'000}, now += std::chrono::hours(1));
  rate.add({2'000}, now += milliseconds(100));
  EXPECT_EQ(rate.per_second(), 10'000u);
}

TEST(RateWindow, OldSamplesLeave) {
  RateWindow rate;
  RateWindow::Time now{};
  rate.resume({0}, now);
  rate.add({1'000'000}, now += milliseconds(100));
  std::uint64_t position = 1'000'000;
  for (std::size_t i = 0; i < RateWindow::kSamplesMax; ++i) {
    rate.add({position += 100}, now += milliseconds(100));
  }
  EXPECT_EQ(rate.per_second(), 1'000u);
}

}  // namespace
}  // namespace opsledger::testing
