// Packing changes where records stand and nothing else.
#include <chrono>
#include <map>
#include <thread>

#include "storage/rocksdb/ledger_db.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

/// Everything that readers can see, as text.
std::string everything(RocksLedger& ledger) {
  std::string seen = hex(ledger.durable().root.bytes);
  const std::vector<Query> queries = {
      {}, query_of({{{}, {"task:1"}}}), query_of({{{"task.b"}, {}}})};
  for (const Query& query : queries) {
    for (const auto direction : {Direction::kForward, Direction::kBackward}) {
      const auto cursor = ledger.read(query, {.direction = direction});
      EXPECT_TRUE(cursor.ok());
      for (;;) {
        const auto events = (*cursor)->next();
        EXPECT_TRUE(events.ok());
        if (!events.ok() || events->empty()) break;
        for (const EventView& event : *events) seen.append(event.encoded);
      }
    }
  }
  for (std::uint64_t p = 1; p <= ledger.durable().position.value; p += 7) {
    seen.append((*ledger.get({p}))->encoded);
  }
  return seen;
}

/// Chunks of the closed ledger: first position and count.
std::map<std::uint64_t, std::uint32_t> chunks(const std::filesystem::path& data) {
  const auto db = rocks::LedgerDb::open({.directory = data / "ledger", .read_only = true});
  EXPECT_TRUE(db.ok());
  std::map<std::uint64_t, std::uint32_t> found;
  std::unique_ptr<rocksdb::Iterator> it(
      (*db)->db().NewIterator({}, (*db)->family(rocks::Family::kLog)));
  for (it->Seek(log_key({1})); it->Valid(); it->Next()) {
    found[parse_log_key(rocks::view(it->key()))->value] =
        LogChunkView::parse(rocks::view(it->value()))->count();
  }
  return found;
}

class RocksPacker : public testing::Test {
 protected:
  void append_some() {
    for (int i = 0; i < 60; ++i) {
      Proposal proposal;
      for (int n = 0; n <= i % 9; ++n) {
        proposal.events.push_back(new_event(n % 2 ? "task.b" : "task.a",
                                            {"task:" + std::to_string(i % 3)}, Bytes(n * 20, 'x')));
      }
      ASSERT_TRUE(append_and_wait(rocks_.ledger(), std::move(proposal)).ok());
    }
  }
  void reopen(bool pack) {
    rocks_.close();
    rocks_.options.pack = pack;
    const Status opened = rocks_.open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
  }

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
};

TEST_F(RocksPacker, PacksAFewRunsWithoutBeingAsked) {
  reopen(true);
  append_some();
  const std::uint64_t full = rocks_.ledger().durable().position.value / 64 * 64;
  ASSERT_GT(full, 0u);
  for (int tenths = 0; tenths < 300 && rocks_.ledger().stats().packed_upto < full; ++tenths) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(rocks_.ledger().stats().packed_upto, full);
}

TEST_F(RocksPacker, ReadsAndRootAreTheSameBeforeAndAfter) {
  reopen(false);
  append_some();
  const std::string before = everything(rocks_.ledger());
  rocks_.close();
  const auto small = chunks(rocks_.data());
  EXPECT_GT(small.size(), 40u);
  reopen(true);
  rocks_.ledger().wait_packed();
  EXPECT_EQ(everything(rocks_.ledger()), before);
  reopen(true);
  EXPECT_EQ(everything(rocks_.ledger()), before);
  rocks_.close();
  for (const auto& [first, count] : chunks(rocks_.data())) {
    if (first + rocks::kRunEvents > 289) continue;  // the last run is not full
    EXPECT_EQ(first % rocks::kRunEvents, 1u);
    EXPECT_EQ(count, rocks::kRunEvents);
  }
}

TEST_F(RocksPacker, GoesOnWhereItStoppedAfterARestart) {
  reopen(true);
  append_some();
  rocks_.ledger().wait_packed();
  const std::uint64_t packed = rocks_.ledger().stats().packed_upto;
  EXPECT_GE(packed, 2 * rocks::kRunEvents);
  reopen(true);
  EXPECT_GE(rocks_.ledger().stats().packed_upto, packed);
  append_some();
  rocks_.ledger().wait_packed();
  EXPECT_GE(rocks_.ledger().stats().packed_upto, 2 * packed - rocks::kRunEvents);
}

TEST_F(RocksPacker, CursorOpenedBeforePackingReadsOn) {
  reopen(false);
  append_some();
  const std::uint64_t last = rocks_.ledger().durable().position.value;
  reopen(true);
  const auto cursor = rocks_.ledger().read({}, {});
  ASSERT_TRUE(cursor.ok());
  std::uint64_t seen = (*cursor)->next()->size();
  rocks_.ledger().wait_packed();
  for (;;) {
    const auto events = (*cursor)->next();
    ASSERT_TRUE(events.ok());
    if (events->empty()) break;
    for (const EventView& event : *events) EXPECT_EQ(event.position.value, ++seen);
  }
  EXPECT_EQ(seen, last);
}

}  // namespace
}  // namespace opsledger::testing_support
