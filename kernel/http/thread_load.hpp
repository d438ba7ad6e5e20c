// How busy an I/O thread is.
#pragma once

#include <atomic>
#include <cstddef>

namespace opsledger {

/// One per I/O thread. Thread safe.
struct ThreadLoad {
  bool accepts = false;              ///< it takes new connections for all; set before it starts
  std::atomic<std::size_t> open{0};  ///< its connections

  /// It has one connection and nothing else to do: whatever that waits for holds up nobody.
  bool serves_one() const { return !accepts && open.load(std::memory_order_relaxed) == 1; }
};

}  // namespace opsledger
