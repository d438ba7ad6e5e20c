#include "kernel/app/plugin_folder.hpp"

#include <algorithm>

namespace opsledger {
namespace fs = std::filesystem;

Result<fs::path> find_plugin_folder(const std::string& configured) {
  std::error_code failed;
  if (!configured.empty()) {
    if (fs::is_directory(configured, failed)) return fs::path(configured);
    return Error{
        Code::kInvalid, "plugins.directory",
        "plugin folder '" + configured + "' is no folder; correct --plugins or plugins.directory"};
  }
  const auto program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return fs::path();
  const auto lib = program.parent_path().parent_path() / "lib";
  for (const auto& folder : {lib / "opsledger/plugins", lib / "x86_64-linux-gnu/opsledger/plugins",
                             lib / "aarch64-linux-gnu/opsledger/plugins"}) {
    if (fs::is_directory(folder, failed)) return folder;
  }
  return fs::path();
}

std::vector<fs::path> plugin_libraries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failed;
  if (folder.empty()) return found;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".so" && entry.is_regular_file(failed)) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace opsledger
