// The magic block: older and newer plugins pass, others are told what differs.
#include "kernel/plugin/abi_check.hpp"

namespace opsledger {
namespace {

ops_plugin good() {
  ops_plugin plugin{};
  std::memcpy(plugin.magic, OPS_ABI_MAGIC, 8);
  plugin.abi_major = OPS_ABI_MAJOR;
  plugin.abi_minor = OPS_ABI_MINOR;
  plugin.size = sizeof(ops_plugin);
  plugin.host_size = sizeof(ops_host);
  plugin.event_size = sizeof(ops_event);
  plugin.envelope_size = sizeof(ops_envelope);
  plugin.module_size = sizeof(ops_module);
  plugin.pointer_size = sizeof(void*);
  plugin.init = [](const ops_host*) -> ops_status { return OPS_OK; };
  plugin.deinit = [] {};
  plugin.describe = [](const ops_host*, const ops_library**) -> ops_status { return OPS_OK; };
  return plugin;
}

std::string refusal(const ops_plugin& plugin) {
  const Status status = check_abi(plugin);
  EXPECT_FALSE(status.ok());
  if (status.ok()) return "";
  EXPECT_EQ(status.error().reason, "plugin.abi_mismatch");
  return status.error().message;
}

TEST(AbiCheck, TakesAPluginOfTheSameAbi) {
  EXPECT_TRUE(check_abi(good()).ok());
}

TEST(AbiCheck, TakesANewerMinorWithLargerStructs) {
  ops_plugin plugin = good();
  plugin.abi_minor = OPS_ABI_MINOR + 1;
  plugin.size += 8;
  plugin.host_size += 16;
  plugin.module_size += 24;
  EXPECT_TRUE(check_abi(plugin).ok());
  plugin.event_size -= 8;
  EXPECT_THAT(refusal(plugin), ::testing::HasSubstr("event_size"));
}

TEST(AbiCheck, NamesTheMemberAndBothValues) {
  ops_plugin plugin = good();
  plugin.abi_major = 7;
  EXPECT_THAT(refusal(plugin), ::testing::HasSubstr("abi_major is 7, this host has 1; upgrade"));
  plugin = good();
  plugin.magic[0] = 'X';
  EXPECT_THAT(refusal(plugin), ::testing::HasSubstr("magic is 5850534c45444752, this host has "
                                                    "4f50534c45444752"));
  plugin = good();
  plugin.pointer_size = 4;
  EXPECT_THAT(refusal(plugin), ::testing::HasSubstr("pointer_size is 4, this host has 8"));
  for (auto member : {&ops_plugin::size, &ops_plugin::host_size, &ops_plugin::event_size,
                      &ops_plugin::envelope_size, &ops_plugin::module_size}) {
    plugin = good();
    plugin.*member += 1;
    EXPECT_THAT(refusal(plugin), ::testing::HasSubstr("size is " + std::to_string(plugin.*member)));
  }
}

TEST(AbiCheck, RefusesNullFunctions) {
  ops_plugin plugin = good();
  plugin.describe = nullptr;
  EXPECT_THAT(refusal(plugin), ::testing::HasSubstr("describe"));
}

}  // namespace
}  // namespace opsledger
