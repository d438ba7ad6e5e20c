// Which modules are loaded, and who owns which name.
#pragma once

#include <memory>
#include <optional>
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

/// Filled once at start, before threads; then immutable and thread safe. (Live upgrade replaces
/// the whole registry.)
class Registry {
 public:
  /// Adds a module. Refused (kInvalid): overlapping prefixes, kernel-owned prefixes, types outside
  /// its prefixes, reserved column names (`select, order, limit, offset, or, and, as_of, as_shown,
  /// min_position`), duplicate names, indexes on unknown columns.
  Status add(std::shared_ptr<PluginInstance> module);

  const std::vector<std::shared_ptr<PluginInstance>>& modules() const { return modules_; }
  std::shared_ptr<PluginInstance> module(std::string_view name) const;
  /// The module whose prefix `type` begins with (up to the first dot), or null.
  std::shared_ptr<PluginInstance> owner(std::string_view type) const;
  /// The owner's declaration of `type`, or null.
  const EventTypeInfo* event_type(std::string_view type) const;
  std::optional<CommandRef> command(std::string_view type) const;
  /// `order.orders`.
  std::optional<TableRef> table(std::string_view full_name) const;
  /// `ledger schema module projection number timer grant access rule import export` …
  static bool kernel_owned(std::string_view type);

 private:
  std::vector<std::shared_ptr<PluginInstance>> modules_;
};

}  // namespace opsledger
