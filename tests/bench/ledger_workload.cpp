#include "tests/bench/ledger_workload.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "storage/base/assert.hpp"

namespace opsledger::bench {

namespace {

constexpr std::size_t kPoolEvents = 8'192;
constexpr std::size_t kPayloadBytes = 170;  // with type, tags and the rest about 250
constexpr std::uint64_t kCustomers = 100'000, kProducts = 1'000, kRegions = 10;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double percentile(std::vector<double>& values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(q * values.size()))];
}

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// One thread that appends; all of its appends are of one size.
class Client {
 public:
  Client(RocksLedger& ledger, const AppendLoad& load, std::size_t seed)
      : ledger_(ledger), load_(load), next_(seed * 131) {
    const std::size_t events = std::max(kPoolEvents, load.batch);
    for (std::size_t n = 1; n <= events;) {
      Proposal& proposal = pool_.emplace_back();
      for (std::size_t i = 0; i < load.batch; ++i) {
        proposal.events.push_back(workload_event((seed * 131 + n++) % events + 1));
      }
    }
  }

  void run(double end_s) {
    while (now_s() < end_s) {
      const Proposal& proposal = next();
      if (load_.in_flight > 1) {
        submit(proposal);
      } else {
        const double begin = now_s();
        count(proposal, ledger_.append_and_wait(proposal), begin);
      }
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return under_way_ == 0; });
  }
  std::uint64_t events() const { return events_; }
  std::uint64_t conflicts() const { return conflicts_; }
  std::vector<double>& latencies() { return latencies_; }

 private:
  const Proposal& next() {
    Proposal& proposal = pool_[next_++ % pool_.size()];
    proposal.condition.reset();
    if (next_ % 100 < load_.conflict_share && last_.value > 0) {
      // What was decided before this client's last append, which had the tag.
      proposal.condition = {{{{{}, {last_tag_}}}}, {last_.value - 1}};
    } else if (load_.conditions) {
      proposal.condition = {{{{{}, {proposal.events[0].tags[0]}}}}, ledger_.accepted().position};
    }
    return proposal;
  }

  void submit(const Proposal& proposal) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return under_way_ < load_.in_flight; });
      ++under_way_;
    }
    const double begin = now_s();
    const auto done = [this, begin, &proposal](const Result<AppendOutcome>& outcome) {
      std::lock_guard lock(mutex_);
      count(proposal, outcome, begin);
      --under_way_;
      changed_.notify_all();
    };
    const auto accepted = ledger_.append(proposal, done);
    if (!accepted.ok()) done(accepted);
  }

  void count(const Proposal& proposal, const Result<AppendOutcome>& outcome, double begin) {
    if (!outcome.ok()) {
      OPS_ASSERT(outcome.error().code == Code::kConflict);
      ++conflicts_;
      return;
    }
    latencies_.push_back((now_s() - begin) * 1e6);
    events_ += load_.batch;
    last_ = outcome->first;
    last_tag_ = proposal.events[0].tags[0];
  }

  RocksLedger& ledger_;
  const AppendLoad load_;
  std::vector<Proposal> pool_;
  std::size_t next_;
  Position last_{};
  std::string last_tag_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t conflicts_ = 0;
  std::vector<double> latencies_;
};

std::uint64_t drain(EventCursor& cursor) {
  std::uint64_t events = 0, sum = 0;
  for (;;) {
    const auto span = cursor.next();
    OPS_ASSERT(span.ok());
    if (span->empty()) break;
    for (const EventView& event : *span) sum += static_cast<unsigned char>(event.data.back());
    events += span->size();
  }
  OPS_ASSERT(sum != 1);  // keeps the loop
  return events;
}

}  // namespace

NewEvent workload_event(std::uint64_t n) {
  static const char* const kTypes[] = {"order.placed",    "order.paid",   "order.shipped",
                                       "order.cancelled", "item.added",   "item.removed",
                                       "customer.moved",  "stock.counted"};
  std::mt19937_64 random(n * 0x2545F4914F6CDD1Dull + 17);
  NewEvent event;
  event.type = kTypes[random() % 8];
  event.tags = {"customer:" + std::to_string(random() % kCustomers),
                "product:" + std::to_string(random() % kProducts),
                "region:" + std::to_string(random() % kRegions)};
  event.data = "{\"order\":\"";
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t bits = random();
    event.data += hex(BytesView(reinterpret_cast<const char*>(&bits), sizeof bits));
  }
  event.data += "\",\"note\":\"";
  static constexpr std::string_view kText =
      "standard delivery requested by customer, leave at the door ";
  while (event.data.size() < kPayloadBytes) event.data += kText[event.data.size() % kText.size()];
  event.data += "\"}";
  return event;
}

Measured measure_append(RocksLedger& ledger, const AppendLoad& load) {
  fill(ledger, load.warm_events);
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < load.clients; ++i) {
    clients.push_back(std::make_unique<Client>(ledger, load, i));
  }
  const double begin = now_s(), cpu_begin = cpu_s();
  std::vector<std::thread> threads;
  for (auto& client : clients) {
    threads.emplace_back([&client, end = begin + load.seconds] { client->run(end); });
  }
  for (auto& thread : threads) thread.join();
  const double elapsed = now_s() - begin, cpu = cpu_s() - cpu_begin;
  std::uint64_t events = 0, conflicts = 0;
  std::vector<double> latencies;
  for (auto& client : clients) {
    events += client->events();
    conflicts += client->conflicts();
    latencies.insert(latencies.end(), client->latencies().begin(), client->latencies().end());
  }
  const auto count = static_cast<double>(events);
  return {count / elapsed, percentile(latencies, 0.5), percentile(latencies, 0.99),
          cpu * 1e6 / count, static_cast<double>(conflicts) / elapsed};
}

void fill(Ledger& ledger, std::uint64_t events) {
  constexpr std::uint64_t kBatch = 2'000;
  for (std::uint64_t n = 0; n < events; n += kBatch) {
    Proposal proposal;
    for (std::uint64_t i = n; i < std::min(events, n + kBatch); ++i) {
      proposal.events.push_back(workload_event(i + 1));
    }
    OPS_ASSERT(append_and_wait(ledger, std::move(proposal)).ok());
  }
}

Measured measure_scan(const Ledger& ledger) {
  const double begin = now_s();
  const auto cursor = ledger.read({}, {});
  OPS_ASSERT(cursor.ok());
  const std::uint64_t events = drain(**cursor);
  return {static_cast<double>(events) / (now_s() - begin)};
}

Measured measure_tag_reads(const Ledger& ledger, const std::string& key, std::uint64_t values,
                           double seconds) {
  std::mt19937_64 random(42);
  std::uint64_t events = 0;
  std::vector<double> latencies;
  const double begin = now_s();
  while (now_s() < begin + seconds) {
    const double start = now_s();
    const auto cursor = ledger.read({{{{}, {key + ":" + std::to_string(random() % values)}}}}, {});
    OPS_ASSERT(cursor.ok());
    events += drain(**cursor);
    latencies.push_back((now_s() - start) * 1e6);
  }
  return {static_cast<double>(events) / (now_s() - begin), percentile(latencies, 0.5),
          percentile(latencies, 0.99)};
}

Measured measure_gets(const Ledger& ledger, double seconds) {
  std::mt19937_64 random(42);
  const std::uint64_t last = ledger.durable().position.value;
  std::uint64_t events = 0;
  const double begin = now_s();
  while (now_s() < begin + seconds) {
    OPS_ASSERT(ledger.get({1 + random() % last}).ok());
    ++events;
  }
  return {static_cast<double>(events) / (now_s() - begin)};
}

}  // namespace opsledger::bench
