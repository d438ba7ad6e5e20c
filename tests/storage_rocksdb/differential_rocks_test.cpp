// Random operations on the RocksDB ledger and on the oracle tell the same story, also across
// restarts, packing and colliding hashes.
#include "storage/memory/memory_ledger.hpp"
#include "tests/storage/differential.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

std::uint64_t eight_hashes(BytesView text) {
  return text.empty() ? 0 : text.back() % 8;
}

std::string run(const LedgerSetup& setup, DifferentialOptions options) {
  ManualClock clock;
  MemoryLedger oracle(clock, {{{42}}, 4'096, setup.rules});
  RocksHarness rocks(clock, setup);
  if (const Status opened = rocks.open(); !opened.ok()) return opened.error().message;
  int rounds = 0;
  options.maintain = [&]() -> std::pair<Ledger*, MerkleLog*> {
    if (++rounds % 2 == 0) {
      rocks.ledger().wait_packed();
      return {&rocks.ledger(), &rocks.ledger()};
    }
    rocks.close();
    const Status opened = rocks.open();
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return {&rocks.ledger(), &rocks.ledger()};
  };
  options.maintain_interval = std::max<std::uint64_t>(options.operations / 12, 1);
  return run_differential(clock, oracle, oracle, rocks.ledger(), rocks.ledger(), options);
}

TEST(RocksDifferential, TellsTheOraclesStory) {
  LedgerSetup setup;
  setup.rules = differential_rules();
  EXPECT_EQ(run(setup, differential_options_from_environment()), "");
}

TEST(RocksDifferential, CollidingHashesChangeNoAnswer) {
  LedgerSetup setup;
  setup.rules = {.condition_steps_max = 100'000'000, .key_lifetime_positions = 400};
  setup.hash = eight_hashes;
  auto options = differential_options_from_environment();
  options.operations = std::min<std::uint64_t>(options.operations, 4'000);
  EXPECT_EQ(run(setup, options), "");
}

}  // namespace
}  // namespace opsledger::testing_support
