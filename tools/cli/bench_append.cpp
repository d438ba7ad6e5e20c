// bench append and bench read: the ledger in process.
#include <condition_variable>
#include <mutex>

#include "kernel/app/store.hpp"
#include "kernel/app/system_clock.hpp"
#include "tools/cli/bench.hpp"

namespace opsledger::cli {
namespace {

constexpr std::size_t kInFlightEvents = 16'384;  ///< accepted and not yet durable

Proposal make_batch(unsigned size, std::uint64_t* number) {
  Proposal proposal;
  proposal.events.reserve(size);
  for (unsigned i = 0; i < size; ++i) proposal.events.push_back(bench_event((*number)++));
  return proposal;
}

/// Counts what is under way; waits until there is room, or until all is done.
class Window {
 public:
  explicit Window(std::size_t max) : max_(max) {}
  void take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pending_ < max_; });
    ++pending_;
  }
  void give() {
    const std::lock_guard lock(mutex_);
    --pending_;
    changed_.notify_one();
  }
  void drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pending_ == 0; });
  }

 private:
  const std::size_t max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t pending_ = 0;
};

/// One caller that waits for each batch to be durable.
Status append_synced(Ledger& ledger, const BenchOptions& options, unsigned batch,
                     const BenchReport& report) {
  std::uint64_t number = 0;
  std::vector<double> micros;
  const Stopwatch total;
  while (total.seconds() < options.seconds) {
    auto proposal = make_batch(batch, &number);
    const Stopwatch one;
    OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
    static_cast<void>(outcome);
    micros.push_back(one.seconds() * 1e6);
  }
  const auto name = "append_batch" + std::to_string(batch);
  report.add(name, static_cast<double>(number) / total.seconds(), "events/s");
  report.add(name + "_p50", quantile(&micros, 0.5), "us");
  report.add(name + "_p99", quantile(&micros, 0.99), "us");
  return {};
}

/// One caller that does not wait: what the committer's grouping gives.
Status append_streamed(Ledger& ledger, const BenchOptions& options, const BenchReport& report) {
  Window window(kInFlightEvents / 4);
  std::uint64_t number = 0;
  const Stopwatch total;
  while (total.seconds() < options.seconds) {
    window.take();
    const auto accepted =
        ledger.append(make_batch(1, &number), [&](const Result<AppendOutcome>&) { window.give(); });
    if (accepted) continue;
    window.give();
    window.drain();
    if (accepted.error().code != Code::kOverloaded) return accepted.error();
  }
  window.drain();
  report.add("append_batch1_streamed", static_cast<double>(number) / total.seconds(), "events/s");
  return {};
}

Status fill(Ledger& ledger, std::uint64_t events) {
  constexpr unsigned kBatch = 1'024;
  Window window(8);
  std::uint64_t number = 0;
  while (number < events) {
    window.take();
    const auto accepted = ledger.append(make_batch(kBatch, &number),
                                        [&](const Result<AppendOutcome>&) { window.give(); });
    if (!accepted) {
      window.give();
      window.drain();
      return accepted.error();
    }
  }
  window.drain();
  return {};
}

Result<std::uint64_t> count(const Ledger& ledger, const Query& query) {
  std::uint64_t events = 0;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, {}));
  for (;;) {
    OPS_TRY_ASSIGN(const auto span, cursor->next());
    if (span.empty()) return events;
    events += span.size();
  }
}

Status measure_queries(const Ledger& ledger, const BenchOptions& options, const char* name,
                       const std::string& key, std::uint64_t values, const BenchReport& report) {
  std::uint64_t queries = 0, events = 0;
  const Stopwatch watch;
  while (watch.seconds() < options.seconds) {
    const auto value = std::to_string((queries * 7919) % values);
    OPS_TRY_ASSIGN(const auto found, count(ledger, {{{{}, {key + ":" + value}}}}));
    events += found;
    ++queries;
  }
  const double seconds = watch.seconds();
  report.add(std::string(name) + "_queries", static_cast<double>(queries) / seconds, "queries/s");
  report.add(name, static_cast<double>(events) / seconds, "events/s");
  return {};
}

}  // namespace

Status bench_append(BenchOptions options, const BenchReport& report) {
  const ScratchFolder folder(options.directory);
  const SystemClock clock;
  for (const unsigned batch : options.batches) {
    options.config.data_directory = folder.path() + "/" + std::to_string(batch);
    OPS_TRY_ASSIGN(const auto store, Store::open(options.config, clock, {.create = true}));
    OPS_TRY(append_synced(store->ledger(), options, batch, report));
  }
  options.config.data_directory = folder.path() + "/streamed";
  OPS_TRY_ASSIGN(const auto store, Store::open(options.config, clock, {.create = true}));
  return append_streamed(store->ledger(), options, report);
}

Status bench_read(BenchOptions options, const BenchReport& report) {
  const ScratchFolder folder(options.directory);
  const SystemClock clock;
  options.config.data_directory = folder.path() + "/data";
  OPS_TRY_ASSIGN(const auto store, Store::open(options.config, clock, {.create = true}));
  auto& ledger = store->ledger();
  OPS_TRY(fill(ledger, options.events));
  std::uint64_t scanned = 0;
  const Stopwatch watch;
  do {
    OPS_TRY_ASSIGN(const auto events, count(ledger, {}));
    scanned += events;
  } while (watch.seconds() < options.seconds);
  report.add("read_scan", static_cast<double>(scanned) / watch.seconds(), "events/s");
  OPS_TRY(measure_queries(ledger, options, "read_tag_small", "customer", 100'000, report));
  return measure_queries(ledger, options, "read_tag_large", "product", 1'000, report);
}

}  // namespace opsledger::cli
