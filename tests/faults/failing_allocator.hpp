// Memory that runs out on demand: the nth allocation of this thread throws.
#pragma once

#include <cstdint>

namespace opsledger::testing_support {

/// While it lives, the `nth` allocation (from 1) of this thread, and every later one when `stays`,
/// throws std::bad_alloc. Allocations of other threads are left alone.
class AllocationFault {
 public:
  AllocationFault(std::uint64_t nth, bool stays);
  ~AllocationFault();
  AllocationFault(const AllocationFault&) = delete;
  AllocationFault& operator=(const AllocationFault&) = delete;
  bool fired() const;
};

/// What this thread allocated and nobody freed on it since; may be negative.
std::int64_t live_allocations();

}  // namespace opsledger::testing_support
