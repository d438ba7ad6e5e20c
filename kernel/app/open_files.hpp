// How many files and connections this process may have open.
#pragma once

#include <spdlog/logger.h>

#include <cstddef>

namespace opsledger {

/// Raises the soft limit of open files so that `connections` and the database fit, as far as the
/// hard limit allows; warns when it does not. Once, before the server starts.
void raise_open_files(std::size_t connections, spdlog::logger& log);

}  // namespace opsledger
