#include <algorithm>

#include "tests/projection/engine_fixture.hpp"

namespace opsledger::testing {
namespace {

using State = ProjectionStatus::State;

TEST_F(EngineTest, RowsFollowTheirEvents) {
  start_counter();
  add("a", 2);
  add("b", 5);
  add("a", 3);
  remove("b");
  EXPECT_EQ(settled(), R"([{"id":"a","total":5,"count":2}])");
}

TEST_F(EngineTest, WaitingForAPositionShowsOnesOwnWrite) {
  start_counter();
  for (int i = 1; i <= 50; ++i) {
    const auto position = add("a", 1);
    ASSERT_TRUE(engine_->wait_for("counter", position, kPatience).ok());
    EXPECT_EQ(page("counter.counters"), R"([{"id":"a","total":)" + std::to_string(i) +
                                            R"(,"count":)" + std::to_string(i) + "}]");
  }
}

TEST_F(EngineTest, WaitingBeyondTheHeadTimesOut) {
  start_counter();
  const auto waited = engine_->wait_for("counter", {1'000'000}, std::chrono::milliseconds(20));
  ASSERT_FALSE(waited.ok());
  EXPECT_EQ(waited.error().code, Code::kTimeout);
  EXPECT_EQ(waited.error().reason, "projection.behind");
}

TEST_F(EngineTest, AsOfAnyPositionEqualsAReplayToThatPosition) {
  std::mt19937_64 random(test_seed());
  start_counter('a', 7);
  std::map<std::uint64_t, std::string> head_at;  // head rows, read when this was the last event
  for (int i = 0; i < 120; ++i) {
    add_random(random, 1);
    catch_up();
    head_at[ledger_.durable().position.value] = page("counter.counters");
  }
  for (const auto& [position, rows] : head_at) {
    EXPECT_EQ(page("counter.counters", {position}), rows) << "as of " << position;
  }
}

TEST_F(EngineTest, RebuildEqualsIncrementalWhateverTheBatches) {
  std::mt19937_64 random(test_seed());
  start_counter('a', 1);
  add_random(random, 400);
  const auto incremental = settled();
  const auto log = page("counter.log");
  stop();
  for (const std::size_t batch : {3u, 64u, 4'096u}) {
    stop();
    store_.clear();
    start_counter('a', batch);
    EXPECT_EQ(settled(), incremental) << "batches of " << batch;
    EXPECT_EQ(page("counter.log"), log);
  }
}

TEST_F(EngineTest, HeadIndexAndScanAgree) {
  std::mt19937_64 random(test_seed());
  start_counter('a', 5);
  for (int round = 0; round < 20; ++round) {
    add_random(random, 20);
    catch_up();
    const auto head = ledger_.durable().position;
    for (const auto& parameters :
         {QueryParameters{{"total", "eq.2"}}, QueryParameters{{"total", "gte.0"}},
          QueryParameters{{"order", "total.desc,id"}}, QueryParameters{{"order", "total"}},
          QueryParameters{{"total", "in.(0,1,3)"}, {"order", "id.desc"}}}) {
      EXPECT_EQ(page("counter.counters", kHead, parameters),
                page("counter.counters", head, parameters));  // as of = versions, no index
    }
  }
}

TEST_F(EngineTest, HistoryExplainsEveryVersion) {
  start_counter();
  const auto first = add("a", 2);
  const auto second = remove("a");
  const auto third = add("a", 7);
  catch_up();
  const auto snapshot = engine_->open("counter.counters", kHead);
  ASSERT_TRUE(snapshot.ok());
  const auto json = read_history(*snapshot, ledger_, "a");
  ASSERT_TRUE(json.ok());
  const auto versions = boost::json::parse(*json).as_array();
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_EQ(versions[0].at("position").to_number<std::uint64_t>(), first.value);
  EXPECT_EQ(versions[0].at("type").as_string(), "counter.added");
  EXPECT_EQ(versions[0].at("actor").as_string(), "tester");
  EXPECT_EQ(versions[0].at("recorded_at").as_string(), versions[0].at("time").as_string());
  EXPECT_EQ(versions[0].at("row").at("total"), 2);
  EXPECT_EQ(versions[1].at("position").to_number<std::uint64_t>(), second.value);
  EXPECT_TRUE(versions[1].at("row").is_null());
  EXPECT_EQ(versions[2].at("position").to_number<std::uint64_t>(), third.value);
  EXPECT_EQ(versions[2].at("generation").as_string(), status().generation);
  const auto before = engine_->open("counter.counters", second);
  EXPECT_EQ(boost::json::parse(*read_history(*before, ledger_, "a")).as_array().size(), 2u);
  EXPECT_EQ(read_history(*snapshot, ledger_, "zz").error().reason, "entity.not_found");
}

TEST_F(EngineTest, DiffEqualsComparingTheTwoPositions) {
  std::mt19937_64 random(test_seed());
  start_counter();
  add_random(random, 150);
  catch_up();
  const auto head = ledger_.durable().position.value;
  const auto rows_at = [&](std::uint64_t position) {
    std::map<std::string, boost::json::value> rows;
    const auto page_rows = boost::json::parse(page("counter.counters", {position}));
    for (const auto& row : page_rows.as_array()) {
      rows[std::string(row.at("id").as_string())] = row;
    }
    return rows;
  };
  for (int i = 0; i < 40; ++i) {
    const auto to = 1 + random() % head, from = random() % (to + 1);
    auto rows = rows_at(from);
    const auto json = diff_table(*engine_->open("counter.counters", kHead), {from}, {to});
    ASSERT_TRUE(json.ok());
    const auto diff = boost::json::parse(*json);
    for (const auto& row : diff.at("removed").as_array()) {
      EXPECT_EQ(rows.extract(std::string(row.at("id").as_string())).mapped(), row);
    }
    for (const auto& change : diff.at("changed").as_array()) {
      auto& row = rows.at(std::string(change.at("key").as_string()));
      EXPECT_EQ(row, change.at("from"));
      EXPECT_NE(change.at("from"), change.at("to"));
      row = change.at("to");
    }
    for (const auto& row : diff.at("added").as_array()) {
      EXPECT_TRUE(rows.emplace(row.at("id").as_string(), row).second);
    }
    EXPECT_EQ(rows, rows_at(to)) << from << " to " << to;
  }
}

TEST_F(EngineTest, ALostTailIsProjectedAgain) {
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 6; ++round) {
    store_.keep_flushes(true);
    store_.flush_every(1 + static_cast<unsigned>(random() % 9));
    start_counter('a', 1 + random() % 5);
    add_random(random, 60);
    catch_up();
    const auto rows = page("counter.counters"), log = page("counter.log");
    store_.keep_flushes(false);
    stop();
    store_.crash();
    store_.keep_flushes(true);
    start_counter('a', 16);
    EXPECT_EQ(settled(), rows);
    EXPECT_EQ(page("counter.log"), log);
    stop();
  }
}

TEST_F(EngineTest, AFlushAtStopSparesTheReplay) {
  start_counter();
  for (int i = 0; i < 30; ++i) add("a", 1);
  settled();
  stop();
  store_.crash();
  const auto applied = knobs_->applied.load();
  start_counter();
  EXPECT_EQ(settled(), R"([{"id":"a","total":30,"count":30}])");
  EXPECT_EQ(knobs_->applied.load(), applied);
}

TEST_F(EngineTest, TwoModulesProjectSideBySide) {
  auto other = std::make_shared<CounterKnobs>();
  start({std::make_shared<CounterModule>("counter", 'a', knobs_),
         std::make_shared<CounterModule>("tally", 'a', other)});
  std::mt19937_64 random(test_seed());
  for (int i = 0; i < 100; ++i) {
    add_random(random, 1, i % 2 == 0 ? "counter" : "tally");
  }
  const auto counters = settled("counter.counters"), tallies = settled("tally.counters");
  EXPECT_EQ(page("counter.counters", ledger_.durable().position), counters);
  stop();
  store_.clear();
  start({std::make_shared<CounterModule>("counter", 'a', knobs_),
         std::make_shared<CounterModule>("tally", 'a', other)});
  EXPECT_EQ(settled("counter.counters"), counters);
  EXPECT_EQ(settled("tally.counters"), tallies);
}

TEST_F(EngineTest, UnknownTypesAreSkippedAndCounted) {
  start_counter();
  add("a", 1);
  append("counter.renamed", "{}", nullptr);
  append("stranger.came", "{}", nullptr);
  append("stranger.came", "{}", nullptr);
  EXPECT_EQ(settled(), R"([{"id":"a","total":1,"count":1}])");
  EXPECT_EQ(status().unknown_events, 3u);
  EXPECT_EQ(status().state, State::kLive);
}

TEST_F(EngineTest, APositionOfTheFutureOrAnUnknownTableIsRefused) {
  start_counter();
  add("a", 1);
  catch_up();
  EXPECT_EQ(engine_->open("counter.counters", {1'000'000}).error().reason, "as_of.future");
  EXPECT_EQ(engine_->open("counter.nothing", kHead).error().reason, "table.unknown");
  EXPECT_EQ(engine_->wait_for("nothing", {1}, kPatience).error().reason, "module.unknown");
}

TEST_F(EngineTest, TablesOfAnotherLedgerAreBuiltAgain) {
  start_counter();
  add("a", 1);
  catch_up();
  const auto name = status().generation;
  stop();
  Progress foreign{{}, ledger_.durable().position, {}};
  foreign.ledger.bytes[3] = 9;
  ASSERT_TRUE(store_.open(name).value()->commit({}, foreign).ok());
  start_counter();
  EXPECT_EQ(settled(), R"([{"id":"a","total":1,"count":1}])");
  std::lock_guard lock(log_mutex_);
  EXPECT_FALSE(log_.empty());
}

TEST_F(EngineTest, TablesAheadOfTheLedgerAreBuiltAgain) {
  start_counter();
  add("a", 1);
  catch_up();
  const auto name = status().generation;
  stop();
  ASSERT_TRUE(store_.open(name).value()->commit({}, {ledger_.id(), {99'999}, {}}).ok());
  start_counter();
  EXPECT_EQ(settled(), R"([{"id":"a","total":1,"count":1}])");
}

TEST_F(EngineTest, TablesOfOtherEventsAreBuiltAgain) {
  start_counter();
  add("a", 1);
  catch_up();
  const auto name = status().generation;
  stop();
  Progress other{ledger_.id(), {3}, {}};
  other.root.bytes[0] = 1;
  ASSERT_TRUE(store_.open(name).value()->commit({}, other).ok());
  start_counter();
  EXPECT_EQ(settled(), R"([{"id":"a","total":1,"count":1}])");
}

TEST_F(EngineTest, StoppingUnderLoadLeavesAPrefix) {
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 10; ++round) {
    start_counter('a', 8);
    add_random(random, 40);
    stop();
  }
  start_counter();
  const auto rows = settled();
  stop();
  store_.clear();
  start_counter();
  EXPECT_EQ(settled(), rows);
}

}  // namespace
}  // namespace opsledger::testing
