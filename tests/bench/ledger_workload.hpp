// Measured work on a ledger: the same events as the peers' programs (about 250 bytes of JSON,
// half of it random; three tags with 100,000, 1,000 and 10 values; eight types). Prints nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/rocksdb/rocks_ledger.hpp"

namespace opsledger::bench {

NewEvent workload_event(std::uint64_t n);

struct Measured {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  double cpu_us = 0;     ///< of the whole process, per event
  double conflicts = 0;  ///< per second, of appends that were refused
};

struct AppendLoad {
  std::size_t batch = 1;
  std::size_t in_flight = 1;  ///< appends that one client has under way; 1 = append and wait
  std::size_t clients = 1;    ///< threads
  double seconds = 2;
  bool conditions = true;         ///< each append guarded by its first event's customer tag
  unsigned conflict_share = 0;    ///< percent of the appends whose condition fails
  std::uint64_t warm_events = 0;  ///< appended before, so that memory and files are warm
};

/// Durable events per second; latency is of one append, from the call to its completion. The
/// proposals are made beforehand, as the peers' programs make their events.
Measured measure_append(RocksLedger& ledger, const AppendLoad& load);
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
