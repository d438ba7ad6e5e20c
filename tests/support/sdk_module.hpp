// Modules written with the SDK inside a test program: the real callbacks, without a library.
#pragma once

#include <opsledger/sdk.hpp>

#include "kernel/plugin/description.hpp"
#include "kernel/plugin/in_process_instance.hpp"

namespace opsledger::testing_support {

/// One instance per part; the hash stands for the names. Aborts the test program when a part
/// declares itself wrongly.
inline std::vector<std::shared_ptr<PluginInstance>> sdk_modules(ops::detail::Parts parts) {
  auto library = std::make_shared<ops::detail::Library>(std::move(parts));
  auto described = read_description(*library->describe(), Hash{}).value();
  std::vector<std::shared_ptr<PluginInstance>> instances;
  for (auto& module : described) {
    for (std::size_t i = 0; i < module.info.name.size() && i < 32; ++i) {
      module.info.hash.bytes[i] = static_cast<std::uint8_t>(module.info.name[i]);
    }
    instances.push_back(make_in_process_instance(library, std::move(module)));
  }
  return instances;
}

}  // namespace opsledger::testing_support
