#include "kernel/modules/enablement.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr std::string_view kEnabled = "module.enabled";
constexpr std::string_view kDisabled = "module.disabled";
constexpr std::string_view kConfigured = "module.configured";

std::string text(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool requires_module(const ModuleInfo& module, std::string_view name) {
  return std::ranges::find(module.requirements, name) != module.requirements.end();
}

}  // namespace

bool Enablement::folds(std::string_view type) {
  return type == kEnabled || type == kDisabled || type == kConfigured;
}

void Enablement::apply(std::string_view type, const json::object& data) {
  auto& departments = modules_[text(data, "module")];
  const auto [found, fresh] = departments.try_emplace(text(data, "department"));
  if (fresh) found->second.on = by_default_;
  if (type != kConfigured) found->second.on = type == kEnabled;
  const auto* config = data.if_contains("config");
  if (config != nullptr && config->is_object()) found->second.config = json::serialize(*config);
}

const Enablement::Switch* Enablement::find(std::string_view module,
                                           std::string_view department) const {
  const auto departments = modules_.find(module);
  if (departments == modules_.end()) return nullptr;
  const auto found = departments->second.find(department);
  return found == departments->second.end() ? nullptr : &found->second;
}

bool Enablement::enabled(std::string_view module, std::string_view department) const {
  const auto* found = find(module, department);
  return found == nullptr ? by_default_ : found->on;
}

const std::string& Enablement::config(std::string_view module, std::string_view department) const {
  static const std::string kNone = "{}";
  const auto* found = find(module, department);
  return found == nullptr ? kNone : found->config;
}

void Enablement::hide_disabled(std::string_view module, RowScope* scope) const {
  scope->listed_are_hidden = by_default_;
  const auto departments = modules_.find(module);
  if (departments == modules_.end()) return;
  for (const auto& [department, state] : departments->second) {
    if (state.on != by_default_) scope->listed.push_back(department);
  }
}

bool Enablement::hides_nothing() const {
  return by_default_ && std::ranges::all_of(modules_, [](const auto& module) {
           return std::ranges::all_of(module.second,
                                      [](const auto& each) { return each.second.on; });
         });
}

std::vector<std::pair<std::string, bool>> Enablement::departments(std::string_view module) const {
  std::vector<std::pair<std::string, bool>> out;
  const auto departments = modules_.find(module);
  if (departments == modules_.end()) return out;
  for (const auto& [department, state] : departments->second) {
    out.emplace_back(department, state.on);
  }
  return out;
}

Status check_switch(const Registry& registry, const Enablement& now, const ModuleInfo& module,
                    std::string_view department, bool on) {
  std::vector<std::string> against;
  if (on) {
    for (const auto& name : module.requirements) {
      if (!registry.module(name) || !now.enabled(name, department)) against.push_back(name);
    }
  } else {
    for (const auto& other : registry.modules()) {
      const auto& info = other->info();
      if (requires_module(info, module.name) && now.enabled(info.name, department)) {
        against.push_back(info.name);
      }
    }
  }
  if (against.empty()) return {};
  const std::string place = " in department '" + std::string(department) + "'";
  if (on) {
    return Error{Code::kConflict, "module.requires",
                 "module " + module.name + " needs " + joined(against) + place +
                     ", which is off or not installed; enable that first"};
  }
  return Error{Code::kConflict, "module.required",
               "module " + module.name + " is needed by " + joined(against) + place +
                   "; disable that first"};
}

Status check_config(const ModuleInfo& module, const json::value& config) {
  if (module.config) {
    OPS_TRY(module.config->encode(config, "/config"));
    return {};
  }
  if (config.is_object() && config.get_object().empty()) return {};
  return Error{Code::kInvalid,
               "module.no_settings",
               "module " + module.name + " has no settings",
               {{"/config", "leave it out or send {}"}}};
}

}  // namespace opsledger
