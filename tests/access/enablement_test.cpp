#include "kernel/modules/enablement.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "tests/support/test_module.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

json::object said(const char* module, const char* department) {
  return {{"module", module}, {"department", department}};
}

TEST(Enablement, HoldsByDefaultUntilAnEventSaysOtherwise) {
  Enablement now(true);
  EXPECT_TRUE(now.enabled("order", "ops"));
  EXPECT_TRUE(now.hides_nothing());
  now.apply("module.disabled", said("order", "ops"));
  EXPECT_FALSE(now.enabled("order", "ops"));
  EXPECT_FALSE(now.hides_nothing());
  EXPECT_TRUE(now.enabled("order", "it"));
  EXPECT_TRUE(now.enabled("incident", "ops"));
  now.apply("module.enabled", said("order", "ops"));
  EXPECT_TRUE(now.enabled("order", "ops"));
}

TEST(Enablement, CanBeTheOtherWayRound) {
  Enablement now(false);
  EXPECT_FALSE(now.enabled("order", "ops"));
  EXPECT_FALSE(now.hides_nothing());
  RowScope rows;
  now.apply("module.enabled", said("order", "ops"));
  now.apply("module.configured", said("order", "it"));
  now.hide_disabled("order", &rows);
  EXPECT_TRUE(rows.sees("ops", ""));
  EXPECT_FALSE(rows.sees("it", ""));
  EXPECT_FALSE(rows.sees("any", ""));
  EXPECT_TRUE(rows.sees("", ""));
}

TEST(Enablement, HidesRowsOfDepartmentsWhereTheModuleIsOff) {
  Enablement now(true);
  now.apply("module.disabled", said("order", "ops"));
  RowScope rows;
  now.hide_disabled("order", &rows);
  EXPECT_FALSE(rows.everything());
  EXPECT_FALSE(rows.sees("ops", "ada"));
  EXPECT_TRUE(rows.sees("it", "ada"));
}

TEST(Enablement, KeepsSettingsOverSwitching) {
  Enablement now;
  auto configured = said("order", "ops");
  configured["config"] = {{"ack_minutes", 5}};
  now.apply("module.configured", configured);
  now.apply("module.disabled", said("order", "ops"));
  now.apply("module.enabled", said("order", "ops"));
  EXPECT_EQ(now.config("order", "ops"), R"({"ack_minutes":5})");
  EXPECT_EQ(now.config("order", "it"), "{}");
}

/// A module with a name, requirements and settings, and nothing else.
class NamedModule : public testing::TestModule {
 public:
  NamedModule(std::string name, std::vector<std::string> requirements) {
    info_ = TestModule::info();
    info_.name = name;
    info_.prefixes = {name};
    info_.requirements = std::move(requirements);
    info_.event_types.clear();
    info_.models.clear();
    info_.commands.clear();
    info_.tables.clear();
    info_.config =
        testing::test_schema(R"({"struct":[{"name":"minutes","type":{"optional":"i64"}}]})");
  }
  const ModuleInfo& info() const override { return info_; }

 private:
  ModuleInfo info_;
};

class SwitchTest : public ::testing::Test {
 protected:
  SwitchTest() {
    EXPECT_TRUE(
        registry_.add(std::make_shared<NamedModule>("base", std::vector<std::string>{})).ok());
    EXPECT_TRUE(
        registry_.add(std::make_shared<NamedModule>("top", std::vector<std::string>{"base"})).ok());
    EXPECT_TRUE(
        registry_.add(std::make_shared<NamedModule>("lost", std::vector<std::string>{"gone"}))
            .ok());
  }
  Status check(const char* module, bool on) {
    return check_switch(registry_, now_, registry_.module(module)->info(), "ops", on);
  }
  Registry registry_;
  Enablement now_;
};

TEST_F(SwitchTest, RefusesToDisableWhatAnEnabledModuleNeedsAndNamesIt) {
  const auto refused = check("base", false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "module.required");
  EXPECT_NE(refused.error().message.find("top"), std::string::npos);
  now_.apply("module.disabled", said("top", "ops"));
  EXPECT_TRUE(check("base", false).ok());
}

TEST_F(SwitchTest, RefusesToEnableWithoutWhatItNeeds) {
  now_.apply("module.disabled", said("base", "ops"));
  EXPECT_EQ(check("top", true).error().reason, "module.requires");
  now_.apply("module.enabled", said("base", "ops"));
  EXPECT_TRUE(check("top", true).ok());
  EXPECT_EQ(check("lost", true).error().reason, "module.requires");
}

TEST_F(SwitchTest, ChecksSettingsAgainstTheModulesSchema) {
  const auto& info = registry_.module("base")->info();
  EXPECT_TRUE(check_config(info, json::parse(R"({"minutes":7})")).ok());
  EXPECT_TRUE(check_config(info, json::parse("{}")).ok());
  const auto refused = check_config(info, json::parse(R"({"minutes":"x"})"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/config/minutes");
  EXPECT_FALSE(check_config(info, json::parse(R"({"hours":7})")).ok());
  EXPECT_EQ(check_config(testing::TestModule().info(), json::parse(R"({"a":1})")).error().reason,
            "module.no_settings");
}

}  // namespace
}  // namespace opsledger
