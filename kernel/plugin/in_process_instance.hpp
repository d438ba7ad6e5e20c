// A module whose code runs in this process.
#pragma once

#include <memory>

#include "kernel/plugin/description.hpp"
#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

/// Thread safe: callbacks are pure by the ABI's rules, so that nothing is serialised here; states
/// are the caller's to keep apart. `library` is whatever keeps the code initialised; instances and
/// states share it.
std::shared_ptr<PluginInstance> make_in_process_instance(std::shared_ptr<void> library,
                                                         DescribedModule module);

}  // namespace opsledger
