// Cases of public DCB suites at the edges: unusual names, conditions far ahead, items that repeat,
// big batches under conditions.
#include "storage/base/limits.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

using Positions = std::vector<std::uint64_t>;

TEST_P(LedgerContract, TypesThatDifferInCaseOrPrefixAreDifferentTypes) {
  must_append("StudentJoinedCourse");
  must_append("studentjoinedcourse");
  must_append("StudentJoinedCourse2");
  must_append("Student");
  EXPECT_EQ(positions_of(ledger(), query_of({{{"StudentJoinedCourse"}, {}}})), (Positions{1}));
  EXPECT_EQ(positions_of(ledger(), query_of({{{"studentjoinedcourse"}, {}}})), (Positions{2}));
  EXPECT_TRUE(positions_of(ledger(), query_of({{{"STUDENTJOINEDCOURSE"}, {}}})).empty());
  EXPECT_TRUE(append_if(new_event("x"), unless({{{"STUDENT"}, {}}})).ok());
  EXPECT_EQ(code_of(append_if(new_event("x"), unless({{{"Student"}, {}}}))), Code::kConflict);
}

TEST_P(LedgerContract, TagsWithUnusualCharactersMatchExactly) {
  const std::vector<std::string> tags = {
      "a:b:c",    "a:b",       "a: b",         "a:b ",
      "a:%2C",    "a:/../b",   "a:\"'\\",      "a:\u4e2d\u6587",
      "a:\u00e9", "a:e\u0301", "a:\U0001F389", "a:" + std::string(200, 'x')};
  for (const std::string& tag : tags) must_append("t", {tag});
  for (std::size_t i = 0; i < tags.size(); ++i) {
    EXPECT_EQ(positions_of(ledger(), query_of({{{}, {tags[i]}}})), (Positions{i + 1})) << tags[i];
    EXPECT_EQ(code_of(append_if(new_event("t"), unless({{{}, {tags[i]}}}, i))), Code::kConflict);
    EXPECT_TRUE(append_if(new_event("u"), unless({{{}, {tags[i]}}}, i + 1)).ok()) << tags[i];
  }
}

TEST_P(LedgerContract, EventWithoutTagsIsGuardedByItsTypeAlone) {
  must_append("a");
  must_append("b", {"k:1"});
  EXPECT_EQ(code_of(append_if(new_event("a"), unless({{{"a"}, {}}}))), Code::kConflict);
  EXPECT_TRUE(append_if(new_event("a"), unless({{{"a"}, {"k:1"}}})).ok());
  EXPECT_EQ(code_of(append_if(new_event("a"), unless({{{"a"}, {}}}, 1))), Code::kConflict);
  EXPECT_TRUE(append_if(new_event("a"), unless({{{"a"}, {}}}, 3)).ok());
}

TEST_P(LedgerContract, RepeatedItemsTypesAndTagsChangeNothing) {
  must_append("a", {"k:1", "k:2"});
  must_append("b", {"k:2"});
  const QueryItem item{{"a", "a", "b"}, {"k:2", "k:2"}};
  EXPECT_EQ(positions_of(ledger(), query_of({item, item, item})), (Positions{1, 2}));
  EXPECT_EQ(code_of(append_if(new_event("c"), unless({item, item}, 1))), Code::kConflict);
  EXPECT_TRUE(append_if(new_event("c"), unless({item, item}, 2)).ok());
}

TEST_P(LedgerContract, AfterAtTheLargestPositionAllowsTheAppend) {
  must_append("a", {"k:1"});
  for (const std::uint64_t after : {UINT64_MAX, UINT64_MAX - 1, std::uint64_t{1} << 63}) {
    EXPECT_TRUE(append_if(new_event("a", {"k:1"}), unless({{{"a"}, {"k:1"}}}, after)).ok());
    ReadOptions options;
    options.after = {after};
    EXPECT_TRUE(positions_of(ledger(), query_of({{{"a"}, {}}}), options).empty());
    EXPECT_TRUE(positions_of(ledger(), {}, options).empty());
  }
}

TEST_P(LedgerContract, BigBatchUnderAConditionIsAllOrNothing) {
  Proposal batch;
  for (std::size_t i = 0; i < 4'000; ++i) {
    batch.events.push_back(new_event("row", {"n:" + std::to_string(i), "file:1"}));
  }
  batch.condition = unless({{{}, {"file:1"}}});
  Proposal again = batch;
  const auto first = append(std::move(batch));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->last.value, 4'000u);
  EXPECT_EQ(code_of(append(std::move(again))), Code::kConflict);
  EXPECT_EQ(must_append("next"), 4'001u);
  EXPECT_EQ(positions_of(ledger(), query_of({{{"row"}, {"n:3999"}}})), (Positions{4'000}));
  EXPECT_EQ(code_of(append_if(new_event("x"), unless({{{}, {"n:3999"}}}, 3'999))), Code::kConflict);
  EXPECT_TRUE(append_if(new_event("x"), unless({{{}, {"n:3999"}}}, 4'000)).ok());
}

TEST_P(LedgerContract, EveryItemOfALargeConditionCounts) {
  must_append("a", {"k:63"});
  std::vector<QueryItem> items;
  for (std::size_t i = 0; i < limits::kQueryItemsMax; ++i) {
    items.push_back({{"a"}, {"k:" + std::to_string(i)}});
  }
  ASSERT_GE(items.size(), 64u);
  EXPECT_EQ(code_of(append_if(new_event("a"), unless(items))), Code::kConflict);
  items[63].tags = {"k:other"};
  EXPECT_TRUE(append_if(new_event("a"), unless(items)).ok());
}

}  // namespace
}  // namespace opsledger::testing_support
