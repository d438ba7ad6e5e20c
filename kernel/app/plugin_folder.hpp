// Where plugin libraries lie and which there are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// The configured folder, or, when `configured` is empty, the first that exists of
/// `<program>/../lib/opsledger/plugins` and `<program>/../lib/<multiarch>/opsledger/plugins`.
/// Empty when there is none. Errors: kInvalid `plugins.directory` when the configured one is none.
Result<std::filesystem::path> find_plugin_folder(const std::string& configured);

/// All `*.so` in `folder`, sorted by name, so that every start loads in the same order.
std::vector<std::filesystem::path> plugin_libraries(const std::filesystem::path& folder);

}  // namespace opsledger
