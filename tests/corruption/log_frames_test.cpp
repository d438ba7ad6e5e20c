// RocksDB's logs read strictly: damage is told from a torn last write.
#include "storage/rocksdb/log_frames.hpp"

#include <fstream>

#include "tests/corruption/small_directory.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;
using rocks::find_frame_damage;

/// The largest write-ahead log of a killed ledger.
Bytes some_log(const fs::path& directory) {
  make_small_directory(directory, LeftAs::kKilled);
  Bytes largest;
  for (const auto& entry : fs::directory_iterator(directory / "ledger")) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    Bytes bytes{std::istreambuf_iterator<char>(in), {}};
    bytes.resize(bytes.find_last_not_of('\0') + 1);  // without the room behind the records
    if (bytes.size() > largest.size()) largest = std::move(bytes);
  }
  return largest;
}

class LogFrames : public testing::Test {
 protected:
  const TemporaryDirectory temporary_;
  const Bytes log_ = some_log(temporary_.path() / "data");
  /// Where the last record begins: cut one byte off, and that is what is not whole.
  const std::size_t last_ =
      find_frame_damage(BytesView(log_).substr(0, log_.size() - 1)).value().offset;
};

TEST_F(LogFrames, WholeLogIsGood) {
  ASSERT_GT(last_, 0u);
  EXPECT_FALSE(find_frame_damage(log_));
  EXPECT_FALSE(find_frame_damage(""));
}

TEST_F(LogFrames, EveryFlippedBitBeforeTheLastRecordIsDamage) {
  Bytes log = log_;
  for (std::size_t at = 0; at < last_; ++at) {
    const char good = log[at];
    log[at] = static_cast<char>(good ^ (1 << at % 8));
    const auto damage = find_frame_damage(log);
    ASSERT_TRUE(damage) << at;
    EXPECT_FALSE(damage->at_end) << at;
    EXPECT_LE(damage->offset, at);
    log[at] = good;
  }
}

TEST_F(LogFrames, EveryFlippedBitOfTheLastRecordLooksTorn) {
  Bytes log = log_;
  for (std::size_t at = last_; at < log.size(); ++at) {
    const char good = log[at];
    log[at] = static_cast<char>(good ^ (1 << at % 8));
    const auto damage = find_frame_damage(log);
    ASSERT_TRUE(damage) << at;
    EXPECT_TRUE(damage->at_end) << at;
    log[at] = good;
  }
}

TEST_F(LogFrames, EveryCutWithinARecordLooksTorn) {
  for (std::size_t length = last_ + 1; length < log_.size(); ++length) {
    const auto damage = find_frame_damage(BytesView(log_).substr(0, length));
    ASSERT_TRUE(damage) << length;
    EXPECT_TRUE(damage->at_end);
    EXPECT_EQ(damage->offset, last_);
  }
}

TEST_F(LogFrames, ZerosBehindTheLastRecordAreRoomForMore) {
  EXPECT_FALSE(find_frame_damage(log_ + Bytes(50'000, '\0')));
}

TEST_F(LogFrames, AnythingElseBehindTheLastRecordLooksTorn) {
  Bytes log = log_ + Bytes(50'000, '\0');
  log[log_.size() + 40'000] = 1;
  const auto damage = find_frame_damage(log);
  ASSERT_TRUE(damage);
  EXPECT_TRUE(damage->at_end);
  EXPECT_EQ(damage->offset, log_.size());
}

TEST_F(LogFrames, ZerosInsteadOfTheRestOfARecordLookTorn) {
  for (std::size_t length = last_ + 1; length < log_.size(); ++length) {
    if (log_.find_first_not_of('\0', length) == Bytes::npos) break;  // that is the record
    const auto damage = find_frame_damage(log_.substr(0, length) + Bytes(50'000, '\0'));
    ASSERT_TRUE(damage) << length;
    EXPECT_TRUE(damage->at_end);
  }
}

TEST_F(LogFrames, RecordBehindALostBlockIsDamage) {
  const Bytes lost(32u << 10, 'x');  // a block
  EXPECT_TRUE(find_frame_damage(lost)->at_end);
  EXPECT_FALSE(find_frame_damage(lost + log_)->at_end);
}

}  // namespace
}  // namespace opsledger::testing_support
