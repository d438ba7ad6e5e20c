// Numbers that a test takes from its environment.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace opsledger::testing_support {

inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace opsledger::testing_support
