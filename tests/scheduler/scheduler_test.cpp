// Timers fire once, in order, whatever happened meanwhile.
#include <gmock/gmock.h>

#include "kernel/schema/time_text.hpp"
#include "tests/scheduler/scheduler_world.hpp"

namespace opsledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::SchedulerTest;

Time due_at(const boost::json::object& event) {
  return parse_rfc3339(std::string_view(event.at("due_at").as_string())).value();
}

TEST_F(SchedulerTest, FiresWhenDueAndNotBefore) {
  set_alarm("a", kHour);
  run_until(now() + (kHour - Duration(1)));
  EXPECT_THAT(rang(), IsEmpty());
  run_until(now() + Duration(1));
  EXPECT_THAT(rang(), ElementsAre("a"));
  const auto fired = events("timer.fired");
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0].at("outcome"), "accepted");
  EXPECT_EQ(fired[0].at("late_by_us"), 0);
  EXPECT_EQ(fired[0].at("department"), "OPS");
  EXPECT_EQ(fired[0].at("position").as_uint64(),
            events("alarm.rang")[0].at("position").as_uint64() + 1)
      << "in the append of its command's events";
  EXPECT_EQ(events("alarm.rang")[0].at("timer"), "alarm.ring:a");
}

TEST_F(SchedulerTest, ARepeatingTimerSetsItselfForMonthsInNoTime) {
  set_alarm("a", 24 * kHour, false, 90);
  run_until(now() + 24 * kHour * 100);
  EXPECT_EQ(rang().size(), 90u);
  EXPECT_EQ(events("timer.scheduled").size(), 90u);
}

TEST_F(SchedulerTest, AStoppedTimerDoesNotFire) {
  set_alarm("a", kHour);
  ASSERT_TRUE(send("alarm.stop", {{"id", "a"}}).ok());
  EXPECT_EQ(events("timer.cancelled").size(), 1u);
  run_until(now() + 2 * kHour);
  EXPECT_THAT(events("timer.fired"), IsEmpty());
}

TEST_F(SchedulerTest, StoppingWhatDoesNotWaitLeavesNoEvent) {
  ASSERT_TRUE(send("alarm.stop", {{"id", "a"}}).ok());
  set_alarm("a", kHour);
  run_until(now() + kHour);
  ASSERT_TRUE(send("alarm.stop", {{"id", "a"}}).ok());
  EXPECT_THAT(events("timer.cancelled"), IsEmpty());
}

TEST_F(SchedulerTest, SettingATimerAgainReplacesIt) {
  set_alarm("a", kHour);
  set_alarm("a", 3 * kHour);
  run_until(now() + 2 * kHour);
  EXPECT_THAT(rang(), IsEmpty());
  run_until(now() + kHour);
  EXPECT_THAT(rang(), ElementsAre("a"));
}

TEST_F(SchedulerTest, ARejectionIsRecordedAndTheTimerIsDone) {
  set_alarm("broken", kHour);
  run_until(now() + 2 * kHour);
  const auto fired = events("timer.fired");
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0].at("outcome"), "rejected");
  EXPECT_EQ(fired[0].at("code"), "alarm.broken");
  EXPECT_EQ(scheduler_->metrics().rejected, 1u);
}

TEST_F(SchedulerTest, OverdueTimersFireOnceInDueOrderAfterAPause) {
  set_alarm("c", 3 * kHour);
  set_alarm("a", kHour);
  set_alarm("b", 2 * kHour);
  stop();
  clock_.advance((10 * kHour).count());
  start();
  run();
  EXPECT_THAT(rang(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(events("timer.fired")[0].at("late_by_us"), (9 * kHour).count());
  stop();
  start();
  run();
  EXPECT_EQ(rang().size(), 3u);
}

TEST_F(SchedulerTest, TimersOfADisabledModuleWaitUntilItRuns) {
  stop();
  bool enabled = false;
  options_.enabled = [&](std::string_view module, std::string_view department) {
    return enabled || module != "alarm" || department != "OPS";
  };
  start();
  set_alarm("a", kHour);
  ASSERT_TRUE(
      send("alarm.set", {{"id", "b"}, {"after_us", 1}, {"working", false}, {"times", 1}}, "CS")
          .ok());
  run_until(now() + 2 * kHour);
  EXPECT_THAT(rang(), ElementsAre("b"));
  enabled = true;
  run();
  EXPECT_THAT(rang(), ElementsAre("b", "a"));
}

TEST_F(SchedulerTest, AnEventThatOvertookTheTimerIsRespected) {
  set_alarm("a", kHour);
  run();
  clock_.advance((2 * kHour).count());
  ASSERT_TRUE(send("alarm.stop", {{"id", "a"}}).ok());
  run();
  EXPECT_THAT(rang(), IsEmpty());
  EXPECT_EQ(scheduler_->metrics().overtaken, 1u);
}

TEST_F(SchedulerTest, MoreTimersThanFitInMemoryAllFireInDueOrder) {
  stop();
  options_.window = 16;
  start();
  constexpr int kTimers = 300;
  for (int i = 0; i < kTimers; ++i) {
    set_alarm("t" + std::to_string(i), kHour + Duration((i * 7'919) % 100));
    if (i % 50 == 0) run();  // some are followed, some left to the table
  }
  set_alarm("first", Duration(1));
  run_until(now() + Duration(1));
  EXPECT_THAT(rang(), ElementsAre("first"));
  run_until(now() + 2 * kHour);
  const auto fired = events("timer.fired");
  ASSERT_EQ(fired.size(), kTimers + 1u);
  for (std::size_t i = 1; i < fired.size(); ++i) {
    EXPECT_LE(due_at(fired[i - 1]), due_at(fired[i]));
  }
}

}  // namespace
}  // namespace opsledger
