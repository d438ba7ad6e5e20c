// Backups are taken while the ledger runs, share what they can, and come back verified.
#include "storage/rocksdb/backup.hpp"

#include <fstream>
#include <thread>

#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

class RocksBackup : public testing::Test {
 protected:
  RocksBackup() { EXPECT_TRUE(rocks_.open().ok()); }
  void append(int events) {
    for (int i = 0; i < events; ++i) {
      ASSERT_TRUE(append_and_wait(rocks_.ledger(), one(new_event("task.a", {"task:1"}))).ok());
    }
  }
  fs::path backups() const { return elsewhere_.path() / "backups"; }
  fs::path target() const { return elsewhere_.path() / "restored"; }

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
  TemporaryDirectory elsewhere_;
};

TEST_F(RocksBackup, RestoredLedgerIsTheOneThatWasBackedUp) {
  append(100);
  const auto taken = create_backup(rocks_.ledger(), backups());
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(taken->position.value, 100u);
  append(10);
  const auto report = restore_backup(backups(), 0, target());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->events, 100u);
  auto options = rocks_.options;
  options.directory = target();
  const auto restored = RocksLedger::open(options, clock_);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_EQ((*restored)->id(), rocks_.ledger().id());
  EXPECT_EQ((*restored)->durable().root, *rocks_.ledger().root(100));
}

TEST_F(RocksBackup, EachBackupCanBeRestored) {
  for (int i = 1; i <= 3; ++i) {
    append(20);
    ASSERT_TRUE(create_backup(rocks_.ledger(), backups()).ok());
  }
  const auto listed = list_backups(backups());
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 3u);
  EXPECT_EQ((*listed)[1].position.value, 40u);
  const auto report = restore_backup(backups(), (*listed)[1].id, target());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->events, 40u);
}

TEST_F(RocksBackup, TakenUnderLoadItIsWhole) {
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) append(1);
  });
  for (int i = 0; i < 3; ++i) {
    const auto taken = create_backup(rocks_.ledger(), backups());
    EXPECT_TRUE(taken.ok()) << taken.error().message;
  }
  stop = true;
  writer.join();
  const auto listed = *list_backups(backups());
  const auto report = restore_backup(backups(), 0, target());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GE(report->events, listed.back().position.value);
}

TEST_F(RocksBackup, DamagedBackupIsNotAcceptedAfterRestore) {
  append(500);
  ASSERT_TRUE(create_backup(rocks_.ledger(), backups()).ok());
  fs::path file;
  for (const auto& entry : fs::recursive_directory_iterator(backups())) {
    if (entry.path().extension() != ".sst") continue;
    if (file.empty() || entry.file_size() > fs::file_size(file)) file = entry.path();
  }
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
  bytes.put('\xA5');
  bytes.close();
  EXPECT_FALSE(restore_backup(backups(), 0, target()).ok());
  EXPECT_FALSE(fs::exists(target() / "FORMAT"));
}

TEST_F(RocksBackup, OtherLedgersDirectoryIsRefused) {
  append(1);
  ASSERT_TRUE(create_backup(rocks_.ledger(), backups()).ok());
  RocksHarness other(clock_, {});
  ASSERT_TRUE(other.open().ok());
  EXPECT_EQ(reason_of(create_backup(other.ledger(), backups())), "backup.other_ledger");
}

TEST_F(RocksBackup, TargetInUseAndUnknownBackupAreRefused) {
  append(1);
  ASSERT_TRUE(create_backup(rocks_.ledger(), backups()).ok());
  EXPECT_EQ(reason_of(restore_backup(backups(), 0, rocks_.data())), "backup.target_in_use");
  EXPECT_EQ(reason_of(restore_backup(backups(), 9, target())), "backup.not_found");
  EXPECT_EQ(reason_of(list_backups(elsewhere_.path() / "none")), "backup.no_directory");
}

}  // namespace
}  // namespace opsledger::testing_support
