// Commits write no postings: where the border between the stored index and the tail in memory
// stands must change nothing that anybody sees.
#include <filesystem>
#include <fstream>

#include "storage/base/sync_point.hpp"
#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/tail_index.hpp"
#include "storage/rocksdb/verify.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

fs::path crash_from, crash_to;  // the hook copies the data directory: what a kill would leave
SyncPoint crash_at{};
void copy_at_sync_point(SyncPoint point) {
  if (point != crash_at || fs::exists(crash_to)) return;
  fs::copy(crash_from, crash_to, fs::copy_options::recursive);
}

class RocksTail : public testing::Test {
 protected:
  RocksTail() { EXPECT_TRUE(rocks_.open().ok()); }
  ~RocksTail() override { sync_point_hook = nullptr; }

  RocksLedger& ledger() { return rocks_.ledger(); }
  /// Appends of one event each; every tenth has the tag task:1.
  void append(int events) {
    for (int i = 0; i < events; ++i) {
      const std::string tag = i % 10 == 0 ? "task:1" : "task:" + std::to_string(100 + i);
      ASSERT_TRUE(append_and_wait(ledger(), one(new_event("task.a", {tag, "sku:x"}))).ok());
    }
  }
  void reopen(bool pack) {
    rocks_.close();
    rocks_.options.pack = pack;
    const Status opened = rocks_.open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
  }
  std::uint64_t indexed() { return ledger().stats().indexed_upto; }
  std::string verify(const fs::path& data) {
    const VerifyReport report = verify_ledger({.directory = data});
    return report.verdict == VerifyVerdict::kGood ? "" : report.message;
  }
  Query task1() { return query_of({{{}, {"task:1"}}}); }
  std::vector<std::uint64_t> backward(const Query& query) {
    return positions_of(ledger(), query, {.direction = Direction::kBackward});
  }
  /// The data directory as a kill at `point` of the next index write would leave it.
  fs::path crash_in_index_write(SyncPoint point) {
    crash_from = rocks_.data();
    crash_to = copy_.path() / "data";
    crash_at = point;
    sync_point_hook = copy_at_sync_point;
    ledger().wait_packed();
    sync_point_hook = nullptr;
    return crash_to;
  }
  void expect_same_after_crash(SyncPoint point);

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
  TemporaryDirectory copy_;
};

TEST_F(RocksTail, ReadsAreTheSameWhereverTheBorderStands) {
  reopen(false);
  append(100);  // 1, 11, … have task:1
  const auto forth = positions_of(ledger(), task1()), back = backward(task1());
  ASSERT_EQ(forth.size(), 10u);
  EXPECT_EQ(indexed(), 0u);
  reopen(true);
  ledger().wait_packed();
  EXPECT_EQ(indexed(), 100u);
  EXPECT_EQ(positions_of(ledger(), task1()), forth);
  EXPECT_EQ(backward(task1()), back);
  append(15);  // across the border
  EXPECT_EQ(indexed(), 100u);
  const auto more = positions_of(ledger(), task1());
  EXPECT_EQ(more.size(), 12u);
  EXPECT_EQ(more.back(), 111u);
  auto turned = backward(task1());
  std::reverse(turned.begin(), turned.end());
  EXPECT_EQ(turned, more);
  EXPECT_EQ(positions_of(ledger(), task1(), {.after = {95}, .upto = {101}}),
            (std::vector<std::uint64_t>{101}));
}

TEST_F(RocksTail, CursorOpenedBeforeAnIndexWriteReadsOnTheSame) {
  append(200);
  ledger().wait_packed();
  append(200);
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    append(10);
    const auto expected = positions_of(ledger(), task1(), {.direction = direction});
    const auto cursor = ledger().read(task1(), {.direction = direction});
    ASSERT_TRUE(cursor.ok());
    std::vector<std::uint64_t> seen;
    for (bool written = false;; written = true) {
      const auto events = (*cursor)->next();
      ASSERT_TRUE(events.ok());
      if (events->empty()) break;
      for (const EventView& event : *events) seen.push_back(event.position.value);
      if (!written) ledger().wait_packed();
    }
    EXPECT_EQ(indexed(), ledger().durable().position.value);
    EXPECT_EQ(seen, expected);
  }
}

TEST_F(RocksTail, FullSegmentIsWrittenWithoutBeingAsked) {
  Proposal proposal;
  for (std::uint64_t i = 0; i < rocks::kSegmentEvents; ++i) {
    proposal.events.push_back(new_event("task.a", {"task:1"}));
  }
  ASSERT_TRUE(append_and_wait(ledger(), proposal).ok());
  for (int tenths = 0; tenths < 300 && indexed() == 0; ++tenths) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(indexed(), rocks::kSegmentEvents);
}

TEST_F(RocksTail, OrderlyClosedLedgerOpensWithAnEmptyTail) {
  append(30);
  EXPECT_EQ(indexed(), 0u);
  reopen(true);
  EXPECT_EQ(indexed(), 30u);
  EXPECT_EQ(positions_of(ledger(), task1()).size(), 3u);
  rocks_.close();
  EXPECT_EQ(verify(rocks_.data()), "");
}

void RocksTail::expect_same_after_crash(SyncPoint point) {
  append(50);
  ledger().wait_packed();
  append(50);
  const auto expected = positions_of(ledger(), task1());
  const TreeHead head = ledger().durable();
  const fs::path crashed = crash_in_index_write(point);
  ASSERT_TRUE(fs::exists(crashed)) << "the index was not written";
  EXPECT_EQ(verify(crashed), "");
  rocks_.close();
  rocks_.options.directory = crashed;
  ASSERT_TRUE(rocks_.open().ok());
  EXPECT_EQ(ledger().durable().root, head.root);
  EXPECT_EQ(positions_of(ledger(), task1()), expected);
  append(20);
  ledger().wait_packed();
  EXPECT_EQ(positions_of(ledger(), task1()).size(), expected.size() + 2);
  rocks_.close();
  EXPECT_EQ(verify(crashed), "");
}

TEST_F(RocksTail, KilledBeforeAnIndexWriteIsTheSameAfterwards) {
  expect_same_after_crash(SyncPoint::kIndexBuilt);
}
TEST_F(RocksTail, KilledBehindAnIndexWriteIsTheSameAfterwards) {
  expect_same_after_crash(SyncPoint::kIndexWritten);
}

/// The note in the data directory of a ledger that is not open.
rocks::IndexNote note_in(const fs::path& data) {
  const auto db = rocks::LedgerDb::open({.directory = data / "ledger", .read_only = true});
  EXPECT_TRUE(db.ok());
  return *rocks::decode_index_note(
      (*db)->get(rocks::Family::kMeta, rocks::indexed_key()).value().value());
}

TEST_F(RocksTail, KilledInTheMiddleOfAnIndexWriteGoesOnThere) {
  Proposal proposal;
  for (int i = 0; i < 1'500; ++i) {
    proposal.events.push_back(
        new_event("task.a", {"task:" + std::to_string(i), "sku:" + std::to_string(i % 3)}));
  }
  append(20);
  ledger().wait_packed();
  ASSERT_TRUE(append_and_wait(ledger(), proposal).ok());
  append(20);
  const Query sku = query_of({{{}, {"sku:1"}}});
  const auto expected = positions_of(ledger(), sku);
  const fs::path crashed = crash_in_index_write(SyncPoint::kIndexWritten);
  EXPECT_EQ(verify(crashed), "");
  EXPECT_EQ(note_in(crashed).upto.value, 20u);
  EXPECT_EQ(note_in(crashed).step_upto.value, 1'540u);
  rocks_.close();
  rocks_.options.directory = crashed;
  reopen(/*pack=*/false);
  EXPECT_EQ(indexed(), 20u);
  EXPECT_EQ(positions_of(ledger(), sku), expected);
  reopen(/*pack=*/true);
  append(5);
  ledger().wait_packed();
  EXPECT_EQ(indexed(), 1'545u);
  EXPECT_EQ(positions_of(ledger(), sku), expected);
  rocks_.close();
  EXPECT_EQ(verify(crashed), "");
}

TEST_F(RocksTail, ConditionsSeeBothSidesOfTheBorder) {
  append(100);
  ledger().wait_packed();
  append(5);  // 101 has task:1
  const auto verdict = [&](const std::string& tag, std::uint64_t after) {
    Proposal proposal = one(new_event("task.b"));
    proposal.condition = unless({{{}, {tag}}}, after);
    const auto outcome = append_and_wait(ledger(), std::move(proposal));
    return outcome.ok() ? "" : outcome.error().reason;
  };
  EXPECT_EQ(verdict("task:1", 0), "append.conflict");
  EXPECT_EQ(verdict("task:1", 91), "append.conflict") << "101 is in memory, 91 is stored";
  EXPECT_EQ(verdict("task:1", 100), "append.conflict");
  EXPECT_EQ(verdict("task:1", 101), "");
  EXPECT_EQ(verdict("task:199", 98), "append.conflict") << "100 is stored";
  EXPECT_EQ(verdict("task:199", 100), "");
  EXPECT_EQ(verdict("task:never", 0), "");
}

TEST_F(RocksTail, FailedCommitLeavesNothingInTheIndex) {
  append(10);
  rocks_.fail_next_sync();
  EXPECT_FALSE(append_and_wait(ledger(), one(new_event("task.a", {"task:1"}))).ok());
  EXPECT_EQ(positions_of(ledger(), task1(), {.accepted = true}), (std::vector<std::uint64_t>{1}));
  rocks_.close();
  ASSERT_TRUE(rocks_.open().ok());
  EXPECT_LE(positions_of(ledger(), task1()).size(), 2u);  // its bytes may have reached the log
  append(1);
  rocks_.close();
  EXPECT_EQ(verify(rocks_.data()), "");
}

TEST_F(RocksTail, TailThatNobodyWritesEndsAppendsAtItsLimit) {
  rocks_.options.tail_events_max = 20;
  reopen(false);
  append(20);
  const auto refused = append_and_wait(ledger(), one(new_event("task.a")));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "append.index_behind");
  EXPECT_EQ(positions_of(ledger(), task1()).size(), 2u);
  reopen(true);  // full at its start: writes, then appends go on
  ledger().wait_packed();
  append(1);
}

TEST_F(RocksTail, SchemasAreFoundInTheTailAtAStart) {
  reopen(false);
  SchemaId schema;
  schema.bytes[3] = 9;
  const std::string tag = "schema:" + hex(schema.bytes);
  ASSERT_TRUE(append_and_wait(ledger(), one(new_event("schema.registered", {tag}))).ok());
  reopen(false);
  EXPECT_EQ(indexed(), 0u);
  NewEvent event = new_event("task.a");
  event.schema = schema;
  EXPECT_TRUE(append_and_wait(ledger(), one(event)).ok());
}

/// The note as it stands in the closed database, replaced; nothing = removed.
void set_note(const fs::path& data, std::optional<std::uint64_t> note) {
  auto db = rocks::LedgerDb::open({.directory = data / "ledger"});
  ASSERT_TRUE(db.ok());
  rocksdb::ColumnFamilyHandle* family = (*db)->family(rocks::Family::kMeta);
  if (note) {
    ASSERT_TRUE((*db)
                    ->put(rocks::Family::kMeta, rocks::indexed_key(),
                          rocks::encode_index_note({{*note}, {*note}, {}}))
                    .ok());
  } else {
    ASSERT_TRUE((*db)->db().Delete({}, family, rocks::indexed_key()).ok());
  }
}

TEST_F(RocksTail, NoteThatSaysMoreOrLessThanIsStoredIsDamage) {
  append(40);
  ledger().wait_packed();
  rocks_.close();
  set_note(rocks_.data(), 39);
  EXPECT_TRUE(verify(rocks_.data()).starts_with("tag index entry for event 40 "));
  set_note(rocks_.data(), 41);
  EXPECT_TRUE(verify(rocks_.data()).starts_with("the note of the index "));
  EXPECT_EQ(rocks_.open().error().reason, "storage.corrupt");
  set_note(rocks_.data(), 40);
  EXPECT_EQ(verify(rocks_.data()), "");
}

TEST_F(RocksTail, FormatOlderThanTheNoteIsDamage) {
  append(4);
  rocks_.close();
  std::ofstream(rocks_.data() / "FORMAT") << "opsledger-data 1\n";
  const std::string message = verify(rocks_.data());
  EXPECT_TRUE(message.starts_with("FORMAT in ")) << message;
}

TEST_F(RocksTail, LedgerWithoutTheNoteWasIndexedByItsCommits) {
  append(40);
  ledger().wait_packed();
  rocks_.close();
  set_note(rocks_.data(), std::nullopt);
  EXPECT_EQ(verify(rocks_.data()), "");
  ASSERT_TRUE(rocks_.open().ok());
  EXPECT_EQ(indexed(), 40u);
  append(10);
  rocks_.close();
  EXPECT_EQ(verify(rocks_.data()), "");
}

}  // namespace
}  // namespace opsledger::testing_support
