// The rules that travel with the program: each parses, and fits wherever its modules are there.
#include <fstream>

#include "kernel/plugin/plugin_library.hpp"
#include "tests/rules/rules_world.hpp"

namespace opsledger {
namespace {

boost::json::array default_rules() {
  std::ifstream in(OPSLEDGER_DEFAULT_RULES);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  return boost::json::parse(text).at("rules").as_array();
}

TEST(DefaultRules, EachFitsTheModulesThatThereAreOrNamesWhatIsAbsent) {
  Registry registry;
  for (const char* path : {OPSLEDGER_PLUGIN_PATHS}) {
    auto modules = load_plugin(path);
    ASSERT_TRUE(modules.ok()) << modules.error().message;
    for (auto& module : *modules) ASSERT_TRUE(registry.add(std::move(module)).ok());
  }
  unsigned loaded = 0, absent = 0;
  for (const auto& definition : default_rules()) {
    const auto rule = read_rule(definition.as_object(), registry);
    if (rule.ok()) {
      ++loaded;
      EXPECT_FALSE(rule->label.en.empty() || rule->label.zh.empty()) << rule->id;
      EXPECT_EQ(rule->mode, RuleMode::kShadow) << rule->id << ": administrators switch rules on";
      continue;
    }
    EXPECT_EQ(rule.error().reason, "rule.module_absent") << boost::json::serialize(definition);
    for (const auto& field : rule.error().fields) {
      ADD_FAILURE() << definition.at("id") << " " << field.pointer << ": " << field.detail;
    }
    ++absent;
  }
  std::printf("default rules: %u loaded, %u wait for their module\n", loaded, absent);
  EXPECT_GE(loaded, 5u);
}

TEST(DefaultRules, HaveIdsOfTheirOwnInAscendingOrder) {
  std::string before;
  for (const auto& rule : default_rules()) {
    const std::string id(rule.at("id").as_string());
    EXPECT_LT(before, id);
    before = id;
  }
}

}  // namespace
}  // namespace opsledger
