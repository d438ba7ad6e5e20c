// Log lines on standard error: text for people, JSON lines for collectors.
#pragma once

#include <spdlog/logger.h>

#include <memory>

#include "kernel/app/configuration.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// A thread-safe logger. JSON lines are {"time","level","message"}, each valid JSON whatever the
/// message holds. Errors: kInvalid `config.invalid` for an unknown format or level.
Result<std::shared_ptr<spdlog::logger>> make_logger(const LogConfig& config);

}  // namespace opsledger
