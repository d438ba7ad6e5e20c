// Opening again: what was acknowledged is there, and what is damaged is refused by name.
#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "storage/rocksdb/ledger_db.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

class RocksRecovery : public testing::Test {
 protected:
  RocksRecovery() {
    rocks_.options.pack = false;  // otherwise closing flushes, and no write-ahead log is left
    EXPECT_TRUE(rocks_.open().ok());
  }

  void append(int events) {
    for (int i = 0; i < events; ++i) {
      ASSERT_TRUE(append_and_wait(rocks_.ledger(), one(new_event("task.a", {"task:1"}))).ok());
    }
  }
  /// Reopens; the reason of the error, or nothing.
  std::string reopen() {
    rocks_.close();
    const Status opened = rocks_.open();
    message_ = opened.ok() ? "" : opened.error().message;
    return opened.ok() ? "" : opened.error().reason;
  }
  /// The largest file with this ending: the one that holds the events.
  fs::path largest(const std::string& ending) {
    fs::path found;
    for (const auto& entry : fs::directory_iterator(rocks_.data() / "ledger")) {
      if (entry.path().extension() != ending) continue;
      if (found.empty() || entry.file_size() > fs::file_size(found)) found = entry.path();
    }
    EXPECT_FALSE(found.empty());
    return found;
  }
  void flip(const fs::path& file, std::uintmax_t at) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(bytes.get() ^ 0x10);
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(byte);
  }

  ManualClock clock_;
  RocksHarness rocks_{clock_, {}};
  std::string message_;
};

TEST_F(RocksRecovery, ReopenedLedgerContinuesWhereItEnded) {
  append(300);
  const TreeHead before = rocks_.ledger().durable();
  const LedgerId id = rocks_.ledger().id();
  ASSERT_EQ(reopen(), "");
  EXPECT_EQ(rocks_.ledger().durable().position.value, 300u);
  EXPECT_EQ(rocks_.ledger().durable().root, before.root);
  EXPECT_EQ(rocks_.ledger().durable().recorded_at, before.recorded_at);
  EXPECT_EQ(rocks_.ledger().id(), id);
  append(1);
  EXPECT_EQ(positions_of(rocks_.ledger()).size(), 301u);
}

TEST_F(RocksRecovery, RegisteredSchemasSurviveARestart) {
  SchemaId schema;
  schema.bytes[3] = 9;
  ASSERT_TRUE(append_and_wait(rocks_.ledger(),
                              one(new_event("schema.registered", {"schema:" + hex(schema.bytes)})))
                  .ok());
  ASSERT_EQ(reopen(), "");
  NewEvent event = new_event("task.a");
  event.schema = schema;
  EXPECT_TRUE(append_and_wait(rocks_.ledger(), one(event)).ok());
}

TEST_F(RocksRecovery, SecondOpenIsRefusedAsLocked) {
  const auto second = RocksLedger::open(rocks_.options, clock_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason, "storage.locked");
  EXPECT_EQ(second.error().code, Code::kNotReady);
}

TEST_F(RocksRecovery, NewerFormatIsRefused) {
  rocks_.close();
  std::ofstream(rocks_.data() / "FORMAT") << "opsledger-data 3\n";
  EXPECT_EQ(reopen(), "storage.format_newer");
}

TEST_F(RocksRecovery, OlderFormatIsRaisedSoThatAnOlderProgramRefuses) {
  rocks_.close();
  std::ofstream(rocks_.data() / "FORMAT") << "opsledger-data 1\n";
  ASSERT_EQ(reopen(), "");
  std::ifstream format(rocks_.data() / "FORMAT");
  std::string line;
  std::getline(format, line);
  EXPECT_EQ(line, "opsledger-data 2");
}

TEST_F(RocksRecovery, DamagedFormatIsRefused) {
  rocks_.close();
  std::ofstream(rocks_.data() / "FORMAT") << "opsledger-data 0\n";
  EXPECT_EQ(reopen(), "storage.corrupt");
  std::ofstream(rocks_.data() / "FORMAT") << "opsledger-data x\n";
  EXPECT_EQ(reopen(), "storage.corrupt");
}

TEST_F(RocksRecovery, ForeignDirectoryIsNotTakenOver) {
  rocks_.close();
  fs::remove(rocks_.data() / "FORMAT");
  EXPECT_EQ(reopen(), "storage.corrupt");
  EXPECT_NE(message_.find("no FORMAT"), std::string::npos) << message_;
}

TEST_F(RocksRecovery, FlippedByteInTheWriteAheadLogIsRefused) {
  append(20);
  rocks_.close();
  const auto log = largest(".log");
  flip(log, fs::file_size(log) / 2);
  EXPECT_EQ(reopen(), "storage.seal") << message_;
  fs::remove(rocks_.data() / "ledger" / "SEAL");  // as after a kill
  EXPECT_EQ(reopen(), "storage.corrupt") << message_;
}

TEST_F(RocksRecovery, EveryTruncationOfTheWriteAheadLogIsNoticed) {
  append(6);
  rocks_.close();
  const auto log = largest(".log");
  const auto size = fs::file_size(log);
  const auto copy = rocks_.data().parent_path() / "copy";
  fs::copy(rocks_.data(), copy, fs::copy_options::recursive);
  for (std::uintmax_t cut = 1; cut < size; cut += 97) {
    fs::remove_all(rocks_.data());
    fs::copy(copy, rocks_.data(), fs::copy_options::recursive);
    fs::resize_file(log, size - cut);
    EXPECT_NE(reopen(), "") << "cut " << cut << " of " << size;
  }
}

TEST_F(RocksRecovery, TornTailNamesTheGapAndCanBeAccepted) {
  append(10);
  rocks_.close();
  const auto log = largest(".log");
  fs::resize_file(log, fs::file_size(log) - 19 - 3);  // an orderly stop ends with an empty write
  ASSERT_EQ(reopen(), "storage.seal");
  fs::remove(rocks_.data() / "ledger" / "SEAL");  // as after a kill
  ASSERT_EQ(reopen(), "ledger.torn_tail");
  EXPECT_NE(message_.find("10 was acknowledged: 1 events (10 to 10)"), std::string::npos)
      << message_;
  rocks_.options.accept_torn_tail = true;
  ASSERT_EQ(reopen(), "") << message_;
  EXPECT_EQ(rocks_.ledger().durable().position.value, 9u);
  rocks_.options.accept_torn_tail = false;
  EXPECT_EQ(reopen(), "") << message_;
  append(1);
  EXPECT_EQ(positions_of(rocks_.ledger()).size(), 10u);
}

TEST_F(RocksRecovery, MissingSideFileIsRefused) {
  append(3);
  rocks_.close();
  fs::remove(rocks_.data() / "ACK");
  EXPECT_EQ(reopen(), "ledger.no_ack");
}

TEST_F(RocksRecovery, OneDamagedSlotOfTheSideFileIsATornWrite) {
  append(3);
  rocks_.close();
  flip(rocks_.data() / "ACK", 20);
  EXPECT_EQ(reopen(), "") << message_;
}

TEST_F(RocksRecovery, SideFileOfAnotherHistoryIsRefused) {
  append(3);
  rocks_.close();
  RocksHarness other(clock_, {});
  ASSERT_TRUE(other.open().ok());
  ASSERT_TRUE(append_and_wait(other.ledger(), one(new_event("task.b"))).ok());
  other.close();
  fs::copy_file(other.data() / "ACK", rocks_.data() / "ACK", fs::copy_options::overwrite_existing);
  EXPECT_EQ(reopen(), "ledger.rewritten");
}

TEST_F(RocksRecovery, RemovedTableFileIsRefused) {
  append(50);
  ASSERT_EQ(reopen(), "");  // recovery writes table files
  rocks_.close();
  fs::remove(largest(".sst"));
  EXPECT_NE(reopen(), "");
}

TEST_F(RocksRecovery, RestartRecoversAPoisonedLedger) {
  append(2);
  rocks_.fail_next_sync();
  EXPECT_EQ(code_of(append_and_wait(rocks_.ledger(), one(new_event("task.b")))), Code::kIo);
  EXPECT_EQ(reason_of(rocks_.ledger().health()), "storage.poisoned");
  ASSERT_EQ(reopen(), "") << message_;
  EXPECT_TRUE(rocks_.ledger().health().ok());
  append(1);
  const auto count = positions_of(rocks_.ledger()).size();
  EXPECT_TRUE(count == 3 || count == 4) << count;  // the failed one may or may not be there
}

TEST_F(RocksRecovery, FullDiskTurnsTheLedgerReadOnlyAndBack) {
  rocks_.close();
  auto free = std::make_shared<std::atomic<std::uint64_t>>(10u << 20);
  rocks_.options.disk_free_bytes = [free] { return free->load(); };
  rocks_.options.disk_free_bytes_min = 100u << 20;
  ASSERT_TRUE(rocks_.open().ok());
  const auto refused = append_and_wait(rocks_.ledger(), one(new_event("task.a")));
  EXPECT_EQ(code_of(refused), Code::kNotReady);
  EXPECT_EQ(reason_of(refused), "storage.disk_low");
  EXPECT_EQ(reason_of(rocks_.ledger().health()), "storage.disk_low");
  EXPECT_TRUE(positions_of(rocks_.ledger()).empty());
  *free = 200u << 20;
  ::usleep(1'100'000);  // it looks once per second
  EXPECT_TRUE(append_and_wait(rocks_.ledger(), one(new_event("task.a"))).ok());
}

}  // namespace
}  // namespace opsledger::testing_support
