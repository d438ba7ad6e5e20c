// A clock that tests set.
#pragma once

#include <atomic>

#include "storage/base/clock.hpp"

namespace opsledger::testing_support {

/// Stands still unless told otherwise. Thread safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t us = 1'700'000'000'000'000) : us_(us) {}
  Time now() const override { return {us_.load()}; }
  void set(std::int64_t us) { us_ = us; }
  void advance(std::int64_t us) { us_ += us; }

 private:
  std::atomic<std::int64_t> us_;
};

}  // namespace opsledger::testing_support
