// Working time against a slow oracle that looks at every minute and asks the C library for local
// time.
#include "kernel/calendar/working_calendar.hpp"

#include <gtest/gtest.h>
#include <time.h>

#include <random>

#include "kernel/schema/time_text.hpp"
#include "tests/support/environment.hpp"

namespace opsledger {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

Time at(const char* text) {
  return *parse_rfc3339(text);
}

WorkingCalendar calendar(CalendarRules rules) {
  return WorkingCalendar::make(std::move(rules)).value();
}

/// China, autumn of 2026.
CalendarRules national_day() {
  CalendarRules rules;
  for (int day = 1; day <= 7; ++day) {
    rules.days[*parse_date("2026-10-0" + std::to_string(day))] = DayKind::kHoliday;
  }
  rules.days[*parse_date("2026-09-20")] = DayKind::kMakeupWorkday;
  rules.days[*parse_date("2026-10-10")] = DayKind::kMakeupWorkday;
  return rules;
}

TEST(WorkingCalendar, TwoWorkingDaysReachOverNationalDayAndTheMakeupSaturday) {
  const auto china = calendar(national_day());
  EXPECT_EQ(rfc3339(*china.add_days(at("2026-09-30T15:00:00+08:00"), 2)), "2026-10-09T07:00:00Z");
  EXPECT_EQ(rfc3339(*china.add_days(at("2026-10-08T15:00:00+08:00"), 2)), "2026-10-10T07:00:00Z")
      << "the make-up Saturday counts";
  EXPECT_EQ(rfc3339(*china.add_days(at("2026-10-03T15:00:00+08:00"), 0)), "2026-10-08T01:00:00Z");
}

TEST(WorkingCalendar, TimeThatEndsWithASpanEndsThere) {
  const auto china = calendar({});
  EXPECT_EQ(*china.add(at("2026-11-02T09:00:00+08:00"), std::chrono::hours(3)),
            at("2026-11-02T12:00:00+08:00"));
  EXPECT_EQ(*china.add(at("2026-11-02T12:00:00+08:00"), Duration(0)),
            at("2026-11-02T13:30:00+08:00"));
  EXPECT_EQ(*china.add(at("2026-11-06T18:00:00+08:00"), std::chrono::hours(1)),
            at("2026-11-09T09:30:00+08:00"));
}

TEST(WorkingCalendar, WorkingDaysBeforeADayGoBackOverTheWeekend) {
  EXPECT_EQ(*calendar({}).add_days(at("2026-11-09T10:00:00+08:00"), -1),
            at("2026-11-06T10:00:00+08:00"));
}

TEST(WorkingCalendar, OneWithoutAnyHoursSaysSo) {
  CalendarRules rules;
  rules.week = {};
  const auto never = calendar(rules);
  EXPECT_EQ(never.add(at("2026-11-09T10:00:00Z"), Duration(1)).error().reason,
            "calendar.no_working_time");
  EXPECT_FALSE(never.add_days(at("2026-11-09T10:00:00Z"), 1).ok());
  EXPECT_FALSE(never.add_days(at("2026-11-09T10:00:00Z"), -1).ok());
}

TEST(WorkingCalendar, AnUnknownZoneIsRefused) {
  CalendarRules rules;
  rules.zone = "Asia/Atlantis";
  EXPECT_EQ(WorkingCalendar::make(rules).error().reason, "calendar.zone_unknown");
}

TEST(WorkSpans, AreTimesOfOneDayInOrder) {
  EXPECT_EQ(parse_span("09:00-12:00"), (WorkSpan{540, 720}));
  EXPECT_EQ(parse_span("00:00-24:00"), (WorkSpan{0, 1440}));
  for (const char* text : {"", "09:00", "12:00-09:00", "09:00-09:00", "09:60-10:00", "9:00-12:00",
                           "09:00-24:01", "09.00-12:00", "09:00-12:0x"}) {
    EXPECT_FALSE(parse_span(text)) << text;
  }
}

/// Every minute, one by one.
class Oracle {
 public:
  explicit Oracle(CalendarRules rules) : rules_(std::move(rules)) {
    setenv("TZ", rules_.zone.c_str(), 1);
    tzset();
  }
  ~Oracle() {
    unsetenv("TZ");
    tzset();
  }
  bool works(std::int64_t minute) const {
    const std::time_t seconds = minute * 60;
    std::tm local{};
    localtime_r(&seconds, &local);
    std::tm midnight{};
    midnight.tm_year = local.tm_year;
    midnight.tm_mon = local.tm_mon;
    midnight.tm_mday = local.tm_mday;
    const auto day = static_cast<std::int32_t>(timegm(&midnight) / 86'400);
    const int of_day = local.tm_hour * 60 + local.tm_min;
    const DaySpans* spans = &rules_.week[static_cast<std::size_t>((local.tm_wday + 6) % 7)];
    static const DaySpans none;
    if (const auto found = rules_.days.find(day); found != rules_.days.end()) {
      spans = &none;
      if (found->second == DayKind::kMakeupWorkday) {
        for (const auto& weekday : rules_.week) {
          if (weekday.empty()) continue;
          spans = &weekday;
          break;
        }
      }
    }
    for (const auto& span : *spans) {
      if (of_day >= span.begin && of_day < span.end) return true;
    }
    return false;
  }
  std::int64_t between(std::int64_t from, std::int64_t to) const {
    std::int64_t worked = 0;
    for (; from < to; ++from) worked += works(from);
    return worked;
  }
  /// `minutes` > 0.
  std::int64_t add(std::int64_t from, std::int64_t minutes) const {
    for (; minutes > 0; ++from) minutes -= works(from);
    return from;
  }

 private:
  CalendarRules rules_;
};

CalendarRules random_rules(std::mt19937_64& random, std::string zone, std::int32_t from) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  CalendarRules rules;
  rules.zone = std::move(zone);
  for (auto& day : rules.week) {
    day.clear();
    // hours in which no zone here changes its clocks
    for (int begin = 240 + below(300), i = below(3); i > 0 && begin < 1380; --i) {
      const int end = std::min(1440, begin + 30 + below(300));
      day.push_back({begin, end});
      begin = end + 10 + below(200);
    }
  }
  rules.week[0] = {{540, 720}, {810, 1110}};
  for (int i = 0; i < 30; ++i) rules.days[from + below(120)] = static_cast<DayKind>(below(3));
  return rules;
}

TEST(WorkingCalendar, AgreesWithCountingEveryMinute) {
  const auto seed = testing_support::from_environment("OPSLEDGER_SEED", 20'261'010);
  std::mt19937_64 random(seed);
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  for (const char* zone : {"Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"}) {
    for (int round = 0; round < 6; ++round) {
      const std::int32_t day = *parse_date("2026-02-20") + static_cast<int>(random() % 250);
      const CalendarRules rules = random_rules(random, zone, day);
      const auto fast = calendar(rules);
      const Oracle slow(rules);
      for (int i = 0; i < 8; ++i) {
        const std::int64_t from = std::int64_t{day} * 1440 + static_cast<int>(random() % 14'400);
        const std::int64_t to = from + static_cast<int>(random() % 20'000);
        const std::int64_t minutes = 1 + static_cast<int>(random() % 3'000);
        ASSERT_EQ(fast.between(Time{from * kMinute}, Time{to * kMinute})->count() / kMinute,
                  slow.between(from, to))
            << zone;
        ASSERT_EQ(fast.add(Time{from * kMinute}, Duration(minutes * kMinute))->us / kMinute,
                  slow.add(from, minutes))
            << zone;
      }
    }
  }
}

}  // namespace
}  // namespace opsledger
