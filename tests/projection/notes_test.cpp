// A table's notes: keys that begin with a zero byte.
#include <gtest/gtest.h>

#include "kernel/projection/table_batch.hpp"
#include "storage/memory/memory_table_store.hpp"

namespace opsledger {
namespace {

class Notes : public ::testing::Test {
 protected:
  Notes() {
    TableInfo info;
    info.name = "counts";
    info.row = Schema::parse(R"({"struct":[{"name":"n","type":"u8"}]})").value();
    info.key_column = "id";
    info.indexes = {"n"};
    shape_ = TableShape::make(info, 0).value();
    generation_ = store_.open("m@1").value();
    batch_ = std::make_unique<TableBatch>(*generation_, TableBatch::Shapes{shape_}, 1 << 20);
  }
  RowAccess& rows() { return batch_->rows(0); }

  const Bytes note_{"\0seen\xff", 6};  // no UTF-8 needed
  MemoryTableStore store_;
  std::shared_ptr<const TableShape> shape_;
  std::shared_ptr<TableGeneration> generation_;
  std::unique_ptr<TableBatch> batch_;
};

TEST_F(Notes, AreKeptWithoutASchemaAndFoundAgain) {
  EXPECT_EQ(rows().get(note_).value(), std::nullopt);
  ASSERT_TRUE(rows().put(note_, "anything", Position{1}).ok());
  ASSERT_TRUE(batch_->commit({}).ok());
  batch_->discard();
  EXPECT_EQ(rows().get(note_).value(), BytesView("anything"));
}

TEST_F(Notes, AreNoRows) {
  ASSERT_TRUE(rows().put(note_, "", Position{1}).ok());
  ASSERT_TRUE(rows().put("a", "\x07", Position{2}).ok());
  ASSERT_TRUE(batch_->commit({}).ok());
  const auto all = generation_->scan(shape_->number, {}, kHead, false);
  ASSERT_TRUE(all->next());
  EXPECT_EQ(all->key(), "a");
  EXPECT_FALSE(all->next());
  const auto indexed = generation_->scan_index(shape_->number, 0, {}, false);
  ASSERT_TRUE(indexed->next());
  EXPECT_FALSE(indexed->next());
  EXPECT_EQ(generation_->get(shape_->number, note_, kHead).value(), std::nullopt);
}

}  // namespace
}  // namespace opsledger
