// crash_child DIR SEED: opens the ledger and appends under load until it is killed. Each line on
// standard output is an acknowledgement: "<position> <counter> <value>".
//
// Threads compete for counters: an append that sets a counter to v+1 is guarded by "no event of
// this counter after the one that set v". So after any crash every counter counts 1, 2, 3, …
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <thread>

#include "storage/rocksdb/rocks_ledger.hpp"

namespace opsledger {
namespace {

constexpr int kThreads = 4;
constexpr int kCounters = 3;
constexpr std::size_t kPaddingBytesMax = 2'000;

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return {std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
  }
};

struct Counter {
  Position position{};
  long value = 0;
};

Query of_counter(int counter) {
  return {{{{"counter.set"}, {"counter:" + std::to_string(counter)}}}};
}

/// The counter as accepted so far.
Result<Counter> read_counter(const Ledger& ledger, int counter) {
  OPS_TRY_ASSIGN(const auto cursor,
                 ledger.read(of_counter(counter),
                             {.limit = 1, .direction = Direction::kBackward, .accepted = true}));
  OPS_TRY_ASSIGN(const auto events, cursor->next());
  if (events.empty()) return Counter{};
  return Counter{events[0].position, std::stol(std::string(events[0].data))};
}

NewEvent filler(std::mt19937_64& random) {
  NewEvent event;
  event.type = "filler.made";
  event.tags = {"filler:" + std::to_string(random() % 50)};
  event.data = "\"" + std::string(random() % kPaddingBytesMax, 'f') + "\"";
  return event;
}

Proposal next_value(const Counter& counter, int number, std::mt19937_64& random) {
  Proposal proposal;
  NewEvent event;
  event.type = "counter.set";
  event.tags = {"counter:" + std::to_string(number)};
  event.data = std::to_string(counter.value + 1);
  proposal.events.push_back(event);
  const std::uint64_t fillers = random() % 10 == 0 ? random() % 200 : random() % 3;
  for (std::uint64_t i = 0; i < fillers; ++i) proposal.events.push_back(filler(random));
  proposal.condition = {of_counter(number), counter.position};
  return proposal;
}

void acknowledge(Position position, int counter, long value) {
  char line[80];
  const int size = std::snprintf(line, sizeof line, "%llu %d %ld\n",
                                 static_cast<unsigned long long>(position.value), counter, value);
  OPS_ASSERT(::write(STDOUT_FILENO, line, static_cast<std::size_t>(size)) == size);
}

void append_for_ever(Ledger& ledger, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (;;) {
    const int number = static_cast<int>(random() % kCounters);
    const auto counter = read_counter(ledger, number);
    if (!counter.ok()) std::exit(3);
    const long value = counter->value + 1;
    // Not waited for: the next append meets this one in the unsynced tail.
    const auto accepted = ledger.append(next_value(*counter, number, random),
                                        [number, value](const Result<AppendOutcome>& done) {
                                          if (done.ok()) acknowledge(done->first, number, value);
                                        });
    if (accepted.ok() || accepted.error().code == Code::kConflict) continue;
    if (accepted.error().code != Code::kOverloaded) std::exit(4);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

int run(const char* directory, std::uint64_t seed) {
  const SystemClock clock;
  LedgerOptions options;
  options.directory = directory;
  options.pending_proposals_max = 64;
  auto ledger = RocksLedger::open(options, clock);
  if (!ledger.ok()) {
    std::fprintf(stderr, "%s\n", ledger.error().message.c_str());
    return 2;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&ledger, seed, i] { append_for_ever(**ledger, seed * 31 + i); });
  }
  for (auto& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace opsledger

int main(int count, char** values) {
  if (count != 3) return 1;
  return opsledger::run(values[1], std::stoull(values[2]));
}
