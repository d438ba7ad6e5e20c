// What the benchmarks append, and how they report.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/api/event.hpp"

namespace opsledger::cli {

/// About 250 bytes of JSON, half of it random, three tags (100k, 1k and 10 values), eight types:
/// the event that other stores were measured with. The same for the same number.
NewEvent bench_event(std::uint64_t number);
/// Event `number` of a big history: besides, some have tags that are rare, or rare together.
///   audit:flagged             one in 1,000,000
///   shelf:a, carrier:b        one in 100 each, never together, except with audit:flagged
///   shelf:c, carrier:d        one in 10,000 and one in 100, together one in 1,000,000
NewEvent bench_history_event(std::uint64_t number, std::uint64_t seed);
/// bench_event as an element of a POST /v1/events body.
std::string bench_event_json(std::uint64_t number);

/// Prints `name: value unit`, or {"name","value","unit"}.
class BenchReport {
 public:
  explicit BenchReport(bool json) : json_(json) {}
  void add(const std::string& name, double value, const char* unit) const;

 private:
  bool json_;
};

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// The `share` (0..1) quantile; sorts. 0 when empty.
double quantile(std::vector<double>* values, double share);

/// A new folder below `parent`, removed with everything in it.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& parent);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace opsledger::cli
