#include <gtest/gtest.h>

#include <opsledger/sdk.hpp>

#include <limits>

namespace ops {
namespace {

TEST(DecimalValue, KeepsItsScaleAndComparesByValue) {
  EXPECT_EQ(Decimal::parse("2.550").str(), "2.550");
  EXPECT_EQ(Decimal::parse("2.550"), Decimal::parse("2.55"));
  EXPECT_LT(Decimal::parse("-0.01"), Decimal(0));
  EXPECT_EQ(Decimal::parse("-0.05").str(), "-0.05");
  EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::min(), 2).str(), "-92233720368547758.08");
}

TEST(DecimalValue, ArithmeticIsExact) {
  EXPECT_EQ((Decimal::parse("0.1") + Decimal::parse("0.25")).str(), "0.35");
  EXPECT_EQ((Decimal::parse("3.39") * std::int64_t{-6}).str(), "-20.34");
  EXPECT_EQ((Decimal::parse("1.5") - Decimal(2)).str(), "-0.5");
  EXPECT_EQ((Decimal::parse("1.5") * Decimal::parse("1.5")).str(), "2.25");
}

TEST(DecimalValue, OverflowIsAnErrorNotAWrongNumber) {
  const Decimal largest(std::numeric_limits<std::int64_t>::max(), 0u);
  EXPECT_THROW(largest + Decimal(1), ValueError);
  EXPECT_THROW(largest * std::int64_t{2}, ValueError);
  EXPECT_THROW(largest + Decimal::parse("0.1"), ValueError);
  EXPECT_GT(largest, Decimal::parse("0.1"));
}

TEST(DecimalValue, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".5", "5.", "1,5", "1.2.3", "1e3", " 1",
                           "0.1234567890123456789", "99999999999999999999"}) {
    EXPECT_THROW(Decimal::parse(text), ValueError) << text;
  }
}

TEST(MoneyValue, CurrenciesDoNotMix) {
  EXPECT_EQ((Money::of(150, "CNY") + Money::of(50, "CNY")).minor, 200);
  EXPECT_THROW(Money::of(1, "CNY") + Money::of(1, "EUR"), ValueError);
  EXPECT_THROW((void)(Money::of(1, "CNY") < Money::of(1, "EUR")), ValueError);
  EXPECT_THROW(Money::of(1, "YUAN"), ValueError);
  EXPECT_THROW(Money::of(std::numeric_limits<std::int64_t>::max(), "CNY") + Money::of(1, "CNY"),
               ValueError);
}

TEST(TimeValue, PrintsAndKnowsItsDay) {
  const Time time = Time::of(Date::of(2026, 11, 11), 20h + 4min);
  EXPECT_EQ(time.str(), "2026-11-11T20:04:00Z");
  EXPECT_EQ((time + 1500ms).str(), "2026-11-11T20:04:01.500000Z");
  EXPECT_EQ(time.date(8h).str(), "2026-11-12");
  EXPECT_EQ(Time{-1}.str(), "1969-12-31T23:59:59.999999Z");
  EXPECT_THROW(Date::of(2026, 2, 30), ValueError);
}

TEST(TagValue, HasTheLedgersRules) {
  EXPECT_EQ(Tag("order", "1").text(), "order:1");
  EXPECT_EQ(Tag("level", 3).text(), "level:3");
  EXPECT_THROW(Tag("Order", "1"), ValueError);
  EXPECT_THROW(Tag("", "1"), ValueError);
  EXPECT_THROW(Tag("order", ""), ValueError);
  EXPECT_THROW(Tag("order", "a,b"), ValueError);
  EXPECT_THROW(Tag("order", "a\nb"), ValueError);
  EXPECT_THROW(Tag("order", std::string(201, 'x')), ValueError);
  EXPECT_NO_THROW(Tag("order", std::string(200, 'x')));
}

TEST(JsonValue, ReadsAndPrints) {
  const Json json = Json::parse(R"({"a":[1,2.5,"x\n",null,true],"n":-9007199254740993})");
  EXPECT_EQ(json["a"].array().at(1).number(), 2.5);
  EXPECT_EQ(json["n"].integer(), -9007199254740993);
  EXPECT_TRUE(json["nothing"]["deeper"].is_null());
  EXPECT_EQ(Json::parse(json.dump()), json);
}

TEST(JsonValue, RefusesWhatIsNoJson) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[1,]"), std::string("1 2"),
        std::string("\"\xff\""), std::string("nul"), std::string(1000, '[')}) {
    EXPECT_THROW(Json::parse(text), DecodeError) << text;
  }
}

}  // namespace
}  // namespace ops
