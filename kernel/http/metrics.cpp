#include "kernel/http/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>

#include "kernel/http/router.hpp"

namespace opsledger {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

void add_sample(const MetricSample& sample, std::map<std::string, MetricFamily>* families) {
  MetricFamily& family = (*families)[sample.name];
  const bool counter = sample.name.ends_with("_total");
  family.name = sample.name;
  family.help = sample.help;
  family.type = counter ? MetricType::Counter : MetricType::Gauge;
  ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
  (counter ? metric.counter.value : metric.gauge.value) = sample.value;
  family.metric.push_back(std::move(metric));
}

}  // namespace

/// Reads the counters of HttpMetrics into metric families.
class HttpCollector {
 public:
  explicit HttpCollector(const HttpMetrics& metrics) : metrics_(metrics) {}

  MetricFamily requests() const {
    static constexpr const char* kClasses[] = {"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"};
    MetricFamily family{
        "opsledger_http_requests_total", "Requests answered.", MetricType::Counter, {}};
    for (std::size_t route = 0; route < metrics_.routes_.size(); ++route) {
      for (std::size_t i = 1; i < 6; ++i) {
        const auto count = metrics_.routes_[route].by_class[i].load(std::memory_order_relaxed);
        if (count == 0) continue;
        ClientMetric metric;
        metric.label = labels(route);
        metric.label.push_back({"status", kClasses[i]});
        metric.counter.value = static_cast<double>(count);
        family.metric.push_back(std::move(metric));
      }
    }
    return family;
  }

  MetricFamily durations() const {
    MetricFamily family{"opsledger_http_request_seconds",
                        "From the whole request read to the answer ready.",
                        MetricType::Histogram,
                        {}};
    for (std::size_t route = 0; route < metrics_.routes_.size(); ++route) {
      ClientMetric metric = histogram(metrics_.routes_[route]);
      if (metric.histogram.sample_count == 0) continue;
      metric.label = labels(route);
      family.metric.push_back(std::move(metric));
    }
    return family;
  }

 private:
  std::vector<ClientMetric::Label> labels(std::size_t route) const {
    const auto& routes = metrics_.router_.routes();
    if (route >= routes.size()) return {{"method", "-"}, {"path", "-"}};
    return {{"method", std::string(http::to_string(routes[route].method))},
            {"path", std::string(routes[route].pattern)}};
  }

  static ClientMetric histogram(const HttpMetrics::PerRoute& from) {
    ClientMetric metric;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < from.buckets.size(); ++i) {
      count += from.buckets[i].load(std::memory_order_relaxed);
      const double bound = i < HttpMetrics::kBucketSeconds.size()
                               ? HttpMetrics::kBucketSeconds[i]
                               : std::numeric_limits<double>::infinity();
      ClientMetric::Bucket bucket;
      bucket.cumulative_count = count;
      bucket.upper_bound = bound;
      metric.histogram.bucket.push_back(bucket);
    }
    metric.histogram.sample_count = count;
    metric.histogram.sample_sum =
        static_cast<double>(from.nanoseconds.load(std::memory_order_relaxed)) / 1e9;
    return metric;
  }

  const HttpMetrics& metrics_;
};

HttpMetrics::HttpMetrics(const Router& router)
    : router_(router), routes_(router.routes().size() + 1) {}

void HttpMetrics::observe(std::size_t route, unsigned status, std::chrono::nanoseconds duration) {
  PerRoute& counters = routes_[std::min(route, routes_.size() - 1)];
  counters.by_class[std::min(status / 100, 5u)].fetch_add(1, std::memory_order_relaxed);
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto bucket = std::lower_bound(kBucketSeconds.begin(), kBucketSeconds.end(), seconds);
  counters.buckets[static_cast<std::size_t>(bucket - kBucketSeconds.begin())].fetch_add(
      1, std::memory_order_relaxed);
  counters.nanoseconds.fetch_add(static_cast<std::uint64_t>(duration.count()),
                                 std::memory_order_relaxed);
}

std::string HttpMetrics::exposition(const std::vector<MetricSample>& samples) const {
  std::map<std::string, MetricFamily> by_name;
  for (const MetricSample& sample : samples) add_sample(sample, &by_name);
  const HttpCollector collector(*this);
  std::vector<MetricFamily> families{collector.requests(), collector.durations()};
  for (auto& [name, family] : by_name) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace opsledger
