#include "kernel/projection/rate_window.hpp"

#include <cmath>

namespace opsledger {

void RateWindow::resume(Position position, Time now) {
  position_ = position;
  at_ = now;
}

void RateWindow::add(Position position, Time now) {
  current_.worked += now - at_;
  current_.positions += position.value - position_.value;
  position_ = position;
  at_ = now;
  if (current_.worked < kSampleInterval) return;
  samples_.push_back(current_);
  current_ = {};
  if (samples_.size() > kSamplesMax) samples_.pop_front();
}

std::uint64_t RateWindow::per_second() const {
  Sample sum;
  for (const Sample& sample : samples_) {
    sum.worked += sample.worked;
    sum.positions += sample.positions;
  }
  if (samples_.empty()) return 0;
  return static_cast<std::uint64_t>(
      std::llround(static_cast<double>(sum.positions) / sum.worked.count()));
}

}  // namespace opsledger
