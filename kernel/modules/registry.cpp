#include "kernel/modules/registry.hpp"

#include "kernel/modules/module_check.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kKernelPrefixes[] = {
    "access",   "account", "blob",   "effect", "export",   "grant",  "import",
    "kernel",   "ledger",  "module", "number", "personal", "plugin", "projection",
    "reaction", "role",    "rule",   "schema", "session",  "timer",  "token",
};

template <class Map>
auto find_or_empty(const Map& map, std::string_view name) -> typename Map::mapped_type {
  const auto found = map.find(name);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

Error refused(const std::string& name, std::vector<FieldError> reasons) {
  Error error{Code::kInvalid, "module.refused",
              "module " + name + " is refused: " + reasons[0].pointer + ": " + reasons[0].detail};
  if (reasons.size() > 1) {
    error.message += " (and " + std::to_string(reasons.size() - 1) + " more)";
  }
  error.fields = std::move(reasons);
  return error;
}

}  // namespace

std::string_view prefix_of(std::string_view type) {
  return type.substr(0, type.find('.'));
}

bool Registry::kernel_owned(std::string_view type) {
  return std::ranges::find(kKernelPrefixes, prefix_of(type)) != std::end(kKernelPrefixes);
}

Status Registry::add(std::shared_ptr<PluginInstance> module, ModuleKind kind) {
  const ModuleInfo& info = module->info();
  std::vector<FieldError> reasons = check_module(info, kind);
  if (by_name_.contains(info.name)) {
    reasons.push_back({"/name", "a module of this name is loaded already"});
  }
  for (const std::string& prefix : info.prefixes) {
    const auto other = by_prefix_.find(prefix);
    if (other == by_prefix_.end()) continue;
    reasons.push_back({"/prefixes/" + prefix, "belongs to module " + other->second->info().name +
                                                  "; only one of the two can be loaded"});
  }
  if (!reasons.empty()) return refused(info.name, std::move(reasons));

  by_name_[info.name] = module;
  if (kind == ModuleKind::kKernel) built_in_.insert(info.name);
  for (const std::string& prefix : info.prefixes) by_prefix_[prefix] = module;
  for (const EventTypeInfo& type : info.event_types) {
    if (type.owned) event_types_[type.type] = &type;
  }
  for (std::uint32_t i = 0; i < info.commands.size(); ++i) {
    commands_[info.commands[i].type] = {module, i};
  }
  for (std::uint32_t i = 0; i < info.tables.size(); ++i) {
    tables_[info.name + "." + info.tables[i].name] = {module, i};
  }
  modules_.push_back(std::move(module));
  return {};
}

std::shared_ptr<PluginInstance> Registry::module(std::string_view name) const {
  return find_or_empty(by_name_, name);
}

std::shared_ptr<PluginInstance> Registry::owner(std::string_view type) const {
  return find_or_empty(by_prefix_, prefix_of(type));
}

const EventTypeInfo* Registry::event_type(std::string_view type) const {
  return find_or_empty(event_types_, type);
}

std::optional<CommandRef> Registry::command(std::string_view type) const {
  const auto found = commands_.find(type);
  if (found == commands_.end()) return {};
  return found->second;
}

std::optional<TableRef> Registry::table(std::string_view full_name) const {
  const auto found = tables_.find(full_name);
  if (found == tables_.end()) return {};
  return found->second;
}

}  // namespace opsledger
