// libFuzzer's entry; built once per target, with the target's name in OPS_FUZZ_TARGET.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  opsledger::fuzz::OPS_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
