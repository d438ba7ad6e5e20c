// Numbers the server keeps about itself, and their Prometheus text.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernel/http/services.hpp"

namespace opsledger {

class Router;

/// Thread safe: relaxed atomics, no lock on the request path.
class HttpMetrics {
 public:
  explicit HttpMetrics(const Router& router);

  /// `route` = Router::Match::index, or the number of routes when none matched.
  void observe(std::size_t route, unsigned status, std::chrono::nanoseconds duration);

  std::atomic<std::uint64_t> connections_total{0}, connections_refused_total{0},
      requests_refused_total{0}, stream_events_total{0}, stream_fallbacks_total{0};
  std::atomic<std::int64_t> connections{0};

  /// Prometheus text of everything here and of `samples`.
  std::string exposition(const std::vector<MetricSample>& samples) const;

 private:
  static constexpr std::array kBucketSeconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                             0.025,  0.05,    0.1,    0.5,   1.0,    5.0};
  struct PerRoute {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};  ///< index = status / 100
    std::array<std::atomic<std::uint64_t>, kBucketSeconds.size() + 1> buckets{};
    std::atomic<std::uint64_t> nanoseconds{0};
  };
  friend class HttpCollector;

  const Router& router_;
  std::vector<PerRoute> routes_;
};

}  // namespace opsledger
