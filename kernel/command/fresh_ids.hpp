// Fresh ids for decisions, which have no randomness of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "storage/base/types.hpp"

namespace opsledger {

/// A UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, 74 random bits.
std::string uuid_v7(Time now, std::uint64_t random_a, std::uint64_t random_b);
/// 64 bits from the operating system's generator.
std::uint64_t system_random();

}  // namespace opsledger
