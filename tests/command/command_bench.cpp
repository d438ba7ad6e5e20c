// Deciding by command against plain conditional appends on the same ledger: one core's worth of
// callers, many requests on their way to the disk.
#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <thread>

#include "kernel/command/command_service.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {
namespace {

constexpr std::size_t kInFlightMax = 64;
constexpr int kAccounts = 10'000;

class WallClock : public Clock {
 public:
  Time now() const override {
    return {std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
  }
};

/// Lets at most kInFlightMax requests be unanswered, like as many keep-alive connections.
class Window {
 public:
  void take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return in_flight_ < kInFlightMax; });
    ++in_flight_;
  }
  void give() {
    std::lock_guard lock(mutex_);
    --in_flight_;
    changed_.notify_one();
  }
  void drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return in_flight_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t in_flight_ = 0;
};

struct Bed {
  Bed() {
    std::string name = (std::filesystem::temp_directory_path() / "command-bench-XXXXXX").string();
    folder = mkdtemp(name.data());
    LedgerOptions options;
    options.directory = folder;
    ledger = RocksLedger::open(options, clock).value();
    for (const auto& type : module->info().event_types) {
      if (type.owned && !schemas.ensure(*ledger, type.type, 1, type.schema).ok()) std::abort();
    }
    if (!registry.add(module).ok()) std::abort();
    service = std::make_unique<CommandService>(*ledger, registry, schemas, clock,
                                               CommandService::Limits{});
    for (int i = 0; i < kAccounts; ++i) {
      append(TestModule::opened("a" + std::to_string(i), "", 0), std::nullopt);
    }
    window.drain();
  }
  ~Bed() {
    window.drain();
    service.reset();
    ledger.reset();
    std::filesystem::remove_all(folder);
  }
  void append(Emitted emitted, std::optional<AppendCondition> condition) {
    const auto& type = module->info().event_types[emitted.type];
    NewEvent event;
    event.type = type.type;
    event.tags = std::move(emitted.tags);
    event.schema = type.schema->id();
    event.module = "wallet@1.0.0";
    event.actor = "anonymous";
    event.data = std::move(emitted.data);
    window.take();
    const auto accepted = ledger->append({{std::move(event)}, std::move(condition), {}},
                                         [this](Result<AppendOutcome>) { window.give(); });
    if (!accepted) std::abort();
  }
  void deposit(const std::string& id) {
    window.take();
    service->execute({"wallet.deposit", {{"id", id}, {"amount", 1}}, {}, {}},
                     [this](Result<CommandOutcome> r) {
                       if (!r) std::abort();
                       window.give();
                     });
  }

  std::filesystem::path folder;
  WallClock clock;
  std::shared_ptr<TestModule> module = std::make_shared<TestModule>();
  std::unique_ptr<RocksLedger> ledger;
  SchemaCatalog schemas;
  Registry registry;
  std::unique_ptr<CommandService> service;
  Window window;
};

void plain_append(benchmark::State& state) {
  Bed bed;
  int i = 0;
  for (auto _ : state) {
    const auto id = "a" + std::to_string(++i % kAccounts);
    bed.append(TestModule::moved(TestModule::kDeposited, id, 1),
               AppendCondition{{{{{"wallet.closed"}, {"wallet:" + id}}}},
                               bed.ledger->accepted().position});
  }
  bed.window.drain();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(plain_append)->UseRealTime();

void decide_by_command(benchmark::State& state) {
  Bed bed;
  const auto accounts = static_cast<int>(state.range(0));
  int i = 0;
  for (auto _ : state) bed.deposit("a" + std::to_string(++i % accounts));
  bed.window.drain();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decide_by_command)->Arg(1)->Arg(1'000)->UseRealTime();

}  // namespace
}  // namespace opsledger::testing
