// What the host takes from a plugin at most, beside the limits of sdk/include/opsledger/abi.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::plugin_limits {

inline constexpr std::uint32_t kModulesMax = 64;         ///< of one library
inline constexpr std::uint32_t kDescriptorsMax = 1'024;  ///< of one kind in one module
inline constexpr std::size_t kTextBytesMax = 65'536;     ///< any text in a description
inline constexpr std::size_t kMessageBytesMax = 4'096;   ///< fail, warn, reject: longer is cut
inline constexpr std::size_t kWarningsMax = 100;
inline constexpr std::size_t kRowBytesMax = 1 << 20;
inline constexpr std::size_t kReplyBytesMax = 1 << 20;
inline constexpr std::size_t kTimersMax = 1'000;  ///< changed by one decision
inline constexpr std::size_t kLookupsMax = 100;   ///< of one decision
inline constexpr std::size_t kTimerIdBytesMax = 120;
inline constexpr std::size_t kSentMax = 10'000;  ///< commands of one react
inline constexpr std::uint32_t kIdsMax = 64;
inline constexpr std::uint32_t kNumberWidthMax = 18;

}  // namespace opsledger::plugin_limits
