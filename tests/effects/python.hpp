// Asks Python, which shares no code with us.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing {

/// What `program` prints, given `input` on its standard input, without the last line end.
inline std::string python(const std::string& program, const std::string& input) {
  const testing_support::TemporaryDirectory directory;
  const auto script = directory.path() / "program.py";
  const auto data = directory.path() / "input";
  std::ofstream(script, std::ios::binary) << program;
  std::ofstream(data, std::ios::binary) << input;
  const auto command = "python3 " + script.string() + " < " + data.string();
  FILE* pipe = ::popen(command.c_str(), "r");
  OPS_ASSERT(pipe != nullptr);
  std::string out;
  char part[4'096];
  for (std::size_t n = 0; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) out.append(part, n);
  OPS_ASSERT(::pclose(pipe) == 0);
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace opsledger::testing
