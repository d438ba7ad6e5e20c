// `verify` is content with what the ledger wrote, and names the first record that anybody changed.
#include "storage/rocksdb/verify.hpp"

#include <fstream>

#include "storage/core/merkle.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

using rocks::Family;

class RocksVerify : public testing::Test {
 protected:
  RocksVerify() {
    EXPECT_TRUE(rocks_.open().ok());
    for (int i = 0; i < 150; ++i) {
      Proposal proposal;
      for (int n = 0; n < 3; ++n) {
        proposal.events.push_back(
            new_event(n == 1 ? "task.b" : "task.a", {"task:" + std::to_string(i), "sku:x"}));
      }
      if (i % 10 == 0) proposal.key = key_of("wang", std::to_string(i));
      EXPECT_TRUE(append_and_wait(rocks_.ledger(), std::move(proposal)).ok());
    }
    rocks_.ledger().wait_packed();
    head_ = rocks_.ledger().durable();
    rocks_.close();
  }

  VerifyReport verify(std::vector<ExpectedRoot> expected = {}) {
    return verify_ledger({.directory = rocks_.data(), .expected = std::move(expected)});
  }
  /// Changes the closed database behind the ledger's back.
  template <class Change>
  void tamper(Change change) {
    auto db = rocks::LedgerDb::open({.directory = rocks_.data() / "ledger"});
    ASSERT_TRUE(db.ok());
    change(**db);
  }
  void put(Family family, const Bytes& key, const Bytes& value) {
    tamper([&](rocks::LedgerDb& db) { EXPECT_TRUE(db.put(family, key, value).ok()); });
  }
  void remove(Family family, const Bytes& key) {
    tamper([&](rocks::LedgerDb& db) {
      std::string value;
      EXPECT_TRUE(db.db().Get({}, db.family(family), key, &value).ok()) << "nothing to remove";
      EXPECT_TRUE(db.db().Delete({}, db.family(family), key).ok());
    });
  }
  Bytes stored(Family family, const Bytes& key) {
    Bytes value;
    tamper([&](rocks::LedgerDb& db) { value = (*db.get(family, key)).value(); });
    return value;
  }
  void expect_named(const std::string& name) {
    const VerifyReport report = verify();
    EXPECT_EQ(report.verdict, VerifyVerdict::kTampered);
    EXPECT_TRUE(report.message.starts_with(name)) << report.message;
  }

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
  TreeHead head_;
};

TEST_F(RocksVerify, GoodLedgerIsGood) {
  std::uint64_t last_progress = 0;
  const auto report =
      verify_ledger({.directory = rocks_.data(),
                     .expected = {{450, head_.root}, {0, merkle::empty_root()}},
                     .progress = [&](std::uint64_t done, std::uint64_t) { last_progress = done; }});
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.message;
  EXPECT_EQ(report.events, 450u);
  EXPECT_EQ(report.root, head_.root);
  EXPECT_EQ(last_progress, 450u);
}

TEST_F(RocksVerify, OutsideRootThatDiffersIsEvidence) {
  EXPECT_EQ(verify({{17, head_.root}}).verdict, VerifyVerdict::kTampered);
}

TEST_F(RocksVerify, OutsideRootBeyondTheEndIsEvidence) {
  EXPECT_EQ(verify({{451, head_.root}}).verdict, VerifyVerdict::kTampered);
}

TEST_F(RocksVerify, ChangedByteOfAnEventNamesIt) {
  Bytes chunk = stored(Family::kLog, log_key({129}));
  const auto view = LogChunkView::parse(chunk);
  ASSERT_TRUE(view && view->count() == rocks::kRunEvents);
  const std::size_t at =
      static_cast<std::size_t>(view->record(5).data() - chunk.data()) + view->record(5).size() - 1;
  chunk[at] = '!';  // the event's data: still a record, but not the one that was hashed
  put(Family::kLog, log_key({129}), chunk);
  // The first root that no longer holds is that of the commit with event 134.
  expect_named("commit record 45 (events 133 to 135)");
}

TEST_F(RocksVerify, DamagedRecordNamesTheEvent) {
  Bytes chunk = stored(Family::kLog, log_key({129}));
  const auto view = LogChunkView::parse(chunk);
  chunk[static_cast<std::size_t>(view->record(5).data() - chunk.data())] = 9;  // version
  put(Family::kLog, log_key({129}), chunk);
  expect_named("event 134 ");
}

TEST_F(RocksVerify, RemovedChunkNamesTheFirstMissingEvent) {
  remove(Family::kLog, log_key({65}));
  expect_named("event 65 ");
}

TEST_F(RocksVerify, RemovedPostingNamesTheEvent) {
  remove(Family::kTags, posting_key({PostingKind::kTag, tag_hash("task:7")}, {22}));
  expect_named("tag index entry for event 22 ");
}

TEST_F(RocksVerify, InventedPostingNamesTheEvent) {
  put(Family::kTypes, posting_key({PostingKind::kType, tag_hash("task.never")}, {30}), "");
  expect_named("type index entry for event 30 ");
}

TEST_F(RocksVerify, PostingBeyondTheEndIsNamed) {
  put(Family::kTypes, posting_key({PostingKind::kType, tag_hash("task.a")}, {451}), "");
  expect_named("type index entry for event 451 ");
}

TEST_F(RocksVerify, RemovedCallerKeyNamesTheEvent) {
  remove(Family::kKeys, caller_key_key(stamp_of(key_of("wang", "20")).key));
  expect_named("caller key of event 61 ");
}

TEST_F(RocksVerify, InventedCallerKeyIsNoticed) {
  put(Family::kKeys, Bytes(16, 'k'), encode_key_entry({{}, false, {1}, {1}, {}}));
  expect_named("the key index");
}

TEST_F(RocksVerify, ChangedTileIsNamed) {
  Bytes tile = stored(Family::kTiles, tile_key(0, 0));
  tile[100] ^= 1;
  put(Family::kTiles, tile_key(0, 0), tile);
  expect_named("Merkle tile 0/0 ");
}

TEST_F(RocksVerify, RemovedCommitRecordIsNamed) {
  remove(Family::kCommits, commit_key(30));
  expect_named("commit record 31 ");
}

TEST_F(RocksVerify, RemovedLastCommitRecordIsNamed) {
  remove(Family::kCommits, commit_key(150));
  expect_named("event 448 ");
}

TEST_F(RocksVerify, FlippedByteOfATableFileIsEvidence) {
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::directory_iterator(rocks_.data() / "ledger")) {
    if (entry.path().extension() != ".sst") continue;
    if (file.empty() || entry.file_size() > std::filesystem::file_size(file)) file = entry.path();
  }
  ASSERT_FALSE(file.empty());
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(200);
  bytes.put('\xA5');
  bytes.close();
  EXPECT_EQ(verify().verdict, VerifyVerdict::kTampered);
}

TEST_F(RocksVerify, LedgerInUseCouldNotBeChecked) {
  ASSERT_TRUE(rocks_.open().ok());
  EXPECT_EQ(verify().verdict, VerifyVerdict::kUnchecked);
}

TEST_F(RocksVerify, AbsentDirectoryCouldNotBeChecked) {
  EXPECT_EQ(verify_ledger({.directory = rocks_.data() / "nowhere"}).verdict,
            VerifyVerdict::kUnchecked);
}

TEST_F(RocksVerify, SideFileAheadOfTheLedgerIsEvidence) {
  const auto copy = rocks_.data().parent_path() / "copy";
  std::filesystem::copy(rocks_.data(), copy, std::filesystem::copy_options::recursive);
  ASSERT_TRUE(rocks_.open().ok());
  ASSERT_TRUE(append_and_wait(rocks_.ledger(), one(new_event("task.a"))).ok());
  rocks_.close();
  std::filesystem::copy_file(rocks_.data() / "ACK", copy / "ACK",
                             std::filesystem::copy_options::overwrite_existing);
  const VerifyReport report = verify_ledger({.directory = copy});
  EXPECT_EQ(report.verdict, VerifyVerdict::kTampered);
  EXPECT_NE(report.message.find("451"), std::string::npos) << report.message;
}

void flip_byte(const std::filesystem::path& file, std::size_t at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const char flipped = static_cast<char>(stream.get() ^ 1);
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(flipped);
}

TEST_F(RocksVerify, FlippedByteOfTheSideFileIsEvidence) {
  const auto ack = rocks_.data() / "ACK";
  for (std::size_t at = 0; at < std::filesystem::file_size(ack); at += 7) {
    flip_byte(ack, at);
    EXPECT_EQ(verify_ledger({.directory = rocks_.data()}).verdict, VerifyVerdict::kTampered) << at;
    flip_byte(ack, at);
  }
  EXPECT_EQ(verify_ledger({.directory = rocks_.data()}).verdict, VerifyVerdict::kGood);
}

}  // namespace
}  // namespace opsledger::testing_support
