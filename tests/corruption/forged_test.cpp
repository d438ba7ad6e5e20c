// Somebody who knows the format edits records through RocksDB: all check sums and the seal are
// right, what the records say is not. `verify` names the place.
#include "storage/core/caller_key.hpp"
#include "storage/rocksdb/data_directory.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/recovery.hpp"
#include "storage/rocksdb/verify.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

using rocks::Family;

constexpr int kAppends = 100, kEventsPerAppend = 3;

class Forged : public testing::Test {
 protected:
  Forged() {
    fill(rocks_, "{}");
    head_ = rocks_.ledger().durable();
    id_ = rocks_.ledger().id();
    rocks_.close();
  }

  /// The same history always, but for the data of event 130.
  static void fill(RocksHarness& rocks, const Bytes& data_of_130) {
    ASSERT_TRUE(rocks.open().ok());
    for (int i = 0; i < kAppends; ++i) {
      Proposal proposal;
      for (int n = 0; n < kEventsPerAppend; ++n) {
        const int position = i * kEventsPerAppend + n + 1;
        proposal.events.push_back(new_event(n == 1 ? "task.b" : "task.a",
                                            {"task:" + std::to_string(i)},
                                            position == 130 ? data_of_130 : "{}"));
      }
      if (i % 10 == 0) proposal.key = key_of("wang", std::to_string(i));
      ASSERT_TRUE(append_and_wait(rocks.ledger(), std::move(proposal)).ok());
    }
    rocks.ledger().wait_packed();
  }

  /// Edits the closed database; check sums and seal are made anew.
  void edit(const std::function<void(rocks::LedgerDb&)>& change) {
    auto db = rocks::LedgerDb::open({.directory = rocks_.data() / "ledger"});
    ASSERT_TRUE(db.ok());
    change(**db);
  }
  void move(Family family, const Bytes& from, const Bytes& to) {
    edit([&](rocks::LedgerDb& db) {
      const Bytes value = db.get(family, from)->value();
      ASSERT_TRUE(db.db().Delete({}, db.family(family), from).ok());
      ASSERT_TRUE(db.put(family, to, value).ok());
    });
  }
  void change(Family family, const Bytes& key, const std::function<void(Bytes*)>& how) {
    edit([&](rocks::LedgerDb& db) {
      Bytes value = db.get(family, key)->value();
      how(&value);
      ASSERT_TRUE(db.put(family, key, value).ok());
    });
  }
  void change_commit(std::uint64_t number, const std::function<void(CommitRecord*)>& how) {
    change(Family::kCommits, commit_key(number), [&](Bytes* bytes) {
      CommitRecord commit = *decode_commit(*bytes);
      how(&commit);
      *bytes = encode_commit(commit);
    });
  }
  void expect_named(const std::string& name) {
    const VerifyReport report = verify_ledger({.directory = rocks_.data()});
    EXPECT_EQ(report.verdict, VerifyVerdict::kTampered);
    EXPECT_TRUE(report.message.starts_with(name)) << report.message;
  }

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
  TreeHead head_;
  LedgerId id_{};
};

/// The records of a chunk, to be put together in another way.
std::vector<Bytes> records_of(const Bytes& chunk) {
  std::vector<Bytes> records;
  const auto view = LogChunkView::parse(chunk);
  LogChunkView::Iterator all(*view);
  for (BytesView record; all.next(&record);) records.emplace_back(record);
  return records;
}
Bytes chunk_of(const std::vector<Bytes>& records) {
  Bytes bytes, chunk;
  std::vector<std::uint32_t> ends;
  for (const Bytes& record : records) {
    bytes += record;
    ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  encode_log_chunk(bytes, ends, &chunk);
  return chunk;
}

TEST_F(Forged, UntouchedLedgerIsGood) {
  const auto report = verify_ledger({.directory = rocks_.data()});
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.message;
  EXPECT_TRUE(report.notes.empty());
}

TEST_F(Forged, ReorderedEventsAreNamed) {
  change(Family::kLog, log_key({65}), [](Bytes* chunk) {
    auto records = records_of(*chunk);
    std::swap(records[3], records[4]);
    *chunk = chunk_of(records);
  });
  expect_named("event 68 is damaged: its record names another position");
}

TEST_F(Forged, RemovedEventIsNamed) {
  change(Family::kLog, log_key({65}), [](Bytes* chunk) {
    auto records = records_of(*chunk);
    records.erase(records.begin() + 3);
    *chunk = chunk_of(records);
  });
  expect_named("event 68 is damaged: its record names another position");
}

TEST_F(Forged, InsertedEventIsNamed) {
  change(Family::kLog, log_key({65}), [](Bytes* chunk) {
    auto records = records_of(*chunk);
    records.insert(records.begin() + 3, records[2]);
    *chunk = chunk_of(records);
  });
  expect_named("event 68 is damaged: its record names another position");
}

TEST_F(Forged, EventBehindTheLastCommitIsNamed) {
  edit([](rocks::LedgerDb& db) {
    auto event = records_of(*db.get(Family::kLog, log_key({65})).value())[0];
    const std::uint64_t position = kAppends * kEventsPerAppend + 1;
    std::memcpy(event.data() + 2, &position, sizeof position);
    ASSERT_TRUE(db.put(Family::kLog, log_key({position}), chunk_of({event})).ok());
  });
  expect_named("event 301 is damaged: no commit record covers it");
}

TEST_F(Forged, MovedPostingIsNamed) {
  const PostingList list{PostingKind::kTag, tag_hash("task:7")};
  move(Family::kTags, posting_key(list, {22}), posting_key(list, {19}));
  expect_named("tag index entry for event 19 is damaged: the event does not have it");
}

TEST_F(Forged, PostingOfAnotherListIsNamed) {
  move(Family::kTags, posting_key({PostingKind::kTag, tag_hash("task:7")}, {22}),
       posting_key({PostingKind::kTag, tag_hash("task:8")}, {22}));
  expect_named("tag index entry for event 22 is damaged: the event does not have it");
}

TEST_F(Forged, EditedCallerKeyIsNamed) {
  change(Family::kKeys, caller_key_key(stamp_of(key_of("wang", "20")).key), [](Bytes* bytes) {
    KeyEntry entry = *decode_key_entry(*bytes);
    entry.first = {1};
    *bytes = encode_key_entry(entry);
  });
  expect_named("caller key of event 61 ");
}

TEST_F(Forged, EditedCommitRecordIsNamed) {
  change_commit(40, [](CommitRecord* commit) { commit->recorded_at.us += 1; });
  expect_named("commit record 40 (events 118 to 120) ");
}

TEST_F(Forged, CommitRecordWithAnotherRootIsNamed) {
  change_commit(40, [](CommitRecord* commit) { commit->root.bytes[0] ^= 1; });
  expect_named("commit record 40 (events 118 to 120) ");
}

TEST_F(Forged, CommitRecordThatTakesAnEventFromTheNextIsNamed) {
  change_commit(40, [](CommitRecord* commit) { ++commit->last.value; });
  expect_named("commit record 40 (events 118 to 121) ");
}

TEST_F(Forged, AnotherIdentityIsNoticed) {
  change(Family::kMeta, rocks::ledger_id_key(), [](Bytes* id) { (*id)[0] ^= 1; });
  expect_named("the ledger has another root at position 300 ");
}

/// Everything made anew from event 130 on, under the old identity, side file included.
TEST_F(Forged, RewrittenHistoryIsShownByAnOutsideRootAlone) {
  RocksHarness other(clock_, {});
  std::filesystem::create_directories(other.data() / "ledger");
  {
    auto db = rocks::LedgerDb::open({.directory = other.data() / "ledger"});
    ASSERT_TRUE(db.ok());
    const Bytes id(reinterpret_cast<const char*>(id_.bytes.data()), id_.bytes.size());
    ASSERT_TRUE((*db)->put(Family::kMeta, rocks::ledger_id_key(), id).ok());
  }
  ASSERT_TRUE(rocks::write_format(*rocks::Files::Default(), other.data()).ok());
  fill(other, "{\"forged\":true}");
  other.close();
  EXPECT_EQ(verify_ledger({.directory = other.data()}).verdict, VerifyVerdict::kGood);
  const auto report =
      verify_ledger({.directory = other.data(), .expected = {{head_.position.value, head_.root}}});
  EXPECT_EQ(report.ledger.bytes, id_.bytes);
  EXPECT_EQ(report.verdict, VerifyVerdict::kTampered);
  EXPECT_TRUE(report.message.starts_with("the log up to event 300 ")) << report.message;
}

}  // namespace
}  // namespace opsledger::testing_support
