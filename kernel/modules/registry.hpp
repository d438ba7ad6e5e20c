// Which modules are loaded, and who owns which name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

struct CommandRef {
  std::shared_ptr<PluginInstance> module;
  std::uint32_t index = 0;
  const CommandInfo& info() const { return module->info().commands[index]; }
};
struct TableRef {
  std::shared_ptr<PluginInstance> module;
  std::uint32_t index = 0;
  const TableInfo& info() const { return module->info().tables[index]; }
};

/// Where a module comes from.
enum class ModuleKind {
  kPlugin,  ///< a library; kernel-owned prefixes are refused
  kKernel,  ///< compiled in (kernel/system): kernel-owned prefixes only, and no commands
};

/// Filled once at start, before threads; then immutable and thread safe. (Live upgrade replaces
/// the whole registry.)
class Registry {
 public:
  /// Adds a module, or leaves the registry as it was. Refused (kInvalid `module.refused`, every
  /// reason in Error::fields): overlapping prefixes, kernel-owned prefixes, types outside its
  /// prefixes, reserved column names (`select, order, limit, offset, or, and, as_of, as_shown,
  /// min_position`), duplicate names, indexes on unknown columns, and what breaks a grammar.
  /// A kernel module may have kernel-owned prefixes and must not have others, commands, or events
  /// of its own: the kernel alone writes control events.
  Status add(std::shared_ptr<PluginInstance> module, ModuleKind kind = ModuleKind::kPlugin);

  const std::vector<std::shared_ptr<PluginInstance>>& modules() const { return modules_; }
  std::shared_ptr<PluginInstance> module(std::string_view name) const;
  /// The module whose prefix `type` begins with (up to the first dot), or null.
  std::shared_ptr<PluginInstance> owner(std::string_view type) const;
  /// The owner's declaration of `type`, or null.
  const EventTypeInfo* event_type(std::string_view type) const;
  std::optional<CommandRef> command(std::string_view type) const;
  /// `order.orders`.
  std::optional<TableRef> table(std::string_view full_name) const;
  /// True for a module of this name that is part of the program.
  bool built_in(std::string_view name) const { return built_in_.contains(name); }
  /// `ledger schema module projection number timer account session token role grant access rule
  /// import export blob effect` …
  static bool kernel_owned(std::string_view type);

 private:
  template <class T>
  using ByName = std::map<std::string, T, std::less<>>;

  std::vector<std::shared_ptr<PluginInstance>> modules_;
  ByName<std::shared_ptr<PluginInstance>> by_name_, by_prefix_;
  std::set<std::string, std::less<>> built_in_;
  ByName<const EventTypeInfo*> event_types_;  // owned ones; point into the modules' infos
  ByName<CommandRef> commands_;
  ByName<TableRef> tables_;
};

/// `task` of `task.assigned`.
std::string_view prefix_of(std::string_view type);

}  // namespace opsledger
