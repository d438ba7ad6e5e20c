// Measured work on any Ledger: the same events as the peers' programs (about 250 bytes of JSON,
// half of it random; three tags with 100,000, 1,000 and 10 values; eight types). Prints nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger::bench {

NewEvent workload_event(std::uint64_t n);

struct Measured {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

struct AppendLoad {
  std::size_t batch = 1;
  std::size_t in_flight = 1;  ///< appends that one client has under way
  std::size_t clients = 1;    ///< threads
  double seconds = 2;
  bool conditions = true;  ///< each append guarded by its first event's customer tag
};

/// Durable events per second; latency is of one append, from the call to its completion.
Measured measure_append(Ledger& ledger, const AppendLoad& load);
/// Appends `events` events as fast as possible.
void fill(Ledger& ledger, std::uint64_t events);
/// Every event, decoded: events per second.
Measured measure_scan(const Ledger& ledger);
/// Events of random values of a tag (`customer`, `product`): events per second.
Measured measure_tag_reads(const Ledger& ledger, const std::string& key, std::uint64_t values,
                           double seconds);
/// Random single events.
Measured measure_gets(const Ledger& ledger, double seconds);

}  // namespace opsledger::bench
