#include "kernel/keystore/personal_data.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "storage/memory/memory_record_store.hpp"

namespace opsledger {
namespace {

class PersonalDataTest : public ::testing::Test {
 protected:
  PersonalDataTest() {
    std::array<unsigned char, MasterKey::kBytes> bytes{};
    bytes[0] = 7;
    keys = KeyStore::open(std::make_unique<MemoryRecordStore>(), MasterKey(bytes), "test").value();
    personal = std::make_unique<PersonalData>(*keys);
  }

  std::unique_ptr<KeyStore> keys;
  std::unique_ptr<PersonalData> personal;
};

TEST_F(PersonalDataTest, OpensToWhatWasSealedAlsoAfterARestart) {
  const auto token = personal->seal("P-1", "/name", "王伟").value();
  EXPECT_EQ(token.find("王伟"), Bytes::npos);
  EXPECT_EQ(PersonalData::subject_of(token), "P-1");
  EXPECT_EQ(personal->open(token).value(), std::string("\0王伟", 7));
  EXPECT_EQ(PersonalData(*keys).open(token).value(), std::string("\0王伟", 7));
}

TEST_F(PersonalDataTest, EqualValuesDoNotLookAlike) {
  std::set<Bytes> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(personal->seal("P-1", "/name", "x").value());
  EXPECT_EQ(tokens.size(), 100u);
}

TEST_F(PersonalDataTest, EveryChangedByteIsFound) {
  const auto token = personal->seal("P-1", "/name", "secret").value();
  ASSERT_TRUE(personal->seal("P-2", "/name", "other").ok());
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = static_cast<char>(changed[i] ^ 3);
    const auto opened = personal->open(changed);
    // A subject without a key has been erased as far as anybody can tell.
    if (opened.ok()) {
      EXPECT_EQ(*opened, Bytes(1, '\2')) << i;
      EXPECT_NE(PersonalData::subject_of(changed), "P-1") << i;
    } else {
      EXPECT_EQ(opened.error().reason, "personal.damaged") << i;
    }
  }
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(personal->open(BytesView(token).substr(0, size)).ok()) << size;
  }
}

TEST_F(PersonalDataTest, AnErasedSubjectIsErasedForEver) {
  const auto token = personal->seal("P-1", "/name", "x").value();
  const auto other = personal->seal("P-2", "/name", "y").value();
  ASSERT_TRUE(personal->erase("P-1").ok());
  ASSERT_TRUE(personal->erase("P-1").ok()) << "twice is once";
  PersonalData restarted(*keys);
  for (auto* store : {personal.get(), &restarted}) {
    EXPECT_EQ(store->open(token).value(), Bytes(1, '\2'));
    EXPECT_EQ(store->open(other).value(), std::string("\0y", 2));
    EXPECT_EQ(store->seal("P-1", "/name", "x").error().reason, "personal.erased");
  }
}

TEST_F(PersonalDataTest, ThreadsThatMeetANewSubjectAgreeOnItsKey) {
  std::vector<Bytes> tokens(8);
  {
    std::vector<std::jthread> threads;
    for (auto& token : tokens) {
      threads.emplace_back([&] { token = personal->seal("P-9", "/name", "z").value(); });
    }
  }
  for (const auto& token : tokens) EXPECT_EQ(personal->open(token).value(), std::string("\0z", 2));
}

}  // namespace
}  // namespace opsledger
