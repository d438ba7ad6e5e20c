// A bulk load makes the ledger that normal appends make, all at once or not at all.
#include "storage/rocksdb/bulk_load.hpp"

#include <cstdlib>
#include <random>

#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/verify.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

using Append = std::vector<NewEvent>;

std::uint64_t seed_of_run() {
  const char* text = std::getenv("OPSLEDGER_SEED");
  const std::uint64_t seed = text != nullptr ? std::stoull(text) : std::random_device()();
  std::printf("OPSLEDGER_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

/// Tags of very different frequency, some twice on one event, some on none.
NewEvent random_event(std::mt19937_64& random) {
  std::vector<std::string> tags;
  if (random() % 8 != 0) tags.push_back("region:" + std::to_string(random() % 3));
  if (random() % 2 != 0) tags.push_back("task:" + std::to_string(random() % 200));
  if (random() % 400 == 0) tags.push_back("rare:" + std::to_string(random() % 4));
  if (random() % 50 == 0) tags.push_back("region:0");
  NewEvent event = new_event("task." + std::string(1, static_cast<char>('a' + random() % 5)),
                             std::move(tags), Bytes(random() % 300, 'x'));
  if (random() % 3 == 0) event.time = Time{static_cast<std::int64_t>(random() % 1'000'000)};
  if (random() % 5 == 0) event.metadata = {{"reason", "because"}};
  return event;
}

/// Appends of random sizes, `events` in all.
std::vector<Append> random_history(std::uint64_t events, std::mt19937_64& random) {
  std::vector<Append> history;
  for (std::uint64_t made = 0; made < events;) {
    const std::uint64_t sizes[] = {1, 1 + random() % 5, 64, 1 + random() % 300};
    const std::uint64_t size = std::min(sizes[random() % 4], events - made);
    auto& append = history.emplace_back();
    for (std::uint64_t i = 0; i < size; ++i) append.push_back(random_event(random));
    made += size;
  }
  return history;
}

Time time_of(std::size_t append) {
  return {static_cast<std::int64_t>(1'000'000 + append / 3 * 10)};
}

class RocksBulkLoad : public testing::Test {
 protected:
  RocksBulkLoad() {
    loaded_.options.pack = appended_.options.pack = true;
    bulk_.directory = loaded_.data();
  }

  /// One history, by normal appends and by a bulk load.
  void make_both(const std::vector<Append>& history) {
    ASSERT_TRUE(appended_.open().ok());
    append_to(appended_.ledger(), history, 0);
    load(history);
    ASSERT_TRUE(loaded_.open().ok());
  }
  void append_to(Ledger& ledger, const std::vector<Append>& history, std::size_t first) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      clock_.set(time_of(first + i).us);
      ASSERT_TRUE(append_and_wait(ledger, {history[i], {}, {}}).ok());
    }
  }
  void load(const std::vector<Append>& history) {
    const auto load = begin_bulk_load(bulk_, clock_);
    ASSERT_TRUE(load.ok()) << load.error().message;
    std::uint64_t events = 0;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const auto outcome = (*load)->append(history[i], time_of(i));
      ASSERT_TRUE(outcome.ok()) << outcome.error().message;
      EXPECT_EQ(outcome->first.value, events + 1);
      events += history[i].size();
    }
    const auto head = (*load)->finish();
    ASSERT_TRUE(head.ok()) << head.error().message;
    EXPECT_EQ(head->position.value, events);
    EXPECT_FALSE(fs::exists(bulk_.directory / "bulk.tmp" / "log-0.sst"));
  }

  static std::string read_all(const Ledger& ledger, const Query& query, Direction direction) {
    const auto cursor = ledger.read(query, {.direction = direction});
    EXPECT_TRUE(cursor.ok());
    std::string seen;
    for (;;) {
      const auto events = (*cursor)->next();
      EXPECT_TRUE(events.ok()) << (events.ok() ? "" : events.error().message);
      if (!events.ok() || events->empty()) return seen;
      for (const EventView& event : *events) seen.append(event.encoded);
    }
  }
  void expect_same() {
    RocksLedger &a = appended_.ledger(), &b = loaded_.ledger();
    const TreeHead head = a.durable();
    EXPECT_EQ(b.durable().position, head.position);
    EXPECT_EQ(b.durable().root, head.root);
    EXPECT_EQ(b.durable().recorded_at, head.recorded_at);
    const std::vector<Query> queries = {
        {},
        query_of({{{}, {"region:0"}}}),
        query_of({{{}, {"region:1", "task:7"}}}),
        query_of({{{}, {"rare:2"}}}),
        query_of({{{"task.b"}, {}}}),
        query_of({{{"task.a", "task.e"}, {"region:2"}}, {{}, {"task:9"}}}),
        query_of({{{}, {"nothing:here"}}})};
    for (const Query& query : queries) {
      for (const auto direction : {Direction::kForward, Direction::kBackward}) {
        EXPECT_EQ(read_all(a, query, direction), read_all(b, query, direction));
      }
    }
    for (std::uint64_t p = 1; p <= head.position.value; p += 1 + p % 37) {
      EXPECT_EQ((*a.get({p}))->encoded, (*b.get({p}))->encoded);
      EXPECT_EQ(*a.root(p), *b.root(p));
    }
    for (std::uint64_t tile = 0; tile < head.position.value / 256; ++tile) {
      EXPECT_EQ(*a.tile(0, tile, 256), *b.tile(0, tile, 256));
    }
  }
  void expect_good(RocksHarness& rocks) {
    rocks.close();
    const auto report = verify_ledger({.directory = rocks.data(), .tag_hash = bulk_.tag_hash});
    EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.message;
  }
  void expect_empty() {
    ASSERT_TRUE(loaded_.open().ok());
    EXPECT_EQ(loaded_.ledger().durable().position.value, 0u);
    expect_good(loaded_);
  }

  ManualClock clock_;
  RocksHarness appended_{clock_, {}};
  RocksHarness loaded_{clock_, {}};
  BulkLoadOptions bulk_;
};

TEST_F(RocksBulkLoad, LoadedLedgerEqualsOneMadeByAppends) {
  std::mt19937_64 random(seed_of_run());
  bulk_.sorted_postings_max = 1'000;  // many runs
  bulk_.table_bytes_max = 64u << 10;  // many tables
  make_both(random_history(5'000, random));
  expect_same();
  expect_good(loaded_);
  expect_good(appended_);
}

TEST_F(RocksBulkLoad, AppendsContinueAfterIt) {
  std::mt19937_64 random(seed_of_run());
  make_both(random_history(1'000 + random() % 300, random));
  const auto more = random_history(700, random);
  append_to(appended_.ledger(), more, 5'000);
  append_to(loaded_.ledger(), more, 5'000);
  expect_same();
  loaded_.ledger().wait_packed();
  expect_same();
  EXPECT_EQ(loaded_.ledger().stats().packed_upto,
            loaded_.ledger().durable().position.value / 64 * 64);
  EXPECT_TRUE(
      append_and_wait(loaded_.ledger(), {{random_event(random)}, unless({{{}, {"task:7"}}}, 0), {}})
          .error()
          .code == Code::kConflict);
  expect_good(loaded_);
}

TEST_F(RocksBulkLoad, SizesAtTheBordersOfRunsAndTiles) {
  std::mt19937_64 random(seed_of_run());
  for (const std::uint64_t events : {1, 63, 64, 65, 255, 256, 257, 511, 512, 640, 769}) {
    RocksHarness rocks(clock_, {});
    bulk_.directory = rocks.data();
    load(random_history(events, random));
    ASSERT_TRUE(rocks.open().ok());
    EXPECT_EQ(positions_of(rocks.ledger()).size(), events);
    EXPECT_EQ(rocks.ledger().stats().packed_upto, events / 64 * 64);
    expect_good(rocks);
  }
}

TEST_F(RocksBulkLoad, CollidingHashesLoseNothing) {
  std::mt19937_64 random(seed_of_run());
  const TagHashFunction poor = [](BytesView text) -> std::uint64_t { return text.size() % 3; };
  loaded_.options.tag_hash = appended_.options.tag_hash = bulk_.tag_hash = poor;
  bulk_.sorted_postings_max = 100;
  make_both(random_history(1'500, random));
  expect_same();
  expect_good(loaded_);
}

TEST_F(RocksBulkLoad, LogIsPackedAndTablesStandInTheLastLevel) {
  std::mt19937_64 random(seed_of_run());
  load(random_history(1'000, random));
  const auto db =
      rocks::LedgerDb::open({.directory = loaded_.data() / "ledger", .read_only = true});
  ASSERT_TRUE(db.ok());
  for (const auto family : {rocks::Family::kLog, rocks::Family::kTags, rocks::Family::kTiles}) {
    rocksdb::ColumnFamilyMetaData meta;
    (*db)->db().GetColumnFamilyMetaData((*db)->family(family), &meta);
    EXPECT_FALSE(meta.levels.back().files.empty());
    EXPECT_EQ(meta.levels.back().size, meta.size);
  }
  std::unique_ptr<rocksdb::Iterator> it(
      (*db)->db().NewIterator({}, (*db)->family(rocks::Family::kLog)));
  std::uint64_t first = 1;
  for (it->Seek(log_key({1})); it->Valid(); it->Next(), first += rocks::kRunEvents) {
    EXPECT_EQ(parse_log_key(rocks::view(it->key()))->value, first);
  }
  EXPECT_EQ(first, 1'025u);
}

TEST_F(RocksBulkLoad, AbandonedLoadLeavesAnEmptyLedger) {
  std::mt19937_64 random(seed_of_run());
  {
    const auto load = begin_bulk_load(bulk_, clock_);
    ASSERT_TRUE(load.ok());
    for (auto& append : random_history(2'000, random)) {
      ASSERT_TRUE((*load)->append(std::move(append), {1}).ok());
    }
    const auto other = begin_bulk_load(bulk_, clock_);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().reason, "storage.locked");
  }
  EXPECT_FALSE(fs::exists(bulk_.directory / "bulk.tmp"));
  expect_empty();
}

/// What a process leaves that is killed at this moment.
void copy_as_killed(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

TEST_F(RocksBulkLoad, KilledLoadLeavesAnEmptyLedgerThatCanBeLoaded) {
  std::mt19937_64 random(seed_of_run());
  const auto history = random_history(3'000, random);
  bulk_.directory = appended_.data();
  bulk_.table_bytes_max = 64u << 10;
  {
    const auto load = begin_bulk_load(bulk_, clock_);
    ASSERT_TRUE(load.ok());
    for (const auto& append : history) ASSERT_TRUE((*load)->append(append, {1}).ok());
    copy_as_killed(bulk_.directory, loaded_.data());
  }
  EXPECT_TRUE(fs::exists(loaded_.data() / "bulk.tmp"));
  expect_empty();
  bulk_.directory = loaded_.data();
  load(history);
  EXPECT_FALSE(fs::exists(loaded_.data() / "bulk.tmp"));
  ASSERT_TRUE(loaded_.open().ok());
  EXPECT_EQ(loaded_.ledger().durable().position.value, 3'000u);
  expect_good(loaded_);
}

TEST_F(RocksBulkLoad, KilledBeforeTheAcknowledgementIsAFullLedger) {
  std::mt19937_64 random(seed_of_run());
  bulk_.directory = appended_.data();
  const auto history = random_history(500, random);
  const auto load = begin_bulk_load(bulk_, clock_);
  ASSERT_TRUE(load.ok());
  fs::copy(bulk_.directory / "ACK", bulk_.directory.parent_path() / "ACK");
  for (const auto& append : history) ASSERT_TRUE((*load)->append(append, {1}).ok());
  ASSERT_TRUE((*load)->finish().ok());
  copy_as_killed(bulk_.directory, loaded_.data());
  fs::copy(bulk_.directory.parent_path() / "ACK", loaded_.data() / "ACK",
           fs::copy_options::overwrite_existing);
  ASSERT_TRUE(loaded_.open().ok());
  EXPECT_EQ(loaded_.ledger().durable().position.value, 500u);
  expect_good(loaded_);
}

TEST_F(RocksBulkLoad, LedgerWithEventsIsRefused) {
  ASSERT_TRUE(loaded_.open().ok());
  ASSERT_TRUE(append_and_wait(loaded_.ledger(), one(new_event("task.a"))).ok());
  loaded_.close();
  const auto load = begin_bulk_load(bulk_, clock_);
  ASSERT_FALSE(load.ok());
  EXPECT_EQ(load.error().reason, "bulk.not_empty");
  ASSERT_TRUE(loaded_.open().ok());
  EXPECT_EQ(loaded_.ledger().durable().position.value, 1u);
}

TEST_F(RocksBulkLoad, BadEventsAreRefusedAndTheLoadGoesOn) {
  const auto load = begin_bulk_load(bulk_, clock_);
  ASSERT_TRUE(load.ok());
  NewEvent unknown = new_event("task.a");
  unknown.schema.bytes[0] = 7;
  EXPECT_EQ(reason_of((*load)->append({unknown}, {5})), "schema.unknown");
  EXPECT_EQ(code_of((*load)->append({new_event("")}, {5})), Code::kInvalid);
  EXPECT_EQ(code_of((*load)->append({}, {5})), Code::kInvalid);
  ASSERT_TRUE(
      (*load)
          ->append({new_event("schema.registered", {"schema:" + hex(unknown.schema.bytes)})}, {9})
          .ok());
  const auto outcome = (*load)->append({unknown}, {5});  // a clock that steps back
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->first.value, 2u);
  EXPECT_EQ(outcome->recorded_at.us, 9);
  ASSERT_TRUE((*load)->finish().ok());
}

TEST_F(RocksBulkLoad, LoadWithoutEventsIsAnEmptyLedger) {
  load({});
  expect_empty();
}

}  // namespace
}  // namespace opsledger::testing_support
