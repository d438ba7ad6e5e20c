// The zones' arithmetic beside the operating system's.
#include "zone.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <random>
#include <string>

namespace notify {
namespace {

int system_minute(std::int64_t us) {
  const std::time_t seconds = us / 1'000'000;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return local.tm_hour * 60 + local.tm_min;
}

TEST(Zone, AgreesWithTheSystemFrom2009To2037) {
  constexpr std::uint64_t seed = 7;
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::int64_t> moment(1'230'768'000, 2'145'916'800);
  for (const Zone& zone : kZones) {
    // Moscow moved in 2011 and 2014, São Paulo gave up summer time in 2019.
    const bool moved = zone.name == "Europe/Moscow" || zone.name == "America/Sao_Paulo";
    ::setenv("TZ", std::string(zone.name).c_str(), 1);
    ::tzset();
    for (int i = 0; i < 20'000; ++i) {
      const std::int64_t second = moment(random);
      if (moved && second < 1'577'836'800) continue;
      const ops::Time time{second * 1'000'000};
      ASSERT_EQ(local_minute(zone, time), system_minute(time.us))
          << zone.name << " at " << time.str() << " seed " << seed;
    }
  }
}

TEST(Zone, OffsetsAreTakenAndOtherWordsAreNot) {
  EXPECT_EQ(zone_of("-03:30")->offset_min, -210);
  EXPECT_EQ(zone_of("+08:00")->offset_min, 480);
  for (const auto* name : {"", "+8", "+15:00", "08:00", "+0a:00", "CST"}) {
    EXPECT_FALSE(zone_of(name)) << name;
  }
}

TEST(Quiet, EndsAtTheSameClockTimeAfterANightInWhichClocksChange) {
  const auto berlin = *zone_of("Europe/Berlin");
  const auto quiet = *quiet_of("22:00-07:30");
  const auto evening = ops::Time::of(ops::Date::of(2026, 3, 28), std::chrono::hours(22));  // 23:00
  const auto end = quiet_end(quiet, berlin, evening);
  ASSERT_TRUE(end);
  EXPECT_EQ(local_minute(berlin, *end), 7 * 60 + 30);
  EXPECT_EQ(*end - evening, std::chrono::hours(7) + std::chrono::minutes(30));
}

TEST(Quiet, BeginsAndEndsOnTheMinute) {
  const auto utc = *zone_of("UTC");
  const auto quiet = *quiet_of("22:00-07:30");
  const auto day = ops::Date::of(2026, 11, 11);
  const auto at = [&](int h, int m) {
    return ops::Time::of(day, std::chrono::hours(h) + std::chrono::minutes(m));
  };
  EXPECT_FALSE(quiet_end(quiet, utc, at(21, 59)));
  EXPECT_TRUE(quiet_end(quiet, utc, at(22, 0)));
  EXPECT_EQ(quiet_end(quiet, utc, at(7, 29)), at(7, 30));
  EXPECT_FALSE(quiet_end(quiet, utc, at(7, 30)));
  EXPECT_FALSE(quiet_end(*quiet_of("none"), utc, at(3, 0)));
}

TEST(Quiet, MalformedTextIsNothing) {
  for (const auto* text :
       {"", "22-07", "24:00-07:30", "22:00-07:60", "22:00 07:30", "2a:00-07:30"}) {
    EXPECT_FALSE(quiet_of(text)) << text;
  }
}

}  // namespace
}  // namespace notify
