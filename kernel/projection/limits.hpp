// Limits of projecting. What a plugin writes beyond them is a poison event: its projection parks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace opsledger::projection_limits {

/// Row bytes written by one batch before it is committed early.
inline constexpr std::size_t kBatchBytesMax = 8u << 20;
/// Events handed to a plugin in one call.
inline constexpr std::size_t kSpanEventsMax = 1'024;
/// Rows are prefetched while the store is asked for one per so many events, or more.
inline constexpr std::size_t kEventsPerReadMax = 16;
/// A tail this short is always scanned; a longer one is first probed for how much is listened to.
inline constexpr std::uint64_t kProbePositions = 16'384;
/// Positions read in one mode before it is chosen anew.
inline constexpr std::uint64_t kChunkPositions = 262'144;
/// Between two rounds of one projector, unless somebody waits for it: a round costs a change of
/// threads, and a client that appends alone would pay one per commit.
inline constexpr std::chrono::milliseconds kRoundInterval{1};
/// Unflushed events that are worth a flush: what a restart projects again, well under a second.
inline constexpr std::uint64_t kFlushEventsMin = 50'000;
/// Any unflushed event is flushed after this many flush intervals.
inline constexpr int kFlushIntervalsMax = 30;
/// Finished generations kept for as_shown, per module; older ones are dropped.
inline constexpr std::size_t kFinishedGenerationsMax = 8;
/// Distinct event types remembered by one projector.
inline constexpr std::size_t kTypesCachedMax = 16'384;

}  // namespace opsledger::projection_limits
