// What the command path counts; CommandService::Metrics is a snapshot of it.
#pragma once

#include <atomic>
#include <cstdint>

namespace opsledger {

struct CommandCounters {
  std::atomic<std::uint64_t> accepted{0}, rejected{0}, failed{0}, replayed{0}, conflicts{0},
      decides{0}, folded_events{0}, cache_hits{0}, cache_misses{0};
};

inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
  counter.fetch_add(by, std::memory_order_relaxed);
}

}  // namespace opsledger
