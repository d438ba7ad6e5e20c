#include "kernel/keystore/master_key.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing {
namespace {

class MasterKeyTest : public ::testing::Test {
 protected:
  std::string reason(bool create = false) const {
    const auto key = load_master_key(file, create);
    return key ? "" : key.error().reason;
  }
  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
  }

  testing_support::TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "master.key";
};

TEST_F(MasterKeyTest, IsMadeOnceForItsOwnerAlone) {
  const auto made = load_master_key(file, true);
  ASSERT_TRUE(made.ok());
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  const auto again = load_master_key(file, true);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->bytes(), made->bytes());
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".tmp"));
}

TEST_F(MasterKeyTest, AMissingOneIsNotReplacedWhereAStoreDependsOnIt) {
  EXPECT_EQ(reason(), "keystore.key_missing");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(MasterKeyTest, WhatOthersMayReadIsRefused) {
  write(std::string(64, 'a'), 0640);
  EXPECT_EQ(reason(), "keystore.key_exposed");
}

TEST_F(MasterKeyTest, WhatIsNoKeyIsRefusedWithoutBeingShown) {
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'x')}) {
    write(text);
    const auto key = load_master_key(file, true);
    ASSERT_FALSE(key.ok()) << text;
    EXPECT_EQ(key.error().reason, "keystore.key_malformed");
    EXPECT_EQ(key.error().message.find("aaaa"), std::string::npos);
  }
}

TEST_F(MasterKeyTest, ALinkToElsewhereIsNotFollowed) {
  std::filesystem::create_symlink("/etc/hostname", file);
  EXPECT_EQ(reason(true), "keystore.io");
}

}  // namespace
}  // namespace opsledger::testing
