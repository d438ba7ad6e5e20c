// Publishing, trying on history, switching, and running.
#include "tests/rules/rules_world.hpp"

namespace opsledger {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kBuyLow =
    R"j({"id":"R1","on":"stock.counted","if":"data.level < settings.low",
  "row":{"table":"stock.counts","key":"${data.count}"},
  "do":[{"command":"stock.buy","each":"filter(data.lines, it.left < 5)",
                     "data" : {
  "sku" : "${each.sku}",
          "pieces" : "${10 - each.left}",
                     "note" : "${row.buyer} for ${data.count}",
                              "budget" : "${data.value * 2}"
}
}]
})j";

class RulesTest : public RulesWorld {
 protected:
  boost::json::object tried(const std::string& rule, RuleAdministration::Range range = {}) {
    const auto result = rules_.dry_run(rule, range, {});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? *result : boost::json::object();
  }
  std::string reason(const Result<Position>& result) {
    return result.ok() ? "ok" : result.error().reason;
  }
  /// Runs everything there is to run, as a process that begins now.
  void run() {
    DataRules source(catalog_, planner_, registry_);
    ReactionRunner runner(ledger_, registry_, *commands_, {&source}, {});
    const auto status = runner.run_until_idle();
    ASSERT_TRUE(status.ok()) << status.error().message;
  }
};

TEST_F(RulesTest, ADryRunListsWhatWouldHaveBeenSentAndWritesNothing) {
  services_.rows["stock.counts/c1"] = R"j({"count":"c1","level":2,"buyer":"li"})j";
  count("c1", 2);
  count("c2", 7);
  count("c3", 1, "CS");
  published(kBuyLow);
  const auto before = ledger_.accepted().position;
  const auto result = tried("R1");
  EXPECT_EQ(ledger_.accepted().position, before);
  EXPECT_EQ(result.at("examined"), 3);
  EXPECT_EQ(result.at("fired"), 1) << "CS has no setting `low`: null is no reason to act";
  const auto& command = result.at("firings").at(0).at("commands").at(0).as_object();
  EXPECT_EQ(command.at("command"), "stock.buy");
  EXPECT_EQ(command.at("department"), "OPS");
  EXPECT_EQ(
      boost::json::serialize(command.at("data")),
      R"j({"sku":"x","pieces":8,"note":"li for c1","budget":{"minor":400,"currency":"CNY"}})j");
}

TEST_F(RulesTest, ADryRunKeepsToItsRangeAndDepartment) {
  const char* always = R"j({"id":"R2","on":"stock.counted",
      "do":[{"command":"stock.buy","data":{"sku":"x","pieces":"${data.level}"}}]})j";
  count("c1", 1);
  const auto middle = ledger_.accepted().position;
  count("c2", 2, "CS");
  count("c3", 3);
  published(always);
  EXPECT_EQ(tried("R2").at("fired"), 3);
  EXPECT_EQ(tried("R2", {middle.next(), {}, ""}).at("fired"), 2);
  EXPECT_EQ(tried("R2", {{}, middle, ""}).at("fired"), 1);
  EXPECT_EQ(tried("R2", {{}, {}, "CS"}).at("fired"), 1);
}

TEST_F(RulesTest, AValueThatARuleCannotWorkWithIsShownNotHidden) {
  published(
      R"j({"id":"R3","on":"stock.counted","if":"2000000000 * 2000000000 * 2000000000 * data.level > 1",
      "do":[{"command":"stock.buy","data":{"sku":"x","pieces":1}}]})j");
  count("c1", 1);
  const auto result = tried("R3");
  EXPECT_EQ(result.at("failed"), 1);
  EXPECT_THAT(std::string(result.at("firings").at(0).at("error").as_string()),
              HasSubstr("the number is too large"));
}

TEST_F(RulesTest, ItIsOnOnlyAfterADryRunOfThisVersion) {
  published(kBuyLow);
  EXPECT_EQ(reason(rules_.set_mode("R1", "*", RuleMode::kOn, {})), "rule.dry_run_required");
  EXPECT_EQ(reason(rules_.set_mode("R1", "OPS", RuleMode::kShadow, {})), "ok");
  tried("R1");
  EXPECT_EQ(reason(rules_.set_mode("R1", "OPS", RuleMode::kOn, {})), "ok");
  EXPECT_EQ(reason(rules_.set_mode("R9", "*", RuleMode::kOff, {})), "rule.unknown");

  auto changed = parsed(kBuyLow);
  changed["if"] = "data.level < 4";
  const auto second = rules_.publish(changed, {});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->version, 2u);
  EXPECT_EQ(catalog_.entry("R1").modes.at("OPS"), RuleMode::kShadow) << "a new version is not on";
  EXPECT_EQ(reason(rules_.set_mode("R1", "OPS", RuleMode::kOn, {})), "rule.dry_run_required");
}

TEST_F(RulesTest, TheSameDefinitionAgainIsNoNewVersion) {
  EXPECT_EQ(published(kBuyLow), 1u);
  const auto again = rules_.publish(parsed(kBuyLow), {});
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->changed);
  EXPECT_THAT(events("rule.published"), SizeIs(1));
}

TEST_F(RulesTest, TheCatalogIsWhatTheLedgerSays) {
  published(kBuyLow);
  ASSERT_EQ(reason(rules_.set_mode("R1", "CS", RuleMode::kOff, {})), "ok");
  RuleCatalog other(ledger_, registry_);
  ASSERT_TRUE(other.load().ok());
  const auto entry = other.entry("R1");
  EXPECT_EQ(entry.version, 1u);
  EXPECT_EQ(entry.modes.at("CS"), RuleMode::kOff);
  ASSERT_NE(entry.rule, nullptr);
  EXPECT_EQ(entry.rule->versioned_id(), "R1@1");
}

TEST_F(RulesTest, ARuleWhoseModuleIsGoneIsListedWithTheReasonAndNotRun) {
  published(kBuyLow);
  const Registry empty;
  RuleCatalog without(ledger_, empty);
  ASSERT_TRUE(without.load().ok());
  const auto entry = without.entry("R1");
  EXPECT_EQ(entry.rule, nullptr);
  EXPECT_THAT(entry.problem, HasSubstr("event stock.counted"));
  EXPECT_THAT(DataRules(without, planner_, empty).rules(), IsEmpty());
}

TEST_F(RulesTest, InShadowItSaysWhatItWouldSendAndOnItSendsOnce) {
  published(kBuyLow);
  run();
  count("c1", 2);
  run();
  EXPECT_THAT(events("rule.would_have_fired"), SizeIs(1));
  EXPECT_THAT(events("stock.bought"), IsEmpty());
  tried("R1");
  ASSERT_EQ(reason(rules_.set_mode("R1", "OPS", RuleMode::kOn, {})), "ok");
  count("c2", 3);
  run();
  run();  // a restart finds it done
  const auto bought = events("stock.bought");
  ASSERT_THAT(bought, SizeIs(1));
  EXPECT_EQ(bought[0].at("pieces"), 7);
  EXPECT_EQ(bought[0].at("rule_of"), "R1@1");
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
}

TEST_F(RulesTest, RulesOnOneEventRunInAscendingOrderOfTheirIds) {
  for (const char* id : {"B", "A", "C"}) {
    auto rule =
        parsed(R"j({"on":"stock.counted","do":[{"command":"stock.buy","data":{"pieces":1}}]})j");
    rule["id"] = id;
    rule["do"].at(0).at("data").as_object()["sku"] = id;
    ASSERT_TRUE(rules_.publish(rule, {}).ok());
    tried(id);
    ASSERT_EQ(reason(rules_.set_mode(id, "*", RuleMode::kOn, {})), "ok");
  }
  run();
  count("c1", 1);
  run();
  std::string order;
  for (const auto& event : events("stock.bought")) order += event.at("sku").as_string().c_str();
  EXPECT_EQ(order, "ABC");
}

TEST_F(RulesTest, WhatTheModuleRefusesIsRecordedWithTheFiring) {
  published(R"j({"id":"R4","on":"stock.counted",
      "do":[{"command":"stock.buy","data":{"sku":"x","pieces":"${data.level}"}}]})j");
  tried("R4");
  ASSERT_EQ(reason(rules_.set_mode("R4", "*", RuleMode::kOn, {})), "ok");
  run();
  count("c1", 0);
  run();
  const auto fired = events("rule.fired");
  ASSERT_THAT(fired, SizeIs(1));
  EXPECT_EQ(fired[0].at("outcome"), "rejected");
  EXPECT_EQ(fired[0].at("code"), "stock.nothing");
}

TEST_F(RulesTest, ListShowsVersionModesAndReactions) {
  published(kBuyLow);
  const auto list = rules_.list({});
  ASSERT_TRUE(list.ok());
  ASSERT_THAT(*list, SizeIs(1));
  const auto& shown = list->at(0).as_object();
  EXPECT_EQ(shown.at("version"), 1);
  EXPECT_EQ(shown.at("modes").at("*"), "shadow");
  EXPECT_TRUE(shown.at("problem").is_null());
}

}  // namespace
}  // namespace opsledger
