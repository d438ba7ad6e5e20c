// Random operations on the RocksDB ledger and on the oracle tell the same story, also across
// restarts, packing and colliding hashes. Ledger after ledger, each of a shape of its own:
//   OPSLEDGER_MODEL_OPS=10000000 TMPDIR=/dev/shm build/tests/model_test --gtest_filter='Model.*'
// (a directory in memory makes syncs cheap; durability is not what this looks at). With
// OPSLEDGER_SEED a run is repeated from its first ledger; a finding names the seed of its ledger.
#include <cstdlib>
#include <iostream>
#include <random>

#include "storage/memory/memory_ledger.hpp"
#include "tests/model/model_run.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"
#include "tests/support/environment.hpp"

namespace opsledger::testing_support {
namespace {

constexpr std::uint64_t kLedgerOperationsMax = 30'000;
constexpr std::uint64_t kMaintainInterval = 2'500;
constexpr std::uint64_t kReportInterval = 500'000;

std::uint64_t eight_hashes(BytesView text) {
  return text.empty() ? 0 : text.back() % 8;
}

struct Tally {
  std::uint64_t operations = 0;
  std::uint64_t ledgers = 0;
  std::uint64_t restarts = 0;
  std::uint64_t events = 0;
};

/// One fresh ledger beside a fresh oracle.
std::string run_one(const LedgerSetup& setup, ModelOptions options, Tally* tally) {
  ManualClock clock;
  MemoryLedger oracle(clock, {{{42}}, 4'096, setup.rules});
  RocksHarness rocks(clock, setup);
  rocks.options.block_cache_bytes = 8u << 20;
  if (const Status opened = rocks.open(); !opened.ok()) return opened.error().message;
  const auto subject = [&rocks] {
    return Subject{&rocks.ledger(), &rocks.ledger(),
                   [&](bool hold) { rocks.hold_durability(hold); }};
  };
  std::uint64_t rounds = 0;
  options.maintain = [&] {
    if (++rounds % 3 == 0) {
      rocks.ledger().wait_packed();
      return subject();
    }
    rocks.close();
    const Status opened = rocks.open();
    OPS_ASSERT(opened.ok());
    ++tally->restarts;
    return subject();
  };
  options.maintain_interval = kMaintainInterval;
  ModelRun run(clock, {&oracle, &oracle, [&oracle](bool hold) { oracle.hold_durability(hold); }},
               subject(), options);
  auto found = run.run();
  tally->events += oracle.durable().position.value;
  tally->operations += options.operations;
  ++tally->ledgers;
  return found;
}

LedgerSetup random_setup(std::mt19937_64& random) {
  LedgerSetup setup;
  setup.rules = model_rules();
  if (random() % 4 == 0) {
    setup.rules.condition_steps_max = 100'000'000;
    setup.hash = eight_hashes;
  }
  return setup;
}

void print(const Tally& tally, std::uint64_t seed, std::uint64_t findings) {
  std::cout << "campaign: model seed=" << seed << " rounds=" << tally.operations
            << " findings=" << findings << " ledgers=" << tally.ledgers
            << " restarts=" << tally.restarts << " events=" << tally.events << std::endl;
}

TEST(Model, RocksLedgerTellsTheOraclesStory) {
  const std::uint64_t seed = from_environment("OPSLEDGER_SEED", std::random_device()());
  const std::uint64_t operations = from_environment("OPSLEDGER_MODEL_OPS", 40'000);
  std::mt19937_64 random(seed);
  Tally tally;
  std::uint64_t reported = 0;
  for (std::uint64_t ledger_seed = seed; tally.operations < operations; ledger_seed = random()) {
    const auto setup = random_setup(random);
    const std::uint64_t size = 1'000 + random() % kLedgerOperationsMax;
    const ModelOptions options{.operations = std::min(size, operations - tally.operations),
                               .seed = ledger_seed,
                               .shape = random_shape(ledger_seed)};
    const auto found = run_one(setup, options, &tally);
    if (!found.empty()) print(tally, seed, 1);
    ASSERT_EQ(found, "") << "first seed " << seed << ", ledger " << tally.ledgers;
    if (tally.operations / kReportInterval == reported) continue;
    reported = tally.operations / kReportInterval;
    std::cout << "model: " << tally.operations << " operations so far" << std::endl;
  }
  EXPECT_GT(tally.events, operations / 10);
  print(tally, seed, 0);
}

TEST(Model, CollidingHashesChangeNoAnswer) {
  LedgerSetup setup;
  setup.rules = {.condition_steps_max = 100'000'000, .key_lifetime_positions = 400};
  setup.hash = eight_hashes;
  Tally tally;
  EXPECT_EQ(
      run_one(setup, {.operations = 3'000, .seed = from_environment("OPSLEDGER_SEED", 7)}, &tally),
      "");
}

}  // namespace
}  // namespace opsledger::testing_support
