#include "tools/cli/exit_code.hpp"

#include <cstdio>

namespace opsledger::cli {

ExitCode exit_code(Code code) {
  const int number = static_cast<int>(code);
  if (number < 40) return kRefused;
  return number < 60 ? kUnavailable : kBroken;
}

ExitCode print_error(const Error& error) {
  std::fprintf(stderr, "opsledger: %s%s%s%s\n", error.message.c_str(),
               error.reason.empty() ? "" : " [", error.reason.c_str(),
               error.reason.empty() ? "" : "]");
  for (const auto& field : error.fields) {
    std::fprintf(stderr, "  %s: %s\n", field.pointer.c_str(), field.detail.c_str());
  }
  return exit_code(error.code);
}

}  // namespace opsledger::cli
