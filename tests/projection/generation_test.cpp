// Generations: rebuilds, changed code, parked events.
#include <algorithm>

#include "tests/projection/engine_fixture.hpp"

namespace opsledger::testing {
namespace {

using State = ProjectionStatus::State;

class GenerationTest : public EngineTest {
 protected:
  long count_type(const std::string& type) const {
    const auto types = event_types();
    return std::count(types.begin(), types.end(), type);
  }
};

TEST_F(GenerationTest, TheFirstGenerationAndItsRowSchemasAreRecorded) {
  start_counter();
  add("a", 1);
  catch_up();
  EXPECT_EQ(count_type("projection.generation_started"), 1);
  EXPECT_EQ(count_type("projection.table_shaped"), 2);
  stop();
  start_counter();
  catch_up();
  EXPECT_EQ(count_type("projection.generation_started"), 1) << "a restart is no new generation";
}

TEST_F(GenerationTest, RebuildSwapsInANewGenerationWithTheSameRows) {
  std::mt19937_64 random(test_seed());
  start_counter();
  add_random(random, 100);
  const auto rows = settled();
  const auto old = status().generation;
  ASSERT_TRUE(engine_->rebuild("counter").ok());
  await([&](const auto& now) { return now.generation != old && now.state == State::kLive; });
  EXPECT_EQ(page("counter.counters"), rows);
  EXPECT_EQ(count_type("projection.generation_finished"), 1);
  add("z", 1);
  EXPECT_NE(settled(), rows) << "the new generation goes on";
  EXPECT_EQ(engine_->rebuild("nothing").error().code, Code::kNotFound);
}

TEST_F(GenerationTest, ReadsGoOnDuringARebuildAndASecondOneIsRefused) {
  start_counter('a', 1);
  for (int i = 0; i < 20; ++i) add("a", 1);
  const auto rows = settled();
  const auto old = status().generation;
  knobs_->poison_at = 12;  // holds the new generation back
  ASSERT_TRUE(engine_->rebuild("counter").ok());
  const auto parked = await([](const auto& now) { return now.state == State::kParked; });
  EXPECT_EQ(parked.generation, old);
  EXPECT_EQ(parked.parked_at.value, 12u);
  EXPECT_EQ(parked.rebuild_position.value, 11u);
  EXPECT_EQ(page("counter.counters"), rows);
  add("a", 1);
  await([&](const auto& now) { return now.position == ledger_.durable().position; });
  EXPECT_EQ(page("counter.counters"), R"([{"id":"a","total":21,"count":21}])");
  EXPECT_EQ(engine_->rebuild("counter").error().reason, "projection.rebuilding");
  knobs_->poison_at = 0;
  ASSERT_TRUE(engine_->retry("counter").ok());
  await([&](const auto& now) { return now.generation != old && now.state == State::kLive; });
  EXPECT_EQ(page("counter.counters"), R"([{"id":"a","total":21,"count":21}])");
}

TEST_F(GenerationTest, ChangedCodeBuildsBesideAndThePastStaysAsItWasShown) {
  start_counter('a');
  add("a", 1);
  const auto shown = settled();
  const auto before = ledger_.durable().position;
  const auto old = status().generation;
  stop();
  knobs_->factor = 10;
  knobs_->poison_at = before.value;  // holds the new generation back
  start_counter('b');
  await([](const auto& now) { return now.state == State::kParked; });
  EXPECT_EQ(status().generation, old);
  EXPECT_EQ(page("counter.counters"), shown) << "old rows serve by their own schema";
  knobs_->poison_at = 0;
  ASSERT_TRUE(engine_->retry("counter").ok());
  await([&](const auto& now) { return now.generation != old && now.state == State::kLive; });
  EXPECT_EQ(page("counter.counters"), R"([{"id":"a","total":10,"count":1}])");
  EXPECT_EQ(page("counter.counters", before), R"([{"id":"a","total":10,"count":1}])")
      << "as_of applies today's code";
  EXPECT_EQ(page("counter.counters", before, {}, true), shown) << "as_shown the code of then";
  EXPECT_EQ(engine_->open("counter.counters", before, true)->generation_name, old);
  EXPECT_EQ(page("counter.counters", {1}, {}, true), "generation.none");
}

TEST_F(GenerationTest, AnInterruptedBuildIsBuiltOn) {
  start_counter('a');
  for (int i = 0; i < 30; ++i) add("a", 1);
  settled();
  stop();
  knobs_->poison_at = 25;
  start_counter('b', 1);
  await([](const auto& now) { return now.state == State::kParked; });
  stop();
  knobs_->poison_at = 0;
  const auto applied = knobs_->applied.load();
  start_counter('b', 1);
  await([](const auto& now) { return now.state == State::kLive; });
  EXPECT_EQ(settled(), R"([{"id":"a","total":30,"count":30}])");
  EXPECT_LT(knobs_->applied.load() - applied, 40u) << "two tables, about ten events";
}

TEST_F(GenerationTest, ALongLedgerIsReadOnceItIsCaughtUp) {
  start_counter();
  for (int i = 0; i < 40; ++i) add("a", 1);
  stop();
  store_.clear();
  knobs_->poison_at = 20;
  start({std::make_shared<CounterModule>("counter", 'z', knobs_)}, 8);
  await([](const auto& now) { return now.state == State::kParked; });
  EXPECT_EQ(page("counter.counters"), "projection.building");
  knobs_->poison_at = 0;
  ASSERT_TRUE(engine_->retry("counter").ok());
  EXPECT_EQ(settled(), R"([{"id":"a","total":40,"count":40}])");
}

TEST_F(GenerationTest, APoisonEventParksAtItsPositionAndOthersGoOn) {
  auto other = std::make_shared<CounterKnobs>();
  start({std::make_shared<CounterModule>("counter", 'a', knobs_),
         std::make_shared<CounterModule>("tally", 'a', other)});
  add("a", 1);
  catch_up();
  knobs_->poison_at = ledger_.durable().position.value + 3;
  for (int i = 0; i < 5; ++i) add("a", 1);
  add("t", 1, "tally");
  const auto parked = await([](const auto& now) { return now.state == State::kParked; });
  EXPECT_EQ(parked.parked_at.value, knobs_->poison_at);
  EXPECT_EQ(parked.position.value, knobs_->poison_at - 1) << "everything before it is projected";
  EXPECT_EQ(parked.parked->reason, "plugin.failed");
  EXPECT_EQ(page("counter.counters"), R"([{"id":"a","total":3,"count":3}])");
  EXPECT_EQ(settled("tally.counters"), R"([{"id":"t","total":1,"count":1}])");
  const auto waited = engine_->wait_for("counter", ledger_.durable().position, kPatience);
  EXPECT_EQ(waited.error().reason, "projection.parked") << "no use in waiting";
}

TEST_F(GenerationTest, RetryGoesOnOnceTheCauseIsGone) {
  start_counter();
  knobs_->poison_at = add("a", 1).value + 1;
  add("a", 1);
  await([](const auto& now) { return now.state == State::kParked; });
  ASSERT_TRUE(engine_->retry("counter").ok());
  await([](const auto& now) { return now.state == State::kParked; });
  knobs_->poison_at = 0;
  ASSERT_TRUE(engine_->retry("counter").ok());
  EXPECT_EQ(settled(), R"([{"id":"a","total":2,"count":2}])");
  EXPECT_EQ(engine_->retry("counter").error().reason, "projection.not_parked");
}

TEST_F(GenerationTest, ASkipIsAnEventAndARebuildSkipsTheSame) {
  start_counter();
  knobs_->poison_at = add("a", 1).value + 1;
  add("a", 5);
  add("a", 1);
  await([](const auto& now) { return now.state == State::kParked; });
  ASSERT_TRUE(engine_->skip("counter", "broken by hand", "admin").ok());
  EXPECT_EQ(settled(), R"([{"id":"a","total":2,"count":2}])");
  const auto event = ledger_.get(ledger_.durable().position).value();
  EXPECT_EQ(event->type, "projection.event_skipped");
  EXPECT_EQ(event->actor, "admin");
  EXPECT_EQ(boost::json::parse(event->data).at("reason").as_string(), "broken by hand");
  const auto old = status().generation;
  ASSERT_TRUE(engine_->rebuild("counter").ok());
  await([&](const auto& now) { return now.generation != old && now.state == State::kLive; });
  EXPECT_EQ(settled(), R"([{"id":"a","total":2,"count":2}])");
  stop();
  start_counter();
  EXPECT_EQ(settled(), R"([{"id":"a","total":2,"count":2}])");
  stop();
  knobs_->poison_at = 0;
  start_counter('b');
  await([](const auto& now) { return now.state == State::kLive; });
  EXPECT_EQ(settled(), R"([{"id":"a","total":7,"count":3}])") << "other code tries again";
  EXPECT_EQ(engine_->skip("counter", "x", "y").error().code, Code::kConflict);
}

TEST_F(GenerationTest, ATablesOwnNotesAreNoRows) {
  knobs_->notes = true;
  start_counter();
  add("a", 1);
  add("a", 2);
  EXPECT_EQ(settled(), R"([{"id":"a","total":3,"count":2}])");
  EXPECT_EQ(page("counter.counters", ledger_.durable().position), page("counter.counters"));
  EXPECT_EQ(page("counter.counters", kHead, {{"select", "count()"}}), R"([{"count":1}])");
}

TEST_F(GenerationTest, OnlyTheLastFinishedGenerationsAreKept) {
  start_counter();
  add("a", 1);
  for (int i = 0; i < 11; ++i) {
    const auto old = (catch_up(), status().generation);
    ASSERT_TRUE(engine_->rebuild("counter").ok());
    await([&](const auto& now) { return now.generation != old && now.state == State::kLive; });
  }
  stop();
  EXPECT_LE(store_.list().size(), 9u);
}

}  // namespace
}  // namespace opsledger::testing
