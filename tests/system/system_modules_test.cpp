// The program's own modules: loaded without a library, owning what plugins cannot.
#include "kernel/system/system_modules.hpp"

#include "kernel/events/raw_append.hpp"
#include "tests/plugin/declared_module.hpp"

namespace opsledger {
namespace {

using testing::declared;

ModuleInfo named(const std::string& name) {
  ModuleInfo info;
  info.name = name;
  info.version = "1.0.0";
  info.prefixes = {name};
  return info;
}

TEST(SystemModules, AreRegisteredWithTheirTables) {
  Registry registry;
  const Status added = add_system_modules(registry);
  ASSERT_TRUE(added.ok()) << added.error().message;
  EXPECT_TRUE(registry.table("timer.pending").has_value());
  EXPECT_TRUE(registry.built_in("timer"));
  EXPECT_FALSE(registry.built_in("order"));
}

TEST(SystemModules, HaveHashesThatDependOnNameAndVersionOnly) {
  const auto first = system_modules(), second = system_modules();
  ASSERT_TRUE(first.ok() && second.ok());
  std::set<std::string> hashes;
  for (std::size_t i = 0; i < first->size(); ++i) {
    EXPECT_EQ((*first)[i]->info().hash, (*second)[i]->info().hash);
    hashes.insert(hex((*first)[i]->info().hash.bytes));
  }
  EXPECT_EQ(hashes.size(), first->size());
}

TEST(SystemModules, LeaveTheirEventsToTheKernelAlone) {
  Registry registry;
  ASSERT_TRUE(add_system_modules(registry).ok());
  const RawAppend append(registry);
  const auto refused = append.parse(
      {{"events", boost::json::array{{{"type", "timer.fired"}, {"data", {{"timer", "x"}}}}}}}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "event.kernel_owned");
}

TEST(SystemModules, PluginsCannotTakeAKernelPrefixNorTheKernelAPlugins) {
  Registry registry;
  EXPECT_FALSE(registry.add(declared(named("timer"))).ok());
  EXPECT_FALSE(registry.add(declared(named("task")), ModuleKind::kKernel).ok());
  EXPECT_TRUE(registry.add(declared(named("timer")), ModuleKind::kKernel).ok());
}

TEST(SystemModules, WithCommandsOrEventsOfTheirOwnAreRefused) {
  auto info = named("timer");
  const auto schema = *Schema::parse(R"({"struct":[{"name":"id","type":"string"}]})");
  info.event_types = {{.type = "timer.fired", .schema = schema, .owned = true}};
  info.commands = {{.type = "timer.fire", .schema = schema}};
  Registry registry;
  const Status added = registry.add(declared(info), ModuleKind::kKernel);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fields.size(), 2u);
}

}  // namespace
}  // namespace opsledger
