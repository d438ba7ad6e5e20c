// What a definition may say, and how what it may not say is told.
#include "tests/rules/rules_world.hpp"

namespace opsledger {
namespace {

using ::testing::HasSubstr;

class RuleReaderTest : public RulesWorld {
 protected:
  /// "" = fine, else `pointer: detail` of every field.
  std::string wrong(const std::string& definition) {
    const auto rule = read_rule(parsed(definition.c_str()), registry_);
    if (rule.ok()) return "";
    std::string all = rule.error().fields.empty() ? rule.error().message : "";
    for (const auto& field : rule.error().fields) all += field.pointer + ": " + field.detail + "\n";
    return all;
  }
  static std::string with(const std::string& condition, const std::string& data) {
    return R"({"id":"R1","on":"stock.counted","if":")" + condition +
           R"(","do":[{"command":"stock.buy","data":)" + data + "}]}";
  }
};

TEST_F(RuleReaderTest, TakesARuleWithEverything) {
  EXPECT_EQ(wrong(R"j({"id":"R1","on":"stock.counted","if":"data.level < settings.low",
    "row":{"table":"stock.counts","key":"${data.count}"},"limit":3,"mode":"off","owner":"ops_manager",
    "label":{"en":"Buy","zh":"采购"},
    "do":[{"command":"stock.buy","each":"filter(data.lines, it.left < 5)","department":"${event.department}",
           "data":{"sku":"${each.sku}","pieces":"${10 - each.left}","note":"for ${row.buyer}: $${x}",
                   "by":"${add_days(event.time, 3)}","budget":"${data.value * 2}"}}]})j"),
            "");
}

TEST_F(RuleReaderTest, SaysEverythingThatIsWrongAndWhere) {
  const auto said =
      wrong(R"j({"id":"a b","on":"stock.counted","if":"data.levle < 3","limit":51,"modus":1,
    "do":[{"command":"stock.buy","data":{"sku":"${data.level}","pices":1,"by":"${data.kind}"}}]})j");
  EXPECT_THAT(said, HasSubstr("/id: expected"));
  EXPECT_THAT(said, HasSubstr("/if: at column 1: 'data' has no 'levle'"));
  EXPECT_THAT(said, HasSubstr("/limit: expected 1 to 50"));
  EXPECT_THAT(said, HasSubstr("/modus: unknown field"));
  EXPECT_THAT(said, HasSubstr("/do/0/data/sku: the expression gives integer, where string"));
  EXPECT_THAT(said, HasSubstr("/do/0/data/pices: unknown field"));
  EXPECT_THAT(said, HasSubstr("/do/0/data/pieces: missing"));
}

TEST_F(RuleReaderTest, ChecksLiteralsAgainstTheCommandsSchema) {
  EXPECT_EQ(wrong(with("true", R"j({"sku":"x","pieces":1,"by":"2026-11-11T00:00:00Z"})j")), "");
  EXPECT_THAT(wrong(with("true", R"j({"sku":"x","pieces":"1"})j")), HasSubstr("/do/0/data/pieces"));
  EXPECT_THAT(wrong(with("true", R"j({"sku":"x","pieces":1,"by":"monday"})j")),
              HasSubstr("/do/0/data/by"));
  EXPECT_THAT(wrong(with("true", R"j({"sku":"x","pieces":"a ${data.level}"})j")),
              HasSubstr("/do/0/data/pieces: text with expressions"));
}

TEST_F(RuleReaderTest, ChecksEnumsConditionsAndTemplates) {
  const std::string data = R"j({"sku":"x","pieces":1})j";
  EXPECT_EQ(wrong(with("data.kind == 'a'", data)), "");
  EXPECT_THAT(wrong(with("data.kind == 'c'", data)), HasSubstr("'c' is none of: a, b"));
  EXPECT_THAT(wrong(with("data.level", data)), HasSubstr("/if: expected bool, not integer"));
  EXPECT_THAT(wrong(with("true", R"j({"sku":"${data.count","pieces":1})j")),
              HasSubstr("'${' has no closing '}'"));
  EXPECT_EQ(wrong(with("true", R"j({"sku":"${'}' }x","pieces":1})j")), "") << "a } in a text";
}

TEST_F(RuleReaderTest, AbsentModulesAreNotMistakes) {
  const auto rule = read_rule(parsed(R"j({"id":"R2","on":"task.overdue",
      "do":[{"command":"notify.send","data":{"anything":1}}]})j"),
                              registry_);
  ASSERT_FALSE(rule.ok());
  EXPECT_EQ(rule.error().reason, "rule.module_absent");
  EXPECT_THAT(rule.error().message, HasSubstr("event task.overdue, command notify.send"));
  EXPECT_THAT(wrong(R"j({"id":"R2","on":"stock.lost","do":[{"command":"stock.sell","data":{}}]})j"),
              HasSubstr("/on: its module has no event type"));
}

TEST_F(RuleReaderTest, ARuleOfOneDepartmentStaysThere) {
  EXPECT_THAT(wrong(R"j({"id":"R1","on":"stock.counted","department":"OPS",
      "do":[{"command":"stock.buy","department":"CS","data":{"sku":"x","pieces":1}}]})j"),
              HasSubstr("/do/0/department: a rule of one department"));
}

}  // namespace
}  // namespace opsledger
