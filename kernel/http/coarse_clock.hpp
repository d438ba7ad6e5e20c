// Time to the precision of one tick, read once per tick instead of once per request.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

#include "storage/base/clock.hpp"

namespace opsledger {

/// Belongs to one I/O thread, which calls `tick`. Without a wall clock there is no date.
class CoarseClock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit CoarseClock(const Clock* wall) : wall_(wall) { tick(); }
  void tick() {
    now_ = std::chrono::steady_clock::now();
    const std::time_t seconds = wall_ ? wall_->now().us / 1'000'000 : 0;
    if (seconds == seconds_) return;
    seconds_ = seconds;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  TimePoint now() const { return now_; }
  const std::string& date() const { return date_; }  ///< of the Date header, or empty

 private:
  const Clock* wall_;
  TimePoint now_{};
  std::time_t seconds_ = 0;
  std::string date_;
};

}  // namespace opsledger
