// Limits of rules.
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::rule_limits {

inline constexpr unsigned kCommandsPerTriggerMax = 50;  ///< of one rule on one event
inline constexpr std::size_t kTemplatesMax = 16;        ///< commands that one rule lists
inline constexpr std::size_t kRulesMax = 1'000;
inline constexpr std::size_t kDefinitionBytesMax = 32'768;  ///< fits an event with its envelope
inline constexpr std::size_t kDryRunListedMax = 200;        ///< firings that a dry run lists
inline constexpr std::uint64_t kDryRunEventsMax = 1'000'000;
inline constexpr unsigned kTriesMax = 5;  ///< of an append that met another

}  // namespace opsledger::rule_limits
