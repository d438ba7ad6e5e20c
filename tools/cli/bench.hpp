// The four benchmarks; `bench_command.cpp` gives them their options.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/app/configuration.hpp"
#include "tools/cli/bench_events.hpp"

namespace opsledger::cli {

struct BenchOptions {
  Config config;  ///< data_directory is replaced by a scratch folder
  std::string directory = "/var/tmp";
  double seconds = 3;              ///< per measurement
  std::uint64_t events = 500'000;  ///< read and replay
  std::vector<unsigned> batches = {1, 256, 4096};
  std::vector<unsigned> connections = {1, 8, 64};
  unsigned events_per_request = 1;
};

/// Durable appends in this process, one caller that keeps the queue filled.
Status bench_append(BenchOptions options, const BenchReport& report);
/// Scans and tag queries over `events` events.
Status bench_read(BenchOptions options, const BenchReport& report);
/// Every event through the plugin `order`: typed fold of a model, and projection of its tables.
Status bench_replay(BenchOptions options, const BenchReport& report);
/// Appends over loopback HTTP with keep-alive connections.
Status bench_http(BenchOptions options, const BenchReport& report);

}  // namespace opsledger::cli
