// What a library file must be before the system's loader may see it.
#pragma once

#include <filesystem>

#include "storage/base/result.hpp"

namespace opsledger {

/// Good when `path` is an ELF shared library that is as long as its own headers say. The loader
/// maps segments without looking at the length: a file cut short by a broken copy would kill the
/// process with SIGBUS. What the segments hold is left to the loader. Errors: kNotFound
/// `plugin.not_found`, kInvalid `plugin.not_loadable` naming both lengths.
Status check_library_file(const std::filesystem::path& path);

}  // namespace opsledger
