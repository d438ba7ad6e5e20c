// Seeds of random tests: printed, and accepted from OPSLEDGER_TEST_SEED.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

inline std::uint64_t test_seed() {
  const char* given = std::getenv("OPSLEDGER_TEST_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "OPSLEDGER_TEST_SEED=" << seed << "\n";
  return seed;
}
