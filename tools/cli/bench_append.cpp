// bench append: durable appends in process.
#include <condition_variable>
#include <mutex>

#include "kernel/app/store.hpp"
#include "kernel/app/system_clock.hpp"
#include "tools/cli/bench.hpp"

namespace opsledger::cli {
namespace {

constexpr std::size_t kInFlightEvents = 16'384;  ///< accepted and not yet durable

constexpr std::size_t kPoolEvents = 8'192;  ///< made beforehand: only the ledger is measured

Proposal make_batch(unsigned size, std::uint64_t* number) {
  Proposal proposal;
  proposal.events.reserve(size);
  for (unsigned i = 0; i < size; ++i) proposal.events.push_back(bench_event((*number)++));
  return proposal;
}

std::vector<Proposal> make_pool(unsigned batch) {
  std::vector<Proposal> pool;
  for (std::uint64_t number = 0; number < kPoolEvents;) pool.push_back(make_batch(batch, &number));
  return pool;
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
  const auto pool = make_pool(batch);
  std::vector<double> micros;
  const Stopwatch total;
  while (total.seconds() < options.seconds) {
    const Stopwatch one;
    OPS_TRY(ledger.append_and_wait(pool[micros.size() % pool.size()]));
    micros.push_back(one.seconds() * 1e6);
  }
  const auto name = "append_batch" + std::to_string(batch);
  const std::uint64_t number = micros.size() * batch;
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

}  // namespace

Status bench_append(BenchOptions options, const BenchReport& report) {
  const ScratchFolder folder(options.directory);
  const SystemClock clock;
  const auto open = [&](const std::string& name) {
    if (!options.existing) options.config.data_directory = folder.path() + "/" + name;
    return Store::open(options.config, clock, {.create = !options.existing});
  };
  for (const unsigned batch : options.batches) {
    OPS_TRY_ASSIGN(const auto store, open(std::to_string(batch)));
    OPS_TRY(append_synced(store->ledger(), options, batch, report));
  }
  OPS_TRY_ASSIGN(const auto store, open("streamed"));
  return append_streamed(store->ledger(), options, report);
}

}  // namespace opsledger::cli
