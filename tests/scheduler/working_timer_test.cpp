// Timers in working time, and what a change of the calendar does to them.
#include <gmock/gmock.h>

#include "kernel/schema/time_text.hpp"
#include "tests/scheduler/scheduler_world.hpp"

namespace opsledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::SchedulerTest;

class WorkingTimerTest : public SchedulerTest {
 protected:
  /// The official list around National Day 2026, for all departments.
  void import_national_day() {
    boost::json::array days;
    for (int day = 1; day <= 7; ++day) {
      days.push_back(
          {{"date", "2026-10-0" + std::to_string(day)}, {"kind", "holiday"}, {"name", "国庆节"}});
    }
    days.push_back({{"date", "2026-10-10"}, {"kind", "makeup_workday"}, {"name", "国庆节"}});
    given(send("calendar.import_days", {{"department", "*"}, {"days", std::move(days)}}));
  }
  void given(const Result<CommandOutcome>& outcome) {
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  }
  std::string due(std::size_t i = 0) const {
    return std::string(events("timer.scheduled")[i].at("due_at").as_string());
  }
};

TEST_F(WorkingTimerTest, TwoWorkingDaysOverNationalDayCountTheMakeupSaturday) {
  import_national_day();
  clock_.set(parse_rfc3339("2026-10-08T15:00:00+08:00")->us);
  given(send("alarm.set_by_days", {{"id", "a"}, {"days", 2}}));
  EXPECT_EQ(due(), "2026-10-10T07:00:00Z");
  set_alarm("b", 16 * kHour, true);
  EXPECT_EQ(due(1), "2026-10-10T07:00:00Z") << "two days of eight hours";
}

TEST_F(WorkingTimerTest, AChangedCalendarMovesOpenTimersAndSaysSo) {
  set_alarm("a", 16 * kHour, true);  // Wednesday 15:00: two days later
  EXPECT_EQ(due(), "2026-10-02T07:00:00Z");
  set_alarm("wall", 48 * kHour);
  run();
  import_national_day();
  run();
  const auto moved = events("timer.rescheduled");
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].at("due_at"), "2026-10-09T07:00:00Z");
  EXPECT_EQ(moved[0].at("was"), "2026-10-02T07:00:00Z");
  EXPECT_EQ(moved[0].at("department"), "OPS");
  run_until(*parse_rfc3339("2026-10-09T06:59:59Z"));
  EXPECT_THAT(rang(), ElementsAre("wall"));
  run_until(*parse_rfc3339("2026-10-09T07:00:00Z"));
  EXPECT_THAT(rang(), ElementsAre("wall", "a"));
  EXPECT_EQ(events("timer.fired").back().at("late_by_us"), 0);
}

TEST_F(WorkingTimerTest, ACalendarThatChangedWhileNobodyRanIsAppliedAtTheStart) {
  set_alarm("a", 16 * kHour, true);
  import_national_day();
  stop();
  start();
  run_until(*parse_rfc3339("2026-10-09T07:00:00Z"));
  EXPECT_EQ(events("timer.rescheduled").size(), 1u);
  EXPECT_THAT(rang(), ElementsAre("a"));
}

TEST_F(WorkingTimerTest, AnotherDepartmentsCalendarMovesNothing) {
  set_alarm("a", 16 * kHour, true);
  given(send("calendar.set_hours",
             {{"department", "CS"}, {"weekday", 4}, {"spans", boost::json::array{}}}));
  run();
  EXPECT_THAT(events("timer.rescheduled"), IsEmpty());
  EXPECT_EQ(events("timer.recalculated").size(), 1u);
  run();
  EXPECT_EQ(events("timer.recalculated").size(), 1u);
}

TEST_F(WorkingTimerTest, ADepartmentThatNeverWorksCannotPromiseADay) {
  for (int day = 1; day <= 5; ++day) {
    given(send("calendar.set_hours",
               {{"department", "OPS"}, {"weekday", day}, {"spans", boost::json::array{}}}));
  }
  const auto outcome = send("alarm.set_by_days", {{"id", "a"}, {"days", 2}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().reason, "calendar.no_working_time");
}

}  // namespace
}  // namespace opsledger
