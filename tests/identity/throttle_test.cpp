#include "kernel/identity/throttle.hpp"

#include "kernel/identity/limits.hpp"

namespace opsledger::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Throttle::Rule kRule{3, seconds(10), seconds(60), hours(1)};

Time at(std::int64_t second) {
  return {second * 1'000'000};
}

TEST(Throttle, WaitsLongerAfterEveryFurtherFailureUpToItsLimit) {
  Throttle throttle(kRule);
  std::int64_t now = 1000;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(throttle.begin("a", at(now)));
  for (const std::int64_t wait : {10, 20, 40, 60, 60}) {
    EXPECT_EQ(throttle.begin("a", at(now)), at(now + wait));
    EXPECT_EQ(throttle.begin("a", at(now + wait - 1)), at(now + wait)) << "asking costs nothing";
    now += wait;
    EXPECT_FALSE(throttle.begin("a", at(now)));
  }
}

TEST(Throttle, ManyAtOnceGainNothing) {
  Throttle throttle(kRule);
  int admitted = 0;
  for (int i = 0; i < 100; ++i) admitted += throttle.begin("a", at(1)) ? 0 : 1;
  EXPECT_EQ(admitted, 3);
}

TEST(Throttle, KeysAreCountedApart) {
  Throttle throttle(kRule);
  for (int i = 0; i < 4; ++i) throttle.begin("a", at(1));
  EXPECT_TRUE(throttle.waits_until("a", at(1)));
  EXPECT_FALSE(throttle.begin("b", at(1)));
}

TEST(Throttle, SuccessForgetsAllOrOneFailure) {
  Throttle throttle(kRule);
  for (int i = 0; i < 3; ++i) throttle.begin("a", at(1));
  throttle.succeeded("a", true);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(throttle.begin("a", at(1)));
  throttle.succeeded("a", false);
  EXPECT_FALSE(throttle.begin("a", at(1)));
  EXPECT_TRUE(throttle.begin("a", at(1))) << "one was taken back, not three";
}

TEST(Throttle, FailuresAreForgottenAfterAWhile) {
  Throttle throttle(kRule);
  for (int i = 0; i < 2; ++i) throttle.begin("a", at(1));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(throttle.begin("a", at(4000)));
  EXPECT_TRUE(throttle.begin("a", at(4000)));
}

TEST(Throttle, KnowsWhatAnEarlierProcessSaw) {
  Throttle throttle(kRule);
  throttle.make_wait("a", at(1), at(30));
  EXPECT_EQ(throttle.begin("a", at(29)), at(30));
  EXPECT_FALSE(throttle.begin("a", at(30)));
  EXPECT_TRUE(throttle.begin("a", at(30))) << "the next failure waits at once";
}

TEST(Throttle, KeepsABoundedNumberOfKeys) {
  Throttle throttle(kRule);
  for (int i = 0; i < 4; ++i) throttle.begin("first", at(1));
  for (std::size_t i = 0; i < identity_limits::kThrottleKeysMax; ++i) {
    throttle.begin(std::to_string(i), at(2));
  }
  EXPECT_FALSE(throttle.waits_until("first", at(2))) << "the longest untouched one went";
}

}  // namespace
}  // namespace opsledger::testing
