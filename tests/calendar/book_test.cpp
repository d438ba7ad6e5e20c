// Calendars as they hold at a position.
#include "kernel/calendar/calendar_book.hpp"

#include <gtest/gtest.h>

#include "kernel/schema/time_text.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger {
namespace {

class CalendarBookTest : public ::testing::Test {
 protected:
  Position say(const std::string& type, const std::string& department, const std::string& rest) {
    NewEvent event;
    event.type = type;
    event.tags = {"calendar:" + department};
    event.data = R"({"department":")" + department + "\"," + rest + "}";
    return append_and_wait(ledger_, {{std::move(event)}, {}, {}}).value().last;
  }
  /// Working minutes of Saturday 10 October 2026 in `department`, as of `at`.
  std::int64_t saturday(const std::string& department, Position at) {
    const auto version = book_.at(department, at);
    EXPECT_TRUE(version.ok()) << version.error().message;
    return version->calendar
               ->between(*parse_rfc3339("2026-10-10T00:00:00+08:00"),
                         *parse_rfc3339("2026-10-11T00:00:00+08:00"))
               ->count() /
           60'000'000;
  }

  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  CalendarBook book_{ledger_, schemas_};
};

const std::string kMakeup = R"("date":"2026-10-10","kind":"makeup_workday","name":"国庆")";

TEST_F(CalendarBookTest, ADayForAllHoldsFromItsPositionOn) {
  const Position before = say("calendar.zone_set", "OPS", R"("zone":"Asia/Shanghai")");
  const Position after = say("calendar.day_overridden", "*", kMakeup);
  EXPECT_EQ(saturday("OPS", after), 480);
  EXPECT_EQ(saturday("OPS", before), 0);
  EXPECT_EQ(saturday("CS", after), 480);
}

TEST_F(CalendarBookTest, ADepartmentsOwnWordWinsWhateverCameLater) {
  say("calendar.day_overridden", "OPS", R"("date":"2026-10-10","kind":"dept_off","name":"outing")");
  const Position at = say("calendar.day_overridden", "*", kMakeup);
  EXPECT_EQ(saturday("OPS", at), 0);
  EXPECT_EQ(saturday("CS", at), 480);
}

TEST_F(CalendarBookTest, HoursAndADaySetBack) {
  say("calendar.hours_set", "OPS", R"("weekday":6,"spans":["10:00-11:00"])");
  const Position set = say("calendar.day_overridden", "OPS", kMakeup);
  const Position back = say("calendar.day_restored", "OPS", R"("date":"2026-10-10")");
  EXPECT_EQ(saturday("OPS", set), 480);
  EXPECT_EQ(saturday("OPS", back), 60);
  EXPECT_EQ(book_.at("OPS", back)->changed, back);
  EXPECT_EQ(book_.changed(back).value(), back);
}

TEST_F(CalendarBookTest, AnEventThatCannotBeReadIsNamed) {
  const Position at = say("calendar.hours_set", "OPS", R"("weekday":9,"spans":[])");
  const auto version = book_.at("OPS", at);
  ASSERT_FALSE(version.ok());
  EXPECT_EQ(version.error().reason, "calendar.event_unreadable");
}

}  // namespace
}  // namespace opsledger
