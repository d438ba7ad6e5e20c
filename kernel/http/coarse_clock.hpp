// Time to the precision of one tick, read once per tick instead of once per request.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace opsledger {

/// Belongs to one I/O thread, which calls `tick`.
class CoarseClock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  CoarseClock() { tick(); }
  void tick() {
    now_ = std::chrono::steady_clock::now();
    const std::time_t seconds = std::time(nullptr);
    if (seconds == seconds_) return;
    seconds_ = seconds;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  TimePoint now() const { return now_; }
  const std::string& date() const { return date_; }  ///< value of the Date header

 private:
  TimePoint now_{};
  std::time_t seconds_ = 0;
  std::string date_;
};

}  // namespace opsledger
