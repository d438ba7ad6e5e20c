#include <opsledger/testing.hpp>

#include "commands.hpp"

namespace calendar {
namespace {

using ops::Date;
using ops::spec;

const DayOverridden kNewYear{"*", Date::of(2026, 1, 1), Kind::holiday, "元旦"};

TEST(Calendar, HoursAreSetPerWeekday) {
  const SetHours saturday{"OPS", 6, {"09:00-12:00", "13:00-15:30"}};
  spec().when(saturday).then(HoursSet{"OPS", 6, saturday.spans});
}

TEST(Calendar, HoursThatAreSetAlreadyNeedNoEvent) {
  spec()
      .given(HoursSet{"OPS", 6, {"09:00-12:00"}})
      .when(SetHours{"OPS", 6, {"09:00-12:00"}})
      .then();
}

TEST(Calendar, SpansMustBeTimesInOrder) {
  for (const std::vector<std::string>& spans : {std::vector<std::string>{"9-12"},
                                                {"12:00-09:00"},
                                                {"09:00-12:60"},
                                                {"09:00-25:00"},
                                                {"09:00-12:00", "11:00-13:00"},
                                                {"-9:00-12:00"}}) {
    spec().when(SetHours{"OPS", 1, spans}).then_rejected("calendar.spans");
  }
  spec().when(SetHours{"OPS", 8, {}}).then_rejected("calendar.weekday");
}

TEST(Calendar, AnImportLeavesDaysAloneThatAreSetAlready) {
  const ImportDays list{"*",
                        {{Date::of(2026, 1, 1), Kind::holiday, "元旦"},
                         {Date::of(2026, 1, 4), Kind::makeup_workday, "元旦"}}};
  spec().given(kNewYear).when(list).then(
      DayOverridden{"*", Date::of(2026, 1, 4), Kind::makeup_workday, "元旦"});
}

TEST(Calendar, AListWithADayTwiceIsRefused) {
  const ImportedDay day{Date::of(2026, 1, 1), Kind::holiday, "元旦"};
  spec().when(ImportDays{"*", {day, day}}).then_rejected("calendar.twice");
}

TEST(Calendar, ADayIsSetBackOnce) {
  spec().given(kNewYear).when(RestoreDay{"*", kNewYear.date}).then(DayRestored{"*", kNewYear.date});
  spec().when(RestoreDay{"*", kNewYear.date}).then_rejected("calendar.not_set");
}

TEST(Calendar, TheTableShowsWhatHolds) {
  auto days = spec().given(kNewYear, DayRestored{"*", kNewYear.date}, kNewYear).table("days");
  EXPECT_EQ(days.count(), 1u);
}

}  // namespace
}  // namespace calendar
