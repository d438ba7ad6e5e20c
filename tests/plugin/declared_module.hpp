// A module that only declares, for whoever needs a registry and no code behind it.
#pragma once

#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger::testing {

/// A module that only declares.
class Declared : public PluginInstance {
 public:
  explicit Declared(ModuleInfo info) : info_(std::move(info)) {}
  const ModuleInfo& info() const override { return info_; }
  Result<std::unique_ptr<ModelState>> create_state(std::uint32_t) override { return none(); }
  Status fold(std::uint32_t, ModelState&, std::span<const PluginEvent>) override { return none(); }
  Result<std::vector<std::vector<std::string>>> load_tags(std::uint32_t, std::uint32_t, BytesView,
                                                          const States&) override {
    return none();
  }
  Result<std::string> series(std::uint32_t, BytesView, const PluginEnvelope&) override {
    return none();
  }
  Result<Decision> decide(std::uint32_t, BytesView, const States&, const PluginEnvelope&) override {
    return none();
  }
  Result<std::vector<Bytes>> table_keys(std::uint32_t, std::span<const PluginEvent>) override {
    return none();
  }
  Status table_apply(std::uint32_t, std::span<const PluginEvent>, RowAccess&) override {
    return none();
  }

 private:
  static Error none() { return {Code::kInternal, "test", "declares only"}; }
  ModuleInfo info_;
};

inline std::shared_ptr<PluginInstance> declared(ModuleInfo info) {
  return std::make_shared<Declared>(std::move(info));
}

}  // namespace opsledger::testing
