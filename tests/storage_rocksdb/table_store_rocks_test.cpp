// What the table store on RocksDB promises beyond the contract: files, restarts, several modules.
#include <rocksdb/db.h>

#include <memory>
#include <thread>

#include "storage/rocksdb/rocks_table_store.hpp"
#include "storage/rocksdb/seal.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"
#include "tests/support/owned_write.hpp"

namespace opsledger::testing_support {
namespace {

class RocksTables : public testing::Test {
 protected:
  RocksTables() { open(); }
  void open() {
    store_.reset();
    auto opened = open_table_store({directory_.path()});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(*opened);
  }
  static OwnedWrite row(Bytes key, Bytes bytes, std::uint64_t position) {
    OwnedWrite write{1, std::move(key), std::move(bytes), {position}};
    write.index_add = {{1, "i"}};
    return write;
  }
  static Progress at(std::uint64_t position) { return {{{7}}, {position}, {}}; }

  TemporaryDirectory directory_;
  std::unique_ptr<TableStore> store_;
};

TEST_F(RocksTables, ClosedStoreKeepsRowsAndProgressWithoutAWriteAheadLog) {
  ASSERT_TRUE(commit_owned(*(*store_->open("a@1")), std::vector{row("k", "one", 5)}, at(5)).ok());
  open();
  const auto rows = *store_->open("a@1");
  EXPECT_EQ(rows->progress().position.value, 5u);
  EXPECT_EQ(rows->progress().ledger, (LedgerId{{7}}));
  EXPECT_EQ((*rows->get(1, "k", kHead))->row, "one");
  EXPECT_EQ(store_->list(), std::vector<std::string>{"a@1"});
}

TEST_F(RocksTables, DroppedGenerationBeginsEmptyAgain) {
  ASSERT_TRUE(commit_owned(*(*store_->open("a@1")), std::vector{row("k", "one", 5)}, at(5)).ok());
  ASSERT_TRUE(store_->drop("a@1").ok());
  const auto rows = *store_->open("a@1");
  EXPECT_EQ(rows->progress().position.value, 0u);
  EXPECT_FALSE(*rows->get(1, "k", kHead));
}

TEST_F(RocksTables, ReaderOfADroppedGenerationReadsOn) {
  const auto rows = *store_->open("a@1");
  ASSERT_TRUE(commit_owned(*rows, std::vector{row("k", "one", 5), row("l", "two", 5)}, at(5)).ok());
  const auto cursor = rows->scan(1, {}, kHead, false);
  ASSERT_TRUE(cursor->next());
  ASSERT_TRUE(store_->drop("a@1").ok());
  EXPECT_TRUE(cursor->next());
  EXPECT_EQ(cursor->row(), "two");
}

TEST_F(RocksTables, TablesOfAnotherLayoutAreRefusedAndNotMisread) {
  ASSERT_TRUE(commit_owned(**store_->open("a@1"), std::vector{row("k", "one", 5)}, at(5)).ok());
  store_.reset();
  {
    ASSERT_TRUE(rocks::remove_seal(*rocksdb::Env::Default(), directory_.path()).ok());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, directory_.path().string(), {{"default", {}}, {"a@1", {}}},
                                  &handles, &opened)
                    .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    EXPECT_TRUE(db->Put({}, "layout", "0").ok());
    for (auto* handle : handles) EXPECT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  }
  const auto opened = open_table_store({directory_.path()});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Code::kCorrupt);
  EXPECT_EQ(opened.error().reason, "storage.tables_layout");
}

TEST_F(RocksTables, SecondOpenIsRefusedAsLocked) {
  const auto second = open_table_store({directory_.path()});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason, "storage.locked");
}

TEST_F(RocksTables, GenerationsCommitInParallel) {
  constexpr std::uint64_t kCommits = 200;
  std::vector<std::thread> projectors;
  for (int i = 0; i < 4; ++i) {
    projectors.emplace_back([this, i] {
      const auto rows = *store_->open("m" + std::to_string(i) + "@1");
      for (std::uint64_t p = 1; p <= kCommits; ++p) {
        EXPECT_TRUE(commit_owned(*rows, std::vector{row("k", std::to_string(p), p)}, at(p)).ok());
      }
    });
  }
  for (auto& projector : projectors) projector.join();
  for (int i = 0; i < 4; ++i) {
    const auto rows = *store_->open("m" + std::to_string(i) + "@1");
    EXPECT_EQ(rows->progress().position.value, kCommits);
    EXPECT_EQ(rows->history(1, "k")->size(), kCommits);
    EXPECT_EQ((*rows->get(1, "k", {77}))->row, "77");
  }
}

}  // namespace
}  // namespace opsledger::testing_support
