#include <opsledger/expression.hpp>
#include <opsledger/expression/json.hpp>
#include <opsledger/expression/re2.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ops {
namespace {

using expr::Record;
using expr::Value;
using ::testing::HasSubstr;

const Record& names() {
  static const Record record = expr::record_of(Json::parse(R"({
    "data": {"level": 2, "rate": "0.65", "found_at": "2026-11-11T08:00:00Z", "flag": true,
             "price": {"minor": 1999, "currency": "CNY"}, "title": "双十一 sale",
             "huge": 9223372036854775807, "wide": 1e300, "nothing": null,
             "tags": ["a", "b"], "lines": [{"qty": 2, "cost": 1.5, "parts": [{"n": 1}, {"n": 2}]},
                                           {"qty": 3, "cost": 2.25, "parts": [{"n": 4}]},
                                           {"cost": 0.125}]}})"));
  return record;
}

Value eval(const std::string& source) {
  return Expression::parse(source, expr::re2_compiler()).evaluate(names());
}
/// Kind and value, or the error.
std::string shown(const std::string& source) {
  try {
    const Value value = eval(source);
    return std::string(name_of(value.kind())) + " " + value.str();
  } catch (const ExpressionError& error) {
    return error.what();
  }
}

struct Case {
  const char *source, *shown;
};
class ExpressionValues : public ::testing::TestWithParam<Case> {};

TEST_P(ExpressionValues, AreThese) {
  EXPECT_EQ(shown(GetParam().source), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, ExpressionValues,
    ::testing::Values(Case{"1 + 2 * 3", "integer 7"}, Case{"(1 + 2) * 3", "integer 9"},
                      Case{"10 - 2 - 3", "integer 5"}, Case{"-2 * -3", "integer 6"},
                      Case{"1 / 3", "decimal 0.3333"}, Case{"2 / 3", "decimal 0.6667"},
                      Case{"-2 / 3", "decimal -0.6667"}, Case{"1 / 0", "null "},
                      Case{"0.5 + 1", "decimal 1.5"}, Case{"0.0001 * 0.5", "decimal 0.0001"},
                      Case{"-0.0001 * 0.5", "decimal -0.0001"},
                      Case{"0.0001 * 0.4", "decimal 0.0000"}, Case{"round(2.5, 0)", "decimal 3"},
                      Case{"round(-2.345, 2)", "decimal -2.35"}, Case{"round(7, 2)", "integer 7"},
                      Case{"1 + null", "null "}, Case{"-null", "null "}));

INSTANTIATE_TEST_SUITE_P(
    Money, ExpressionValues,
    ::testing::Values(Case{"data.price * 0.7", "money 13.99 CNY"},
                      Case{"2 * data.price", "money 39.98 CNY"},
                      Case{"data.price / 3", "money 6.66 CNY"},
                      Case{"data.price / money(1000, 'CNY')", "decimal 1.9990"},
                      Case{"data.price - money(2000, 'CNY')", "money -0.01 CNY"},
                      Case{"minor(data.price) > 1998", "bool true"},
                      Case{"data.price == money(1999, 'USD')", "bool false"},
                      Case{"data.price < money(1999, 'USD')",
                           "at column 12: amounts in CNY and USD"},
                      Case{"data.price > 5", "at column 12: cannot compare money and integer"}));

INSTANTIATE_TEST_SUITE_P(
    Conditions, ExpressionValues,
    ::testing::Values(
        Case{"data.level <= 3 and data.flag", "bool true"},
        Case{"1 < 2 or 1 / 0 > 'x'", "bool true"}, Case{"false and huge.x > 1", "bool false"},
        Case{"not data.flag", "bool false"}, Case{"data.nothing and false", "bool false"},
        Case{"data.nothing or true", "bool true"}, Case{"data.nothing and true", "null "},
        Case{"not data.nothing", "null "}, Case{"data.nothing == null", "bool true"},
        Case{"data.missing == null", "bool true"}, Case{"data.level == null", "bool false"},
        Case{"data.level != null", "bool true"}, Case{"data.nothing < 3", "null "},
        Case{"data.rate < 0.7", "bool true"}, Case{"data.rate < 1", "bool true"},
        Case{"0.50 == 0.5", "bool true"}, Case{"1 == 1.0", "bool true"},
        Case{"'2' < '10'", "bool false"},
        Case{"data.found_at < '2026-11-11T07:00:00-08:00'", "bool false"},
        Case{"time(data.found_at) < '2026-11-11T07:00:00-08:00'", "bool true"},
        Case{"'a' in data.tags", "bool true"}, Case{"'c' not in data.tags", "bool true"},
        Case{"data.level in [1, 2.0]", "bool true"}, Case{"null in [1, null]", "bool true"},
        Case{"data.tags contains 'b'", "bool true"},
        Case{"data.title contains '十一'", "bool true"},
        Case{"data.title not contains 'x'", "bool true"},
        Case{"data.title matches '^双.*(SALE|sale)$'", "bool true"},
        Case{"data.nothing matches 'x'", "null "}, Case{"data.tags == ['a', 'b']", "bool true"},
        Case{"data.tags == ['a']", "bool false"}, Case{"has(data.level)", "bool true"},
        Case{"has(data.nothing) or has(data.no.such)", "bool false"},
        Case{"if(data.level < 3, 'high', 'low')", "text high"}, Case{"if(null, 1, 2)", "integer 2"},
        Case{"default(data.nothing, 7)", "integer 7"},
        Case{"default(data.level, 7)", "integer 2"}));

INSTANTIATE_TEST_SUITE_P(
    Lists, ExpressionValues,
    ::testing::Values(
        Case{"count(data.lines)", "integer 3"}, Case{"count(data.lines.qty)", "integer 2"},
        Case{"sum(data.lines.qty)", "integer 5"}, Case{"sum(data.lines.cost)", "decimal 3.875"},
        Case{"avg(data.lines.qty)", "decimal 2.5000"}, Case{"avg([1, 2])", "decimal 1.5000"},
        Case{"min(data.lines.cost)", "decimal 0.125"}, Case{"max(3, 2.5, 4)", "integer 4"},
        Case{"p50([3, 1, 2])", "integer 2"}, Case{"p50([4, 1, 3, 2])", "integer 2"},
        Case{"p90([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])", "integer 9"}, Case{"p90([5])", "integer 5"},
        Case{"first(data.tags)", "text a"}, Case{"last(data.tags)", "text b"},
        Case{"sum(data.lines.parts.n)", "integer 7"}, Case{"count(data.nothing)", "integer 0"},
        Case{"sum([])", "null "}, Case{"count([])", "integer 0"}, Case{"p50([])", "null "},
        Case{"avg([money(100, 'CNY'), money(101, 'CNY')])", "money 1.01 CNY"},
        Case{"count(filter(data.lines, it.qty > 2))", "integer 1"},
        Case{"count(filter(data.lines, count(filter(it.parts, it.n > 1)) > 0))", "integer 2"},
        Case{"filter([1, 2, 3], it != 2)", "list [1, 3]"},
        Case{"max([1, 'x'])", "at column 1: cannot order integer and text"},
        Case{"sum(['x'])", "at column 1: cannot add integer and text"},
        Case{"p50([1, date('2026-01-01')])", "at column 1: cannot order integer and date"}));

INSTANTIATE_TEST_SUITE_P(
    Times, ExpressionValues,
    ::testing::Values(
        Case{"days_between('2026-02-27', '2026-03-01')", "integer 2"},
        Case{"days_between(date('2026-03-01'), date('2026-02-27'))", "integer -2"},
        Case{"days_between('2026-01-01T00:00:00Z', '2026-01-02T23:59:59Z')", "integer 1"},
        Case{"hours_between('2026-01-01T00:00:00Z', '2026-01-01T01:20:00Z')", "decimal 1.3333"},
        Case{"add_days(date('2024-02-28'), 1)", "date 2024-02-29"},
        Case{"add_days(time(data.found_at), -1)", "time 2026-11-10T08:00:00Z"},
        Case{"add_hours(time(data.found_at), 0.5)", "time 2026-11-11T08:30:00Z"},
        Case{"date(data.found_at)", "date 2026-11-11"},
        Case{"add_days(date('2026-01-01'), 4000000)", "at column 1: the time is out of range"},
        Case{"days_between('2026-01-01', data.found_at)",
             "at column 1: a date and a time: write date(…) of the time"},
        Case{"time('2026-02-30T00:00:00Z')", "at column 1: no such date"},
        Case{"workhours_between(data.found_at, data.found_at)",
             "at column 1: there is no working calendar here"}));

INSTANTIATE_TEST_SUITE_P(
    Errors, ExpressionValues,
    ::testing::Values(
        Case{"", "at column 1: the expression ends where a value is expected"},
        Case{"1 +", "at column 4: the expression ends where a value is expected"},
        Case{"(1",
             "at column 3: expected ')' after the bracket's content, but the expression ends"},
        Case{"1 2", "at column 3: expected an operator or the end, not '2'"},
        Case{"a = 1", "at column 3: write == to compare"},
        Case{"1 < 2 < 3", "at column 7: comparisons do not chain: write a < b and b < c"},
        Case{"frist(data.tags)", "at column 1: there is no function 'frist'"},
        Case{"round(1)", "at column 1: round takes 2 arguments, not 1"},
        Case{"0.00001", "at column 1: a number has at most four digits after the point"},
        Case{"99999999999999999999", "at column 1: the number is too large"},
        Case{"1e5",
             "at column 1: a number ends before a letter or a second point "
             "(write 0.5, not .5 or 5e1)"},
        Case{"'open", "at column 1: the text has no closing quote"},
        Case{"'双' + 双", "at column 7: this character has no meaning here"},
        Case{"it.x", "at column 1: 'it' has a meaning in filter alone"},
        Case{"has(1)", "at column 1: has asks for a name: has(data.due_at)"},
        Case{"data.title matches data.title",
             "at column 20: a pattern is written as a text, so that it can be checked beforehand"},
        Case{"data.title matches '['", "at column 20: wrong pattern: missing ]: ["},
        Case{"data.huge + 1", "at column 11: the number is too large"},
        Case{"-data.huge - 2", "at column 12: the number is too large"},
        Case{"data.huge * 2", "at column 11: the number is too large"},
        Case{"data.huge / 0.0001", "at column 11: the number is too large"},
        Case{"data.wide + 1", "at column 11: cannot add text and integer"},
        Case{"data.level and true", "at column 1: expected a condition, not integer"},
        Case{"data.level.x", "at column 1: 'data.level.x': there is no 'x' in integer"},
        Case{"data.flag < true", "at column 11: cannot compare bool and bool"},
        Case{"'2026-1-1' < date('2026-01-01')",
             "at column 12: '2026-1-1' is no date (2026-11-11)"}));

TEST(Expression, NullIsNoReasonToActAndAValueThatIsNoConditionIsAnError) {
  EXPECT_FALSE(Expression::parse("data.nothing > 1").test(names()));
  EXPECT_TRUE(Expression::parse("data.level > 1").test(names()));
  EXPECT_THROW(Expression::parse("data.level").test(names()), ExpressionError);
}

TEST(Expression, MatchesNeedsACompiler) {
  EXPECT_THROW(Expression::parse("a matches 'x'"), ExpressionError);
}

TEST(Expression, TellsTheNamesItLooksAt) {
  const auto parsed =
      Expression::parse("data.b > 1 and has(row.x) or filter(data.a, it.q > data.b)");
  EXPECT_THAT(parsed.names(), ::testing::ElementsAre("data.a", "data.b", "row.x"));
}

TEST(Expression, UsesTheCalendarAndTheZoneItIsGiven) {
  expr::Environment environment;
  environment.workhours = [](Time from, Time to, std::string_view calendar) {
    return Decimal((to - from).count() / 1'800'000'000, 0U) + Decimal(calendar == "ops" ? 100 : 0);
  };
  environment.local_date = [](Time time) { return time.date(8h); };
  const auto run = [&](const char* source) {
    return Expression::parse(source).evaluate(names(), environment).str();
  };
  EXPECT_EQ(run("workhours_between(data.found_at, '2026-11-11T09:00:00Z')"), "2");
  EXPECT_EQ(run("workhours_between(data.found_at, '2026-11-11T09:00:00Z', 'ops')"), "102");
  EXPECT_EQ(run("date('2026-11-10T16:00:00Z')"), "2026-11-11");
}

TEST(ExpressionLimits, LengthDepthAndStepsAreBounded) {
  const std::string opening(100, '('), closing(100, ')');
  EXPECT_THAT(shown(opening + "1" + closing), HasSubstr("nested more than 64 deep"));
  EXPECT_THAT(shown(std::string(200, '-') + "1"), HasSubstr("nested more than 64 deep"));
  EXPECT_THAT(shown(std::string(5000, ' ') + "1"), HasSubstr("longer than 4096 bytes"));
  Record big;
  big.set("list", expr::List(1000, Value(1)));
  expr::Environment few;
  few.steps_max = 10'000;
  const auto nested = Expression::parse("count(filter(list, count(filter(list, it > 0)) > 0))");
  EXPECT_THAT([&] { nested.evaluate(big, few); },
              ::testing::ThrowsMessage<ExpressionError>(HasSubstr("more than 10000 steps")));
  big.set("text", std::string(60'000, 'a') + "b");
  big.set("part", std::string(30'000, 'a'));
  EXPECT_THAT([&] { Expression::parse("text contains part").evaluate(big); },
              ::testing::ThrowsMessage<ExpressionError>(HasSubstr("steps")));
}

TEST(ExpressionJson, DoublesAreRoundedToFourPlacesAndWideOnesStayText) {
  EXPECT_EQ(expr::value_of(Json(0.00005)).str(), "0.0001");
  EXPECT_EQ(expr::value_of(Json(0.1 + 0.2)).str(), "0.3000");
  EXPECT_EQ(expr::value_of(Json(-1234567.891)).str(), "-1234567.891");
  EXPECT_EQ(expr::value_of(Json(1e20)).kind(), expr::Kind::kText);
}

}  // namespace
}  // namespace ops
