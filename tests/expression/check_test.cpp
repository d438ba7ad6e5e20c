#include <opsledger/expression.hpp>
#include <opsledger/expression/json.hpp>
#include <opsledger/expression/re2.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ops {
namespace {

using expr::Kind;
using expr::Shape;

constexpr const char* kSchema = R"({"struct":[
  {"name":"id","type":"string"},{"name":"level","type":"i32"},
  {"name":"kind","type":{"enum":["price","stock"]}},{"name":"rate","type":"decimal"},
  {"name":"price","type":"money"},{"name":"due_at","type":{"optional":"time"}},
  {"name":"day","type":"date"},{"name":"drill","type":"bool"},
  {"name":"secret","type":{"personal":"string"}},{"name":"extra","type":{"map":["string","i64"]}},
  {"name":"lines","type":{"list":{"struct":[{"name":"qty","type":"u32"},
                                            {"name":"tags","type":{"list":"string"}}]}}}]})";

const Shape& names() {
  static const Shape shape =
      Shape::record({{"data", expr::shape_of_schema(kSchema)}, {"settings", Shape(Kind::kRecord)}});
  return shape;
}
std::string checked(const char* source) {
  try {
    return Expression::parse(source, expr::re2_compiler()).check(names()).str();
  } catch (const ExpressionError& error) {
    return error.what();
  }
}

struct Case {
  const char *source, *result;
};
class ExpressionShapes : public ::testing::TestWithParam<Case> {};
TEST_P(ExpressionShapes, AreFoundBeforehand) {
  EXPECT_EQ(checked(GetParam().source), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Fits, ExpressionShapes,
    ::testing::Values(
        Case{"data.level <= 3 and data.kind == 'price' and not data.drill", "bool"},
        Case{"data.level * 2", "integer"}, Case{"data.level / 2", "decimal"},
        Case{"data.level + data.rate", "decimal"}, Case{"data.price * data.rate", "money"},
        Case{"data.price / data.price", "decimal"}, Case{"data.lines.qty", "list of integer"},
        Case{"data.lines.tags", "list of text"}, Case{"first(data.lines.tags)", "text"},
        Case{"avg(data.lines.qty)", "decimal"}, Case{"max(data.level, 0.5)", "decimal"},
        Case{"filter(data.lines, it.qty > 2)", "list of record"},
        Case{"data.due_at < '2026-01-01T00:00:00Z'", "bool"},
        Case{"data.day >= '2026-01-01'", "bool"}, Case{"data.rate < 1", "bool"},
        Case{"data.extra.anything", "anything"}, Case{"settings.x + 1", "anything"},
        Case{"if(data.drill, 1, 0.5)", "decimal"},
        Case{"default(data.due_at, time('2026-01-01T00:00:00Z'))", "time"},
        Case{"data.kind in ['price', 'stock']", "bool"}, Case{"add_days(data.day, 3)", "date"},
        Case{"workhours_between(data.due_at, data.due_at)", "decimal"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, ExpressionShapes,
    ::testing::Values(
        Case{"data.levle",
             "at column 1: 'data' has no 'levle', only: day, drill, due_at, extra, "
             "id, kind, level, lines, price, rate"},
        Case{"dat.level", "at column 1: there is no 'dat', only: data, settings"},
        Case{"data.secret == 'x'",
             "at column 1: 'data' has no 'secret', only: day, drill, due_at, "
             "extra, id, kind, level, lines, price, rate"},
        Case{"data.kind == 'prise'", "at column 14: 'prise' is none of: price, stock"},
        Case{"data.kind in ['price', 'stok']", "at column 24: 'stok' is none of: price, stock"},
        Case{"data.id > 5", "at column 9: cannot order text and integer"},
        Case{"data.level == '5x'", "at column 15: '5x' is no number"},
        Case{"data.day < 'monday'", "at column 12: 'monday' is no date (2026-11-11)"},
        Case{"data.price > 5", "at column 12: cannot order money and integer"},
        Case{"data.price * data.price", "at column 12: cannot multiply money and money"},
        Case{"data.price + 1", "at column 12: cannot add money and integer"},
        Case{"data.drill > false", "at column 12: cannot order bool and bool"},
        Case{"not data.level", "at column 5: expected a condition, not integer"},
        Case{"data.level and true", "at column 1: expected a condition, not integer"},
        Case{"data.id.x", "at column 1: 'data.id' is text: it has no 'x'"},
        Case{"sum(data.lines.tags)", "at column 1: no sum of list of text"},
        Case{"count(data.level)", "at column 7: this counts over a list, not integer"},
        Case{"filter(data.lines, it.qyt > 1)", "at column 20: 'it' has no 'qyt', only: qty, tags"},
        Case{"data.level matches 'x'", "at column 1: 'matches' looks at text, not integer"},
        Case{"1 in data.lines.tags", "at column 3: cannot compare integer and text"},
        Case{"[1, 'x']", "at column 5: this is text, and beside it stands integer"},
        Case{"hours_between(data.day, data.due_at)", "at column 15: expected a time, not date"}));

TEST(ExpressionJson, ValuesTakeTheKindsOfTheirSchema) {
  const auto record = expr::record_of(Json::parse(R"({
      "id": "2026-01-01", "level": 1, "rate": "0.5", "due_at": "2026-01-01T00:00:00+08:00",
      "day": "2026-01-01", "secret": "token", "lines": [{"qty": 1, "tags": ["x"]}]})"),
                                      expr::shape_of_schema(kSchema));
  EXPECT_EQ(record.find("id")->kind(), Kind::kText);
  EXPECT_EQ(record.find("rate")->kind(), Kind::kDecimal);
  EXPECT_EQ(record.find("due_at")->str(), "2025-12-31T16:00:00Z");
  EXPECT_EQ(record.find("day")->kind(), Kind::kDate);
  EXPECT_EQ(record.find("secret"), nullptr) << "personal data is opaque";
}

}  // namespace
}  // namespace ops
