// Progress of long work on standard error: a bar on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace opsledger::cli {

/// One piece of long work. One thread. Draws at most ten times a second (a terminal) or every
/// five seconds (a file or pipe); says nothing at all for work shorter than that.
class Progress {
 public:
  /// `total` 0 = not known.
  Progress(std::string label, std::uint64_t total, std::string unit);
  /// Ends the bar's line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done);
  void set_total(std::uint64_t total) { total_ = total; }

 private:
  using Steady = std::chrono::steady_clock;
  std::string text(std::uint64_t done, Steady::time_point now) const;

  std::string label_, unit_;
  std::uint64_t total_;
  bool terminal_;
  bool drawn_ = false;
  bool finished_ = false;  ///< the line that says 100 % was printed
  Steady::time_point began_, next_;
};

}  // namespace opsledger::cli
