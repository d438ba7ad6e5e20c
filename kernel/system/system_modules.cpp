#include "kernel/system/system_modules.hpp"

#include "kernel/plugin/description.hpp"
#include "kernel/plugin/in_process_instance.hpp"
#include "kernel/system/parts.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace {

/// What a built-in module is known by: a release that does not touch it must not build its tables
/// anew, so the program's own bytes are no part of it.
Hash hash_of(const ModuleInfo& info) {
  return Sha256().update("built-in ").update(info.name + "@" + info.version).finish();
}

}  // namespace

Result<std::vector<std::shared_ptr<PluginInstance>>> system_modules() {
  std::shared_ptr<ops::detail::Library> library;
  try {
    library = std::make_shared<ops::detail::Library>(ops::detail::Parts{
        &access_part, &rule_part, &timer_part, &import_part, &module_part, &export_part});
  } catch (const std::exception& thrown) {
    return Error{Code::kInternal, "plugin.failed",
                 std::string("a built-in module declares itself wrongly: ") + thrown.what()};
  }
  OPS_TRY_ASSIGN(auto described, read_description(*library->describe(), Hash{}));
  std::vector<std::shared_ptr<PluginInstance>> instances;
  for (auto& module : described) {
    module.info.hash = hash_of(module.info);
    instances.push_back(make_in_process_instance(library, std::move(module)));
  }
  return instances;
}

Status add_system_modules(Registry& registry) {
  OPS_TRY_ASSIGN(const auto modules, system_modules());
  for (const auto& module : modules) OPS_TRY(registry.add(module, ModuleKind::kKernel));
  return {};
}

}  // namespace opsledger
