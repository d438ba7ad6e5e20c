// Append conditions: what conflicts and what does not.
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

TEST_P(LedgerContract, FirstEventGetsPositionOne) {
  EXPECT_EQ(must_append("task.created"), 1u);
  EXPECT_EQ(must_append("task.created"), 2u);
}

TEST_P(LedgerContract, ConditionWithoutAfterSeesTheWholeLog) {
  must_append("task.created", {"task:1"});
  must_append("task.created", {"task:2"});
  EXPECT_EQ(reason_of(append_if(new_event("task.created"), unless({{{}, {"task:1"}}}))),
            "append.conflict");
  EXPECT_TRUE(append_if(new_event("task.created"), unless({{{}, {"task:3"}}})).ok());
}

TEST_P(LedgerContract, ConditionAfterIsExclusive) {
  const auto position = must_append("task.created", {"task:1"});
  EXPECT_TRUE(append_if(new_event("task.done"), unless({{{}, {"task:1"}}}, position)).ok());
  EXPECT_EQ(code_of(append_if(new_event("task.done"), unless({{{}, {"task:1"}}}, position - 1))),
            Code::kConflict);
}

TEST_P(LedgerContract, AfterBeyondTheLastMatchAllowsTheAppend) {
  must_append("task.created", {"task:1"});
  const auto later = must_append("task.created", {"task:2"});
  EXPECT_TRUE(append_if(new_event("task.done"), unless({{{}, {"task:1"}}}, later)).ok());
}

TEST_P(LedgerContract, AfterBeyondTheHeadAllowsTheAppend) {
  must_append("task.created", {"task:1"});
  for (const std::uint64_t after : {std::uint64_t{2}, std::uint64_t{1'000}, UINT64_MAX}) {
    EXPECT_TRUE(append_if(new_event("task.done"), unless({{{}, {"task:1"}}}, after)).ok()) << after;
  }
}

TEST_P(LedgerContract, ConditionOnAnEmptyLogAllowsTheAppend) {
  EXPECT_TRUE(append_if(new_event("task.created"), unless({{{"task.created"}, {}}})).ok());
}

TEST_P(LedgerContract, AnyItemThatMatchesConflicts) {
  must_append("task.created", {"task:1"});
  must_append("shift.planned", {"person:wang"});
  const QueryItem none{{"task.removed"}, {}};
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({none, {{}, {"person:wang"}}}))),
            Code::kConflict);
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{}, {"person:wang"}}, none}))),
            Code::kConflict);
  EXPECT_TRUE(append_if(new_event("a.b"), unless({none, {{}, {"person:li"}}})).ok());
}

TEST_P(LedgerContract, AllTagsOfAnItemMustBeOnOneEvent) {
  must_append("task.created", {"task:1", "person:wang"});
  must_append("task.created", {"task:2", "person:li"});
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{}, {"task:1", "person:li"}}})).ok());
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{}, {"person:wang", "task:1"}}}))),
            Code::kConflict);
}

TEST_P(LedgerContract, EventWithMoreTagsThanTheItemMatches) {
  must_append("task.created", {"task:1", "person:wang", "sku:P0102"});
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{}, {"person:wang"}}}))), Code::kConflict);
  EXPECT_TRUE(
      append_if(new_event("a.b"), unless({{{}, {"person:wang", "sku:P0102", "zone:1"}}})).ok());
}

TEST_P(LedgerContract, TypesWithoutTagsMatchAnyOfThem) {
  must_append("task.created");
  must_append("task.closed");
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{"x.y", "task.closed"}, {}}}))),
            Code::kConflict);
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{"x.y", "task.reopened"}, {}}})).ok());
}

TEST_P(LedgerContract, TypesAndTagsOfAnItemMustBothMatch) {
  must_append("task.created", {"task:1"});
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{"task.closed"}, {"task:1"}}})).ok());
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{"task.created"}, {"task:1"}}}))),
            Code::kConflict);
}

TEST_P(LedgerContract, MatchingIsByteByByte) {
  must_append("task.created", {"task:Ab"});
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{}, {"task:ab"}}})).ok());
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{}, {"task:A"}}})).ok());
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{}, {"task:Abc"}}})).ok());
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{"task.create"}, {}}})).ok());
}

TEST_P(LedgerContract, ProposalDoesNotConflictWithItself) {
  Proposal proposal;
  proposal.events = {new_event("task.created", {"task:1"}), new_event("task.created", {"task:1"})};
  proposal.condition = unless({{{}, {"task:1"}}});
  EXPECT_TRUE(append(proposal).ok());
  EXPECT_EQ(code_of(append(proposal)), Code::kConflict);
}

TEST_P(LedgerContract, ConditionSeesAcceptedEventsThatAreNotDurableYet) {
  harness_->hold_durability(true);
  const auto ignore = [](const Result<AppendOutcome>&) {};
  ASSERT_TRUE(ledger().append(one(new_event("task.created", {"task:1"})), ignore).ok());
  Proposal second = one(new_event("task.created", {"task:1"}));
  second.condition = unless({{{}, {"task:1"}}});
  EXPECT_EQ(code_of(ledger().append(second, ignore)), Code::kConflict);
  second.condition = unless({{{}, {"task:1"}}}, 1);
  EXPECT_TRUE(ledger().append(second, ignore).ok());
  harness_->hold_durability(false);
}

TEST_P(LedgerContract, FailedConditionStoresNothing) {
  must_append("task.created", {"task:1"});
  Proposal proposal;
  proposal.events = {new_event("task.a"), new_event("task.b")};
  proposal.condition = unless({{{}, {"task:1"}}});
  EXPECT_EQ(code_of(append(proposal)), Code::kConflict);
  EXPECT_EQ(ledger().accepted().position.value, 1u);
  EXPECT_EQ(must_append("task.c"), 2u);
}

TEST_P(LedgerContract, EmptyConditionIsRefused) {
  EXPECT_EQ(reason_of(append_if(new_event("a.b"), unless({}))), "condition.empty");
  const auto item = append_if(new_event("a.b"), unless({{{}, {}}}));
  EXPECT_EQ(reason_of(item), "query.invalid");
  ASSERT_EQ(item.error().fields.size(), 1u);
  EXPECT_EQ(item.error().fields[0].pointer, "/condition/query/items/0");
}

TEST_P(LedgerContract, TooBroadConditionIsRefusedAndRareOneIsNot) {
  LedgerSetup setup;
  setup.rules.condition_steps_max = 20;
  start(setup);
  for (int i = 0; i < 30; ++i) {
    must_append("task.created", {i % 2 == 0 ? "half:a" : "half:b", "all:x"});
  }
  // Two lists that never agree: every step moves one position on.
  EXPECT_EQ(reason_of(append_if(new_event("a.b"), unless({{{}, {"half:a", "half:b"}}}))),
            "condition.too_broad");
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{}, {"half:a", "half:b"}}}, 25)).ok());
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{}, {"all:x", "none:x"}}})).ok());
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{}, {"all:x"}}}))), Code::kConflict);
  // A match in one item's share wins over another item that ran out of its own.
  EXPECT_EQ(code_of(append_if(new_event("a.b"),
                              unless({{{}, {"half:a", "half:b"}}, {{"task.created"}, {}}}))),
            Code::kConflict);
}

TEST_P(LedgerContract, CollidingHashesDoNotMatch) {
  LedgerSetup setup;
  setup.hash = [](BytesView) { return std::uint64_t{7}; };
  start(setup);
  must_append("task.created", {"task:1", "person:wang"});
  must_append("task.closed", {"task:2"});
  EXPECT_TRUE(append_if(new_event("a.b", {"task:4"}), unless({{{}, {"task:3"}}})).ok());
  EXPECT_TRUE(append_if(new_event("a.b"), unless({{{"task.closed"}, {"task:1"}}})).ok());
  EXPECT_EQ(code_of(append_if(new_event("a.b"), unless({{{}, {"task:2"}}}))), Code::kConflict);
  EXPECT_EQ(positions_of(ledger(), query_of({{{}, {"task:2"}}})), std::vector<std::uint64_t>{2});
  EXPECT_EQ(positions_of(ledger(), query_of({{{"task.created"}, {}}})),
            std::vector<std::uint64_t>{1});
  ReadOptions backward;
  backward.direction = Direction::kBackward;
  EXPECT_EQ(
      positions_of(ledger(), query_of({{{}, {"task:1", "person:wang"}}, {{"a.b"}, {}}}), backward),
      (std::vector<std::uint64_t>{4, 3, 1}));
}

}  // namespace
}  // namespace opsledger::testing_support
