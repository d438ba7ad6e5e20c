// The key store over the real database: sealing, wrong keys, damage, erasing for good.
#include "kernel/keystore/key_store.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include "storage/memory/memory_record_store.hpp"
#include "storage/rocksdb/rocks_record_store.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing {
namespace {

namespace fs = std::filesystem;

class KeyStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }

  Status try_open(const std::string& key_file = "master.key") {
    store.reset();
    auto key = load_master_key(directory.path() / key_file, true);
    if (!key) return key.error();
    auto records = open_record_store({.directory = folder});
    if (!records) return records.error();
    auto opened = KeyStore::open(std::move(*records), *key, folder.string());
    if (!opened) return opened.error();
    store = std::move(*opened);
    return {};
  }
  void open() { ASSERT_TRUE(try_open().ok()); }

  std::string all_bytes() const {
    std::string bytes;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(in), {});
    }
    return bytes;
  }
  /// The stored forms of all records.
  std::map<Bytes, Bytes> stored() {
    store.reset();
    std::map<Bytes, Bytes> found;
    const auto records = open_record_store({.directory = folder});
    EXPECT_TRUE(records.value()
                    ->scan("", [&](BytesView key, BytesView value) { found.emplace(key, value); })
                    .ok());
    return found;
  }
  void put_raw(const Bytes& key, const Bytes& value) {
    store.reset();
    const RecordWrite write{key, value};
    ASSERT_TRUE(open_record_store({.directory = folder}).value()->write({&write, 1}).ok());
  }

  testing_support::TemporaryDirectory directory;
  const fs::path folder = directory.path() / "keystore";
  std::unique_ptr<KeyStore> store;
};

TEST_F(KeyStoreTest, KeepsWhatWasWrittenOverAReopen) {
  ASSERT_TRUE(store->put({"login", "wang@example.com"}, "P-0001").ok());
  ASSERT_TRUE(store->put({"password", "P-0001"}, std::string(1000, '\0')).ok());
  open();
  EXPECT_EQ(store->get({"login", "wang@example.com"}).value(), "P-0001");
  EXPECT_EQ(store->get({"password", "P-0001"}).value(), std::string(1000, '\0'));
  EXPECT_EQ(store->get({"password", "wang@example.com"}).value(), std::nullopt);
  EXPECT_EQ(store->get({"login", ""}).value(), std::nullopt);
}

TEST_F(KeyStoreTest, NeitherNamesNorValuesAreSeenOnDisk) {
  ASSERT_TRUE(store->put({"login", "wang@example.com"}, "a very secret value").ok());
  EXPECT_EQ(all_bytes().find("wang"), std::string::npos);
  EXPECT_EQ(all_bytes().find("very secret"), std::string::npos);
  store.reset();
  EXPECT_EQ(all_bytes().find("wang"), std::string::npos);
  EXPECT_EQ(all_bytes().find("very secret"), std::string::npos);
}

TEST_F(KeyStoreTest, WritesAllOrNothing) {
  const std::string huge(kSecretValueBytesMax + 1, 'x');
  const KeyStore::Write writes[] = {{{"bot", "a"}, "1"}, {{"bot", "b"}, huge}};
  const auto status = store->write(writes);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().reason, "keystore.too_large");
  EXPECT_EQ(store->get({"bot", "a"}).value(), std::nullopt);
}

TEST_F(KeyStoreTest, VisitsOneKindOnly) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(store->put({"token", std::to_string(i)}, "t").ok());
    ASSERT_TRUE(store->put({"tokens", std::to_string(i)}, "x").ok());
  }
  std::set<std::string> names;
  ASSERT_TRUE(store
                  ->for_each("token",
                             [&](std::string_view name, BytesView value) {
                               EXPECT_EQ(value, "t");
                               EXPECT_TRUE(names.emplace(name).second);
                             })
                  .ok());
  EXPECT_EQ(names.size(), 100u);
}

TEST_F(KeyStoreTest, AnotherMasterKeyIsNamedAndHarmsNothing) {
  ASSERT_TRUE(store->put({"bot", "a"}, "1").ok());
  const auto status = try_open("other.key");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().reason, "keystore.wrong_key");
  EXPECT_NE(status.error().message.find(folder.string()), std::string::npos);
  open();
  EXPECT_EQ(store->get({"bot", "a"}).value(), "1");
}

TEST_F(KeyStoreTest, ARecordThatWasChangedOrMovedDoesNotOpen) {
  ASSERT_TRUE(store->put({"password", "P-0001"}, "hash of one").ok());
  ASSERT_TRUE(store->put({"password", "P-0002"}, "hash of two").ok());
  auto records = stored();
  std::vector<Bytes> places;
  for (const auto& [key, value] : records) {
    if (key.starts_with("password")) places.push_back(key);
  }
  ASSERT_EQ(places.size(), 2u);
  auto damaged = records[places[0]];
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  put_raw(places[0], damaged);
  open();
  EXPECT_EQ(store->for_each("password", [](auto, auto) {}).error().reason, "keystore.corrupt");
  put_raw(places[0], records[places[1]]);
  open();
  int opened = 0;
  EXPECT_FALSE(store->for_each("password", [&](auto, auto) { ++opened; }).ok());
  EXPECT_EQ(opened, 1) << "the one that stands where it belongs";
  put_raw(places[0], "");
  open();
  EXPECT_FALSE(store->for_each("password", [](auto, auto) {}).ok());
}

TEST_F(KeyStoreTest, ADestroyedRecordLeavesNoBytes) {
  const auto count = testing_support::from_environment("OPSLEDGER_KEYS", 2'000);
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSERT_TRUE(store->put({"person", std::to_string(i)}, "key " + std::to_string(i)).ok());
  }
  ASSERT_TRUE(store->put({"person", "victim"}, "an older key").ok());
  const auto older = stored();
  open();
  ASSERT_TRUE(store->put({"person", "victim"}, "the key").ok());
  const auto before = stored();
  open();
  ASSERT_TRUE(store->put({"person", "later"}, "after it").ok());
  const std::string name = "victim";
  ASSERT_TRUE(store->destroy("person", {&name, 1}).ok());
  EXPECT_EQ(store->get({"person", "victim"}).value(), std::nullopt);
  const auto bytes = all_bytes();  // of the living store: nothing waits for a restart
  const auto after = stored();
  ASSERT_EQ(after.size(), before.size());  // one came, one went
  int gone = 0;
  for (const auto& [key, value] : before) {
    if (after.contains(key)) continue;
    ++gone;
    EXPECT_EQ(bytes.find(value), std::string::npos);
    EXPECT_EQ(bytes.find(older.at(key)), std::string::npos) << "the value it had before";
  }
  EXPECT_EQ(gone, 1);
  open();
  EXPECT_EQ(store->get({"person", "7"}).value(), "key 7");
}

TEST(KeyStoreInMemory, WorksOverAnyRecordStore) {
  const MasterKey key({1, 2, 3});
  auto store = KeyStore::open(std::make_unique<MemoryRecordStore>(), key, "memory");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->put({"bot", "a"}, "1").ok());
  const std::string name = "a";
  ASSERT_TRUE((*store)->destroy("bot", {&name, 1}).ok());
  EXPECT_EQ((*store)->get({"bot", "a"}).value(), std::nullopt);
}

}  // namespace
}  // namespace opsledger::testing
