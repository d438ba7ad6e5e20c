// Modules that are part of the program: tables over the kernel's own events, written against the
// SDK like any plugin, so that as-of reads, history, diff and rights work on them as on any table.
#pragma once

#include <memory>
#include <vector>

#include "kernel/modules/registry.hpp"
#include "kernel/plugin/plugin_instance.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// One instance per built-in module, in a fixed order. ModuleInfo::hash stands for the module's
/// name and version: raise the version when its code changes, then its tables are built again.
/// Errors: kInvalid `plugin.description_invalid`, kInternal `plugin.failed` (a programming error).
Result<std::vector<std::shared_ptr<PluginInstance>>> system_modules();

/// Adds them all as ModuleKind::kKernel. Errors: the same, and those of Registry::add.
Status add_system_modules(Registry& registry);

}  // namespace opsledger
