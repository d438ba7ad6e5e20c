#include "kernel/import/time_reader.hpp"

#include <gtest/gtest.h>

#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

std::string read(const std::string& format, const std::string& zone, std::string_view text) {
  auto reader = TimeReader::make(format, zone).value();
  const auto time = reader.read(text);
  return time ? rfc3339(*time) : "none";
}

TEST(TimeReader, LocalTimesBecomeUtc) {
  const std::string f = "%Y-%m-%d %H:%M:%S";
  EXPECT_EQ(read(f, "Europe/London", "2010-12-01 08:26:00"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(read(f, "Europe/London", "2011-07-01 08:26:00"), "2011-07-01T07:26:00Z");
  EXPECT_EQ(read(f, "Asia/Shanghai", "2026-11-11 20:04:00"), "2026-11-11T12:04:00Z");
}

TEST(TimeReader, DayAndMonthMayHaveOneDigit) {
  EXPECT_EQ(read("%d/%m/%Y %H:%M", "UTC", "5/3/2016 12:00"), "2016-03-05T12:00:00Z");
  EXPECT_EQ(read("%d/%m/%Y %H:%M", "UTC", "29/2/2016 1:16"), "2016-02-29T01:16:00Z");
}

TEST(TimeReader, AmbiguousTimeIsTheEarlierAndAMissingOneTheChangeItself) {
  const std::string f = "%Y-%m-%d %H:%M";
  EXPECT_EQ(read(f, "Europe/London", "2011-10-30 01:30"), "2011-10-30T00:30:00Z");
  EXPECT_EQ(read(f, "Europe/London", "2011-03-27 01:30"), "2011-03-27T01:00:00Z");
}

TEST(TimeReader, HoursAroundEveryChangeOfTheClocksAgreeWithAFreshReader) {
  auto reader = TimeReader::make("%Y-%m-%d %H:%M", "Europe/London").value();
  for (const char* day : {"2011-03-25", "2011-03-26", "2011-03-27", "2011-03-28", "2011-06-01",
                          "2011-10-29", "2011-10-30", "2011-10-31", "2011-12-01", "2011-03-26"}) {
    for (int hour = 0; hour < 24; ++hour) {
      const auto text = std::string(day) + " " + std::to_string(hour) + ":15";
      const auto time = reader.read(text);
      ASSERT_TRUE(time);
      EXPECT_EQ(rfc3339(*time), read("%Y-%m-%d %H:%M", "Europe/London", text)) << text;
    }
  }
}

TEST(TimeReader, SecondsMayHaveAFraction) {
  EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "UTC", "2026-01-02 03:04:05.25"), "2026-01-02T03:04:05.250Z");
}

TEST(TimeReader, Rfc3339CarriesItsOwnOffset) {
  EXPECT_EQ(read("rfc3339", "", "2026-01-02T03:04:05+08:00"), "2026-01-01T19:04:05Z");
}

TEST(TimeReader, WhatDoesNotFitIsNoTime) {
  for (const char* text :
       {"", "2011-02-29 10:00", "2011-13-01 10:00", "2011-01-01 24:00", "2011-01-01 10:60",
        "2011-01-01 10:00 ", "2011-01-01", "x", "11-01-01 10:00", "2011-01-01 10:00:00"}) {
    EXPECT_EQ(read("%Y-%m-%d %H:%M", "UTC", text), "none") << text;
  }
}

TEST(TimeReader, BadFormatsAndZonesAreRefused) {
  EXPECT_FALSE(TimeReader::make("%H:%M", "UTC").ok());
  EXPECT_FALSE(TimeReader::make("%Y-%m-%d %Q", "UTC").ok());
  EXPECT_FALSE(TimeReader::make("%Y-%m-%d", "Europe/Nowhere").ok());
}

}  // namespace
}  // namespace opsledger
