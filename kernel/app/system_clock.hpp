// The real clock: the one place that reads it for the kernel.
#pragma once

#include "storage/base/clock.hpp"

namespace opsledger {

/// Wall-clock time of the machine. Thread safe.
class SystemClock final : public Clock {
 public:
  Time now() const override;
};

}  // namespace opsledger
