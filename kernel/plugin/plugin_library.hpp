// One plugin library in this process: found, checked, loaded, described. In-process hosting is for
// plugins the admin trusts: a crash in one takes the server down.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

/// Loads the library at `path` and gives one instance per module that it describes. The code stays
/// mapped until the process ends (RTLD_NODELETE: what a plugin leaves behind, exceptions or
/// thread-locals, must not point nowhere); `deinit` runs when the last instance and the last model
/// state are gone. The file's SHA-256, read just before loading, becomes ModuleInfo::hash.
/// Errors, each naming the file, the cause, both values and what to do: kNotFound
/// `plugin.not_found`; kInvalid `plugin.not_loadable` (no shared library, wrong machine, missing
/// dependency), `plugin.no_symbol`, `plugin.abi_mismatch` (magic, major, sizes),
/// `plugin.description_invalid`; kInternal `plugin.failed` (init or describe failed or threw).
Result<std::vector<std::shared_ptr<PluginInstance>>> load_plugin(const std::filesystem::path& path);

}  // namespace opsledger
