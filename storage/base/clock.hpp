// The clock as a dependency: only kernel/app and tools/cli hand out the real one.
#pragma once

#include "storage/base/types.hpp"

namespace opsledger {

/// Source of wall-clock time. Thread safe. May step backwards; whoever needs order takes the
/// maximum with what it saw before (the ledger does so for recorded_at).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

}  // namespace opsledger
