// The benchmarks; `bench_command.cpp` gives them their options.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/app/configuration.hpp"
#include "tools/cli/bench_events.hpp"

namespace opsledger::cli {

struct BenchOptions {
  Config config;  ///< data_directory is replaced by a scratch folder, except as `existing` says
  std::string directory = "/var/tmp";
  bool existing = false;           ///< append and read: use the ledger in config.data_directory
  double seconds = 3;              ///< per measurement
  std::uint64_t events = 500'000;  ///< read and replay
  std::vector<unsigned> batches = {1, 256, 4096};
  std::vector<unsigned> connections = {1, 8, 64};
  unsigned events_per_request = 1;
  unsigned subscribers = 100;  ///< stream
  unsigned rate = 10'000;      ///< stream: events/s
  std::uint64_t seed = 0;      ///< fill
};

/// Durable appends in this process, one caller that keeps the queue filled.
Status bench_append(BenchOptions options, const BenchReport& report);
/// Makes a ledger of `events` events in config.data_directory by a bulk load. The same number and
/// seed give the same events.
Status bench_fill(BenchOptions options, const BenchReport& report);
/// Scans, single events and queries over `events` events, or over what bench_fill made.
Status bench_read(BenchOptions options, const BenchReport& report);
/// Every event through the plugin `order`: typed fold of a model, and projection of its tables.
Status bench_replay(BenchOptions options, const BenchReport& report);
/// Appends over loopback HTTP with keep-alive connections.
Status bench_http(BenchOptions options, const BenchReport& report);
/// From when an event was due until each of many live streams has it.
Status bench_stream(BenchOptions options, const BenchReport& report);

}  // namespace opsledger::cli
