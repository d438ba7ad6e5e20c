// Logs with room behind what was written: who sees how long a file.
#include "storage/rocksdb/prepared_log.hpp"

#include <gtest/gtest.h>
#include <rocksdb/file_system.h>

#include <fstream>

#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

class PreparedLog : public testing::Test {
 protected:
  std::unique_ptr<rocksdb::FSWritableFile> create(const fs::path& path) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(env_->GetFileSystem()->NewWritableFile(path.string(), {}, &file, nullptr).ok());
    return file;
  }
  static void append_and_sync(rocksdb::FSWritableFile& file, std::size_t bytes) {
    const std::string text(bytes, 'x');
    ASSERT_TRUE(file.Append(text, {}, nullptr).ok());
    ASSERT_TRUE(file.Sync({}, nullptr).ok());
  }
  static std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const TemporaryDirectory directory_;
  const fs::path log_ = directory_.path() / "000004.log";
  const std::unique_ptr<rocksdb::Env> env_ = rocks::with_prepared_logs(nullptr, directory_.path());
};

TEST_F(PreparedLog, SmallSyncsWriteIntoZerosWithoutMakingTheFileLonger) {
  const auto file = create(log_);
  append_and_sync(*file, 300);
  const std::size_t prepared = fs::file_size(log_);
  ASSERT_GE(prepared, 16'384u);
  for (int i = 0; i < 50; ++i) append_and_sync(*file, 300);
  EXPECT_EQ(fs::file_size(log_), prepared);
  EXPECT_EQ(content(log_), std::string(51 * 300, 'x') + std::string(prepared - 51 * 300, '\0'));
  EXPECT_EQ(file->GetFileSize({}, nullptr), 51u * 300);
}

TEST_F(PreparedLog, RoomIsMadeAgainAtItsEndAndGrowsWithTheLog) {
  const auto file = create(log_);
  std::uintmax_t room_max = 0;
  for (std::size_t size = 0; size < 2'000'000; size += 30'000) {
    append_and_sync(*file, 30'000);
    room_max = std::max(room_max, fs::file_size(log_) - (size + 30'000));
  }
  EXPECT_EQ(room_max, 256u << 10);
}

TEST_F(PreparedLog, LargeSyncsPrepareNothing) {
  const auto file = create(log_);
  append_and_sync(*file, 1'000'000);
  EXPECT_EQ(fs::file_size(log_), 1'000'000u);
}

TEST_F(PreparedLog, ClosingCutsTheRoomOff) {
  const auto file = create(log_);
  append_and_sync(*file, 300);
  ASSERT_TRUE(file->Close({}, nullptr).ok());
  EXPECT_EQ(content(log_), std::string(300, 'x'));
}

TEST_F(PreparedLog, OtherFilesAndLogsElsewhereAreLeftAlone) {
  fs::create_directory(directory_.path() / "backup");
  const fs::path manifest = directory_.path() / "MANIFEST-000001";
  const fs::path copy = directory_.path() / "backup" / "000004.log";
  for (const fs::path& path : {manifest, copy}) {
    append_and_sync(*create(path), 300);
    EXPECT_EQ(fs::file_size(path), 300u) << path;
  }
}

}  // namespace
}  // namespace opsledger::testing_support
