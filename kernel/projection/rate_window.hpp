// How fast a projector works, steady enough to be shown and to tell the time that is left.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "storage/base/types.hpp"

namespace opsledger {

/// Positions per second of work over the last seconds; the time spent waiting for events does not
/// count. One thread.
class RateWindow {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kSampleInterval{100};
  static constexpr std::size_t kSamplesMax = 50;

  /// Work goes on from `position` after a pause.
  void resume(Position position, Time now);
  /// Work has come to `position`.
  void add(Position position, Time now);
  /// 0 until a first sample interval has passed.
  std::uint64_t per_second() const;

 private:
  struct Sample {
    std::chrono::duration<double> worked{};
    std::uint64_t positions = 0;
  };
  Sample current_;
  std::deque<Sample> samples_;
  Position position_{};
  Time at_{};
};

}  // namespace opsledger
