// What `describe` returned, copied and checked completely before anything of it is used.
#pragma once

#include <vector>

#include "kernel/plugin/abi_view.hpp"
#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

/// A module's declaration and the callbacks behind it, index by index. Callbacks that must not be
/// null are not.
struct DescribedModule {
  struct Command {
    ops_command command;
    std::vector<ops_load> loads;
  };
  ModuleInfo info;
  std::vector<std::vector<ops_upcast>> upcasts;  ///< per event type
  std::vector<ops_model> models;
  std::vector<Command> commands;
  std::vector<ops_table> tables;
  std::vector<ops_reaction> reactions;
};

/// Errors: kInvalid `plugin.description_invalid`: the place (`modules/0/tables/1`), what is wrong
/// there, and what to do.
Result<std::vector<DescribedModule>> read_description(const ops_library& library,
                                                      const Hash& library_hash);

}  // namespace opsledger
