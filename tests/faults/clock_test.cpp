// The clock jumps back: recorded times never do, and nothing stops.
#include <algorithm>

#include "kernel/app/node.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/promises.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {
namespace {

constexpr std::int64_t kHourUs = 3'600'000'000;

Proposal filler(std::uint64_t number) {
  Proposal proposal;
  proposal.events.push_back(filler_event({1, number}, 0));
  return labelled({1, number}, std::move(proposal));
}

/// Recorded times of all events, in order.
std::vector<Time> recorded_times(const Ledger& ledger) {
  std::vector<Time> times;
  const auto cursor = ledger.read({}, {});
  EXPECT_TRUE(cursor.ok());
  for (;;) {
    const auto events = (*cursor)->next();
    EXPECT_TRUE(events.ok());
    if (!events.ok() || events->empty()) return times;
    for (const EventView& event : *events) times.push_back(event.recorded_at);
  }
}

TEST(ClockJumpsBack, RecordedTimesOfTheLedgerNeverGoBack) {
  RoundDirectory directory;
  ManualClock clock;
  const Time start = clock.now();
  LedgerOptions options;
  options.directory = directory.path() / "data";
  options.disk_free_bytes_min = 0;
  for (std::uint64_t number = 1; number <= 4; ++number) {  // over restarts, too
    const auto ledger = RocksLedger::open(options, clock);
    ASSERT_TRUE(ledger.ok()) << ledger.error().message;
    ASSERT_TRUE(append_and_wait(**ledger, filler(2 * number)).ok());
    clock.advance(-kHourUs);
    const auto outcome = append_and_wait(**ledger, filler(2 * number + 1));
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->recorded_at, start);
    EXPECT_EQ(position_at(**ledger, start).value(), outcome->last);
  }
  const auto ledger = RocksLedger::open(options, clock);
  ASSERT_TRUE(ledger.ok());
  clock.set(start.us + 1);
  ASSERT_TRUE(append_and_wait(**ledger, filler(100)).ok());
  const auto times = recorded_times(**ledger);
  EXPECT_EQ(times.size(), 9u);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_EQ(times.back().us, start.us + 1);
}

TEST(ClockJumpsBack, NodeOpensServesAndStaysReady) {
  RoundDirectory directory;
  ManualClock clock;
  Config config;
  config.data_directory = (directory.path() / "data").string();
  config.storage.disk_free_bytes_min = 0;
  Store::Options options;
  options.create = true;
  options.warn = [](std::string_view text) { ADD_FAILURE() << text; };
  for (std::uint64_t round = 0; round < 3; ++round) {
    auto node = Node::open(config, clock, options);
    ASSERT_TRUE(node.ok()) << node.error().message;
    ASSERT_TRUE((*node)->start_projections().ok());
    for (std::uint64_t number = 1; number <= 5; ++number) {
      clock.advance(-kHourUs);
      ASSERT_TRUE(append_and_wait((*node)->ledger(), filler(round * 10 + number)).ok());
    }
    EXPECT_EQ((*node)->not_ready_reasons(), std::vector<std::string>());
    const auto times = recorded_times((*node)->ledger());
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  }
}

}  // namespace
}  // namespace opsledger::testing_support
