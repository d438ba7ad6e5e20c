#include "kernel/plugin/plugin_library.hpp"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <fstream>

#include "kernel/plugin/abi_check.hpp"
#include "kernel/plugin/host_call.hpp"
#include "kernel/plugin/in_process_instance.hpp"
#include "kernel/plugin/library_file.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace {

namespace dll = boost::dll;

Error about(const std::filesystem::path& path, Error error) {
  error.message = path.string() + ": " + error.message;
  return error;
}

Result<Hash> hash_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return Error{Code::kNotFound, "plugin.not_found",
                 path.string() +
                     ": there is no such plugin library, or it cannot be read; check "
                     "the path and its permissions"};
  }
  Sha256 digest;
  std::vector<char> block(1 << 16);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    digest.update(BytesView(block.data(), static_cast<std::size_t>(file.gcount())));
  }
  return digest.finish();
}

// Initialised code. The mapping itself stays for ever.
class LoadedLibrary {
 public:
  LoadedLibrary(dll::shared_library library, const ops_plugin& plugin)
      : library_(std::move(library)), plugin_(plugin) {}
  ~LoadedLibrary() {
    if (initialised_) plugin_.deinit();
  }
  LoadedLibrary(const LoadedLibrary&) = delete;
  LoadedLibrary& operator=(const LoadedLibrary&) = delete;

  Status init(const std::string& name) {
    PlainCall call(name, "init");
    OPS_TRY(call.run([&](const ops_host* host) { return plugin_.init(host); }));
    initialised_ = true;
    return {};
  }
  Result<const ops_library*> describe(const std::string& name) {
    const ops_library* description = nullptr;
    PlainCall call(name, "describe");
    OPS_TRY(call.run([&](const ops_host* host) { return plugin_.describe(host, &description); }));
    if (description != nullptr) return description;
    return Error{Code::kInvalid, "plugin.description_invalid",
                 "describe returned nothing; rebuild the plugin with the SDK"};
  }

 private:
  dll::shared_library library_;
  const ops_plugin& plugin_;
  bool initialised_ = false;
};

Result<std::shared_ptr<LoadedLibrary>> open_library(const std::filesystem::path& path) {
  constexpr auto kMode = static_cast<dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  try {
    dll::shared_library library(std::filesystem::absolute(path).string(), kMode);
    if (!library.has(OPS_SYMBOL_NAME)) {
      return Error{Code::kInvalid, "plugin.no_symbol",
                   "the library exports no `" OPS_SYMBOL_NAME
                   "`; build it with opsledger_add_plugin() of the SDK"};
    }
    const auto& plugin = library.get<const ops_plugin>(OPS_SYMBOL_NAME);
    OPS_TRY(check_abi(plugin));
    return std::make_shared<LoadedLibrary>(std::move(library), plugin);
  } catch (const std::exception& thrown) {
    return Error{Code::kInvalid, "plugin.not_loadable",
                 std::string("the system's loader refuses it: ") + thrown.what() +
                     "; it must be a shared library for this machine with all it depends on"};
  }
}

Result<std::vector<std::shared_ptr<PluginInstance>>> load_hashed(const std::filesystem::path& path,
                                                                 const Hash& hash) {
  OPS_TRY(check_library_file(path));
  OPS_TRY_ASSIGN(const std::shared_ptr<LoadedLibrary> library, open_library(path));
  const std::string name = "of " + path.filename().string();
  OPS_TRY(library->init(name));
  OPS_TRY_ASSIGN(const ops_library* description, library->describe(name));
  OPS_TRY_ASSIGN(std::vector<DescribedModule> modules, read_description(*description, hash));
  std::vector<std::shared_ptr<PluginInstance>> instances;
  for (DescribedModule& module : modules) {
    instances.push_back(make_in_process_instance(library, std::move(module)));
  }
  return instances;
}

}  // namespace

Result<std::vector<std::shared_ptr<PluginInstance>>> load_plugin(
    const std::filesystem::path& path) {
  OPS_TRY_ASSIGN(const Hash hash, hash_file(path));
  auto instances = load_hashed(path, hash);
  if (!instances.ok()) return about(path, instances.error());
  return instances;
}

}  // namespace opsledger
