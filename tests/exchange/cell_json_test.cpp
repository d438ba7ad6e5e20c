// Cells as people type them.
#include "kernel/exchange/cell_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kernel/exchange/export_columns.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {
namespace {

std::string json_of(const std::string& type, const std::string& text,
                    const std::string& zone = "Asia/Shanghai") {
  const auto schema = test_schema(R"({"struct":[{"name":"f","type":)" + type + "}]}");
  auto reader = CellJson::make(zone, "CNY").value();
  const auto value = reader.value(*schema->root().fields[0].type, {CellKind::kText, text});
  return boost::json::serialize(value);
}

TEST(CellJson, NumbersAreExactAndAnythingElseIsLeftToTheSchema) {
  EXPECT_EQ(json_of("\"i64\"", " -12 "), "-12");
  EXPECT_EQ(json_of("\"u64\"", "18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(json_of("\"i64\"", "1.5"), "\"1.5\"");
  EXPECT_EQ(json_of("\"f64\"", "1.5"), "1.5E0");
  EXPECT_EQ(json_of("\"f64\"", "inf"), "\"inf\"");
  EXPECT_EQ(json_of("\"decimal\"", "2.550"), "\"2.550\"");
  EXPECT_EQ(json_of("\"string\"", " 007 "), "\" 007 \"");
}

TEST(CellJson, TruthInBothLanguages) {
  for (const char* yes : {"true", "TRUE", "yes", "1", "是"}) {
    EXPECT_EQ(json_of("\"bool\"", yes), "true") << yes;
  }
  for (const char* no : {"false", "No", "0", "否"}) EXPECT_EQ(json_of("\"bool\"", no), "false");
  EXPECT_EQ(json_of("\"bool\"", "maybe"), "\"maybe\"");
}

TEST(CellJson, MomentsWithoutAnOffsetAreLocal) {
  EXPECT_EQ(json_of("\"time\"", "2026-11-11 20:04"), "\"2026-11-11T12:04:00Z\"");
  EXPECT_EQ(json_of("\"time\"", "2026/11/11 20:04:30"), "\"2026-11-11T12:04:30Z\"");
  EXPECT_EQ(json_of("\"time\"", "2026-11-11T20:04:00.250"), "\"2026-11-11T12:04:00.250Z\"");
  EXPECT_EQ(json_of("\"time\"", "2026-11-11"), "\"2026-11-10T16:00:00Z\"");
  EXPECT_EQ(json_of("\"time\"", "2026-11-11T20:04:00Z"), "\"2026-11-11T20:04:00Z\"");
  EXPECT_EQ(json_of("\"time\"", "soon"), "\"soon\"");
  EXPECT_FALSE(CellJson::make("Mars/Base", "CNY").ok());
}

TEST(CellJson, DatesInTheWaysTheyAreWritten) {
  for (const char* text : {"2026-01-02", "2026/1/2", "2026/01/02", "2026-01-02T00:00:00"}) {
    EXPECT_EQ(json_of("\"date\"", text), "\"2026-01-02\"") << text;
  }
  EXPECT_EQ(json_of("\"date\"", "2026-01-02T10:00:00"), "\"2026-01-02T10:00:00\"");
}

TEST(CellJson, MoneyIsExactInItsMinorUnits) {
  EXPECT_EQ(json_of("\"money\"", "19.9"), R"({"minor":1990,"currency":"CNY"})");
  EXPECT_EQ(json_of("\"money\"", "-0.05"), R"({"minor":-5,"currency":"CNY"})");
  EXPECT_EQ(json_of("\"money\"", "19.990"), R"({"minor":1999,"currency":"CNY"})");
  EXPECT_EQ(json_of("\"money\"", "19.999"), "\"19.999\"");
  EXPECT_EQ(boost::json::serialize(*money_json("100", "JPY")), R"({"minor":100,"currency":"JPY"})");
  EXPECT_FALSE(money_json("99999999999999999", "BHD"));
  for (const std::int64_t minor : {0L, 5L, -5L, 1999L, -100L}) {
    const auto back = money_json(amount_text(minor, 2), "CNY");
    EXPECT_EQ(back->at("minor").as_int64(), minor);
  }
}

TEST(CellJson, ListsComeBackAsTheyWereWritten) {
  const auto list = [](const std::string& text) { return json_of(R"({"list":"string"})", text); };
  EXPECT_EQ(list("a; b ;c；d;"), R"(["a","b","c","d"])");
  EXPECT_EQ(list("[\"a;b\"]"), R"(["a;b"])");
  for (const char* json : {"[]", R"(["a"])", R"(["a","b"])", R"(["a;b","c"])", R"([""])",
                           R"(["[x","y"])", R"([" a"])", R"(["中；文"])"}) {
    EXPECT_EQ(list(list_text(boost::json::parse(json).as_array())), json);
  }
  EXPECT_EQ(json_of(R"({"optional":{"list":"i64"}})", "1;2"), "[1,2]");
}

TEST(CellJson, StructsAreJsonCells) {
  EXPECT_EQ(json_of(R"({"struct":[{"name":"a","type":"i64"}]})", R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(json_of(R"({"struct":[{"name":"a","type":"i64"}]})", "{a"), "\"{a\"");
}

}  // namespace
}  // namespace opsledger::testing
