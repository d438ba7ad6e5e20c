// The child of the trial: loads the library and answers frames until the socket closes.
#pragma once

#include <string>

namespace trial {

/// Returns the exit code: 0 when the parent closed the socket, 1 when the library does not load.
int serve(int socket, const std::string& path, const std::string& module);

}  // namespace trial
