// Projecting with a row read and written per event, against the same gets and commits by hand on
// the same store. `events_per_second` of the two, in one run, is the ratio that counts.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <random>

#include "kernel/projection/generation_builder.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/rocksdb/rocks_table_store.hpp"
#include "tests/projection/counter_module.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing {
namespace {

constexpr std::size_t kEvents = 200'000, kKeys = 200'000, kBatch = 4'096;

/// One table, a row read and written per event.
class OneTable final : public CounterModule {
 public:
  OneTable() : CounterModule("counter", 'a', std::make_shared<CounterKnobs>()) {
    one_ = CounterModule::info();
    one_.tables.pop_back();
    one_.tables[0].indexes.clear();
  }
  const ModuleInfo& info() const override { return one_; }

 private:
  ModuleInfo one_;
};

struct Bench {
  Bench() : directory(std::filesystem::temp_directory_path() / "opsledger-projection-bench") {
    std::filesystem::remove_all(directory);
    store = open_table_store({.directory = directory}).value();
    const auto& type = module->info().event_types[0];
    static_cast<void>(schemas.ensure(ledger, type.type, 1, type.schema));
    std::mt19937_64 random(1);
    for (std::size_t i = 0; i < kEvents;) {
      Proposal proposal;
      for (int n = 0; n < 1'000; ++n, ++i) {
        auto& event = proposal.events.emplace_back();
        event.type = type.type;
        event.schema = type.schema->id();
        event.data = CounterModule::added("customer-" + std::to_string(random() % kKeys), 1);
      }
      static_cast<void>(append_and_wait(ledger, std::move(proposal)));
    }
    static_cast<void>(registry.add(module));
  }
  ~Bench() {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  std::filesystem::path directory;
  testing_support::ManualClock clock;
  MemoryLedger ledger{clock};
  SchemaCatalog schemas;
  Registry registry;
  std::shared_ptr<OneTable> module = std::make_shared<OneTable>();
  std::unique_ptr<TableStore> store;
  int generations = 0;
};

Bench& bench() {
  static Bench instance;
  return instance;
}

void project(benchmark::State& state) {
  auto& b = bench();
  for (auto _ : state) {
    auto rows = b.store->open("bench@" + std::to_string(++b.generations)).value();
    GenerationBuilder builder({b.ledger, &b.ledger, b.registry, b.schemas}, b.module, rows,
                              {TableShape::make(b.module->info().tables[0], 0).value()}, {},
                              {kBatch, std::size_t{16} << 20});
    for (auto done = builder.advance(); done.ok() && !*done;) done = builder.advance();
    OPS_ASSERT(builder.position() == b.ledger.durable().position);
  }
  state.counters["events_per_second"] = benchmark::Counter(
      static_cast<double>(kEvents * state.iterations()), benchmark::Counter::kIsRate);
}

void raw_get_put(benchmark::State& state) {
  auto& b = bench();
  for (auto _ : state) {
    auto rows = b.store->open("bench@" + std::to_string(++b.generations)).value();
    std::mt19937_64 random(1);
    std::vector<RowWrite> writes;
    for (std::uint64_t i = 1; i <= kEvents; ++i) {
      const auto key = "customer-" + std::to_string(random() % kKeys);
      benchmark::DoNotOptimize(rows->get(0, key, kHead));
      const auto row = PayloadWriter().str(key).i64(1).i64(1).bytes;
      writes.push_back({0, key, row, {i}});
      if (writes.size() < kBatch && i < kEvents) continue;
      OPS_ASSERT(rows->commit(writes, {{}, {i}, {}}).ok());
      writes.clear();
    }
  }
  state.counters["events_per_second"] = benchmark::Counter(
      static_cast<double>(kEvents * state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK(raw_get_put)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(project)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace opsledger::testing
