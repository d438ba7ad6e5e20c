// Every fixed limit of the calls to the outside.
#pragma once

#include <chrono>
#include <cstddef>

namespace opsledger::effect_limits {

inline constexpr std::size_t kPendingMax = 100'000;  ///< kept in memory; more wait in the ledger
inline constexpr std::size_t kAnswerBytesMax = 64 * 1024;  ///< of an answer; the rest is not read
inline constexpr std::size_t kErrorBytesMax = 300;         ///< of an error's text in an event
inline constexpr std::size_t kRequestBytesMax = 64 * 1024;
inline constexpr std::size_t kUrlBytesMax = 2'048;
inline constexpr std::size_t kAddressBytesMax = 254;  ///< of a mail address (RFC 5321)
inline constexpr std::size_t kWecomTextBytesMax = 2'048;
inline constexpr std::size_t kChatTextBytesMax = 18'000;  ///< DingTalk and Feishu take 20 kB in all
/// Settled calls after which the runner notes in the ledger how far it has got.
inline constexpr std::size_t kNoteEvery = 1'000;
inline constexpr std::chrono::seconds kReportRetry{1};  ///< when an outcome could not be recorded

}  // namespace opsledger::effect_limits
