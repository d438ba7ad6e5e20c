// A plugin library opened through its one symbol.
#pragma once

#include <opsledger/kit/host_call.hpp>

#include <dlfcn.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ops::kit {

/// Loaded once, initialised, and never unloaded. Throws std::runtime_error that says what does not
/// fit.
class PluginLibrary {
 public:
  explicit PluginLibrary(const std::string& path) : path_(path) {
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) throw std::runtime_error(std::string("cannot load: ") + dlerror());
    plugin_ = static_cast<const ops_plugin*>(dlsym(handle, OPS_SYMBOL_NAME));
    if (plugin_ == nullptr) throw std::runtime_error(path + " has no symbol " OPS_SYMBOL_NAME);
    check();
    HostCall call(Callback::kPlain);
    call.finish(plugin_->init(call.host()));
    HostCall describing(Callback::kPlain);
    describing.finish(plugin_->describe(describing.host(), &library_));
  }
  PluginLibrary(const PluginLibrary&) = delete;
  PluginLibrary& operator=(const PluginLibrary&) = delete;
  ~PluginLibrary() { plugin_->deinit(); }

  std::uint32_t module_count() const { return library_->modules.count; }
  /// Null name: the first.
  const ops_module& module(const char* name = nullptr) const {
    for (std::uint32_t i = 0; i < library_->modules.count; ++i) {
      const auto& module = ops::detail::element(
          static_cast<const ops_module*>(library_->modules.data), library_->modules.stride, i);
      if (name == nullptr || from_view(module.name) == name) return module;
    }
    throw std::runtime_error(path_ + " has no module " + name);
  }

 private:
  void check() const {
    if (std::memcmp(plugin_->magic, OPS_ABI_MAGIC, sizeof plugin_->magic) != 0) {
      throw std::runtime_error(path_ + ": the symbol is not an OpsLedger plugin");
    }
    expect("ABI version", plugin_->abi_major, OPS_ABI_MAJOR);
    expect("pointer size", plugin_->pointer_size, sizeof(void*));
  }
  void expect(const char* what, std::uint64_t found, std::uint64_t expected) const {
    if (found == expected) return;
    throw std::runtime_error(path_ + ": " + what + " is " + std::to_string(found) + ", here " +
                             std::to_string(expected) + "; build it with this SDK");
  }

  std::string path_;
  const ops_plugin* plugin_ = nullptr;
  const ops_library* library_ = nullptr;
};

}  // namespace ops::kit
