// Passwords come from the terminal or a pipe, never from the command line: it is seen by everybody
// on the machine and kept in histories.
#pragma once

#include <string>

#include "storage/base/result.hpp"

namespace opsledger::cli {

struct PasswordOptions {
  bool from_stdin = false;  ///< --password-stdin: the first line
  bool generate = false;    ///< --generate: a random one, printed once
};

struct Password {
  std::string text;
  bool generated = false;
};

/// From the terminal it is asked for twice, without echo. Errors: kInvalid `password.missing` where
/// there is neither option nor terminal, `password.differs`.
Result<Password> read_password(const PasswordOptions& options);

}  // namespace opsledger::cli
