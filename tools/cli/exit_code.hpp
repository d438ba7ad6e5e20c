// How a Result becomes the process's exit code and words on standard error.
#pragma once

#include "storage/base/result.hpp"

namespace opsledger::cli {

/// Exit codes of every command (`verify` alone gives 1 and 2 a narrower meaning: evidence of
/// tampering, could not check).
enum ExitCode : int {
  kSuccess = 0,
  kRefused = 1,      ///< the request was wrong or refused: change it
  kUnavailable = 2,  ///< not now: locked, overloaded, not reachable
  kBroken = 3,       ///< corruption, disk failure, a plugin that misbehaves
  kUsage = 64,       ///< the command line itself is wrong
};

ExitCode exit_code(Code code);

/// Prints `opsledger: <message>` and each field error to standard error; returns the exit code.
ExitCode print_error(const Error& error);

}  // namespace opsledger::cli
