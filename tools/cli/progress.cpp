#include "tools/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace opsledger::cli {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval{100};
constexpr std::chrono::milliseconds kPipeInterval{5'000};
constexpr int kBarColumns = 24;

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      began_(Steady::now()),
      next_(began_ + (terminal_ ? kTerminalInterval : kPipeInterval)) {}

Progress::~Progress() {
  if (drawn_ && terminal_) std::fputs("\n", stderr);
}

void Progress::update(std::uint64_t done) {
  const auto now = Steady::now();
  const bool last = drawn_ && !finished_ && total_ != 0 && done >= total_;
  if (now < next_ && !last) return;
  finished_ = last;
  next_ = now + (terminal_ ? kTerminalInterval : kPipeInterval);
  drawn_ = true;
  std::fprintf(stderr, terminal_ ? "\r%s\x1b[K" : "%s\n", text(done, now).c_str());
  std::fflush(stderr);
}

std::string Progress::text(std::uint64_t done, Steady::time_point now) const {
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  char tail[128];
  if (total_ == 0) {
    std::snprintf(tail, sizeof tail, " %llu %s, %.0f/s", static_cast<unsigned long long>(done),
                  unit_.c_str(), rate);
    return label_ + tail;
  }
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
  std::snprintf(tail, sizeof tail, " %3.0f %% %llu of %llu %s, %.0f/s, %.0f s left", share * 100,
                static_cast<unsigned long long>(done), static_cast<unsigned long long>(total_),
                unit_.c_str(), rate, left);
  if (!terminal_) return label_ + tail;
  const int full = static_cast<int>(share * kBarColumns);
  return label_ + " [" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kBarColumns - full), '.') + "]" + tail;
}

}  // namespace opsledger::cli
