// Reading: queries, directions, limits, cursors and single events.
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

using Positions = std::vector<std::uint64_t>;

TEST_P(LedgerContract, EventIsReadBackAsItWasProposed) {
  NewEvent event = new_event("task.assigned", {"task:1", "person:王", "task:1"}, "{\"a\":1}");
  event.department = "dept-1";
  event.actor = "wang";
  event.time = Time{-5};
  event.correlation = "case-7";
  event.causation = {3};
  event.module = "task@1.0.0";
  event.metadata = {{"reason", "因为"}, {"id", "mine-1"}};
  ASSERT_TRUE(append(one(event)).ok());
  const auto read = ledger().get({1});
  ASSERT_TRUE(read.ok());
  const EventView& view = read->view();
  EXPECT_EQ(view.position.value, 1u);
  EXPECT_EQ(view.recorded_at, clock_.now());
  EXPECT_EQ(view.time, Time{-5});
  EXPECT_EQ(view.type, "task.assigned");
  EXPECT_EQ(view.tags(), (std::vector<std::string_view>{"person:王", "task:1"}));
  EXPECT_EQ(view.tag_count(), 2u);
  EXPECT_TRUE(view.has_tag("person:王"));
  EXPECT_FALSE(view.has_tag("person:"));
  EXPECT_EQ(view.department, "dept-1");
  EXPECT_EQ(view.actor, "wang");
  EXPECT_EQ(view.correlation, "case-7");
  EXPECT_EQ(view.causation.value, 3u);
  EXPECT_EQ(view.module, "task@1.0.0");
  EXPECT_EQ(view.data, "{\"a\":1}");
  EXPECT_EQ(view.metadata("reason"), "因为");
  EXPECT_EQ(view.metadata("role"), std::nullopt);
  EXPECT_EQ(view.id(), "mine-1");
}

TEST_P(LedgerContract, TimeDefaultsToRecordedAtAndIdToPosition) {
  must_append("task.a");
  const auto read = ledger().get({1});
  ASSERT_TRUE(read.ok());
  EXPECT_EQ((*read)->time, clock_.now());
  EXPECT_EQ((*read)->id(), "1");
}

TEST_P(LedgerContract, QueryWithoutItemsReadsEverything) {
  for (int i = 0; i < 300; ++i) must_append("task.a");
  const auto all = positions_of(ledger());
  ASSERT_EQ(all.size(), 300u);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i + 1);
}

TEST_P(LedgerContract, QueryMatchesAnyItemInPositionOrderWithoutRepetition) {
  must_append("task.a", {"x:1"});
  must_append("task.b", {"x:2"});
  must_append("task.a", {"x:2", "y:1"});
  must_append("task.c", {"x:1", "y:1"});
  const auto read = [&](std::vector<QueryItem> items) {
    return positions_of(ledger(), query_of(std::move(items)));
  };
  EXPECT_EQ(read({{{}, {"x:2"}}, {{"task.a"}, {}}}), (Positions{1, 2, 3}));
  EXPECT_EQ(read({{{"task.a", "task.c"}, {"x:1"}}}), (Positions{1, 4}));
  EXPECT_EQ(read({{{}, {"x:1", "y:1"}}, {{}, {"y:1", "x:2"}}}), (Positions{3, 4}));
  EXPECT_EQ(read({{{"task.d"}, {}}, {{}, {"z:1"}}}), Positions{});
}

TEST_P(LedgerContract, ForwardReadHonoursAfterUptoAndLimit) {
  for (int i = 0; i < 10; ++i) must_append("task.a", {"x:1"});
  for (const Query& query : {Query{}, query_of({{{}, {"x:1"}}})}) {
    ReadOptions options;
    options.after = {3};
    options.upto = {7};
    EXPECT_EQ(positions_of(ledger(), query, options), (Positions{4, 5, 6, 7}));
    options.limit = 2;
    EXPECT_EQ(positions_of(ledger(), query, options), (Positions{4, 5}));
    options.limit = 0;
    EXPECT_EQ(positions_of(ledger(), query, options), Positions{});
    EXPECT_EQ(positions_of(ledger(), query, {.after = {10}}), Positions{});
    EXPECT_EQ(positions_of(ledger(), query, {.after = {99}}), Positions{});
    EXPECT_EQ(positions_of(ledger(), query, {.after = {UINT64_MAX}}), Positions{});
  }
}

TEST_P(LedgerContract, BackwardReadBeginsBelowAfterOrAtTheHead) {
  for (int i = 0; i < 6; ++i) must_append(i % 2 == 0 ? "task.a" : "task.b", {"x:1"});
  ReadOptions options;
  options.direction = Direction::kBackward;
  EXPECT_EQ(positions_of(ledger(), {}, options), (Positions{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(positions_of(ledger(), query_of({{{"task.a"}, {}}}), options), (Positions{5, 3, 1}));
  options.after = {5};
  options.limit = 2;
  EXPECT_EQ(positions_of(ledger(), {}, options), (Positions{4, 3}));
  EXPECT_EQ(positions_of(ledger(), query_of({{{"task.a"}, {"x:1"}}}), options), (Positions{3, 1}));
  options.after = {99};
  EXPECT_EQ(positions_of(ledger(), {}, options), (Positions{6, 5}));
  options.after = {1};
  EXPECT_EQ(positions_of(ledger(), {}, options), Positions{});
}

TEST_P(LedgerContract, EmptyLedgerReadsNothing) {
  EXPECT_EQ(positions_of(ledger()), Positions{});
  EXPECT_EQ(positions_of(ledger(), {}, {.direction = Direction::kBackward}), Positions{});
  EXPECT_EQ(code_of(ledger().get({1})), Code::kNotFound);
  EXPECT_EQ(ledger().durable().position.value, 0u);
  EXPECT_EQ(ledger().durable().recorded_at, Time{});
}

TEST_P(LedgerContract, CursorSeesTheLogAsItWasWhenCreated) {
  for (int i = 0; i < 200; ++i) must_append("task.a", {"x:1"});
  for (const Query& query : {Query{}, query_of({{{}, {"x:1"}}})}) {
    auto cursor = ledger().read(query, {});
    ASSERT_TRUE(cursor.ok());
    const std::uint64_t head = ledger().durable().position.value;
    must_append("task.a", {"x:1"});
    std::uint64_t last = 0;
    for (;;) {
      const auto events = (*cursor)->next();
      ASSERT_TRUE(events.ok());
      if (events->empty()) break;
      last = events->back().position.value;
      must_append("task.a", {"x:1"});
    }
    EXPECT_EQ(last, head);
  }
}

TEST_P(LedgerContract, DurableReadDoesNotSeeUnsyncedEventsAndAcceptedReadDoes) {
  must_append("task.a", {"x:1"});
  harness_->hold_durability(true);
  ASSERT_TRUE(ledger().append(one(new_event("task.b", {"x:1"})), [](const auto&) {}).ok());
  const Query query = query_of({{{}, {"x:1"}}});
  EXPECT_EQ(positions_of(ledger(), query), (Positions{1}));
  EXPECT_EQ(positions_of(ledger()), (Positions{1}));
  EXPECT_EQ(code_of(ledger().get({2})), Code::kNotFound);
  EXPECT_EQ(ledger().durable().position.value, 1u);
  EXPECT_EQ(ledger().accepted().position.value, 2u);
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    auto expected = direction == Direction::kForward ? Positions{1, 2} : Positions{2, 1};
    EXPECT_EQ(positions_of(ledger(), query, {.direction = direction, .accepted = true}), expected);
    EXPECT_EQ(positions_of(ledger(), {}, {.direction = direction, .accepted = true}), expected);
  }
  harness_->hold_durability(false);
}

TEST_P(LedgerContract, ViewsLiveUntilTheNextCall) {
  for (int i = 0; i < 500; ++i) must_append("task.a", {"n:" + std::to_string(i)});
  auto cursor = ledger().read({}, {});
  ASSERT_TRUE(cursor.ok());
  std::uint64_t seen = 0;
  for (auto events = (*cursor)->next(); events.ok() && !events->empty();
       events = (*cursor)->next()) {
    for (const EventView& event : *events) {
      ASSERT_TRUE(event.has_tag("n:" + std::to_string(event.position.value - 1)));
      ++seen;
    }
  }
  EXPECT_EQ(seen, 500u);
}

TEST_P(LedgerContract, BadQueryIsRefused) {
  EXPECT_EQ(reason_of(ledger().read(query_of({{{}, {}}}), {})), "query.invalid");
  EXPECT_EQ(reason_of(ledger().read(query_of({{{}, {"nocolon"}}}), {})), "query.invalid");
  EXPECT_EQ(reason_of(ledger().read(query_of({{{"line\nbreak"}, {}}}), {})), "query.invalid");
  const Query wide{std::vector<QueryItem>(limits::kQueryItemsMax + 1, {{"a.b"}, {}})};
  EXPECT_EQ(reason_of(ledger().read(wide, {})), "query.invalid");
}

TEST_P(LedgerContract, PositionAtFindsTheLastEventRecordedByThen) {
  EXPECT_EQ(position_at(ledger(), clock_.now())->value, 0u);
  const std::int64_t start = clock_.now().us;
  for (const std::int64_t at : {10, 20, 20, 20, 40}) {
    clock_.set(start + at);
    must_append("task.a");
  }
  const auto at = [&](std::int64_t us) { return position_at(ledger(), {start + us})->value; };
  EXPECT_EQ(at(9), 0u);
  EXPECT_EQ(at(10), 1u);
  EXPECT_EQ(at(19), 1u);
  EXPECT_EQ(at(20), 4u);
  EXPECT_EQ(at(39), 4u);
  EXPECT_EQ(at(40), 5u);
  EXPECT_EQ(at(1'000), 5u);
}

TEST_P(LedgerContract, RecordedAtNeverStepsBack) {
  must_append("task.a");
  const Time first = clock_.now();
  clock_.advance(-1'000'000);
  must_append("task.b");
  EXPECT_EQ((*ledger().get({2}))->recorded_at, first);
  EXPECT_EQ(ledger().durable().recorded_at, first);
  clock_.set(first.us + 7);
  must_append("task.c");
  EXPECT_EQ((*ledger().get({3}))->recorded_at, Time{first.us + 7});
}

}  // namespace
}  // namespace opsledger::testing_support
