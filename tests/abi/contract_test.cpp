// One suite over both ways to run a module: in this process and over a pipe.
#include <gtest/gtest.h>

#include <opsledger/kit/library.hpp>
#include <opsledger/kit/local_runner.hpp>
#include <opsledger/kit/world.hpp>

#include <functional>
#include <memory>

#include "tests/abi/contract_module.hpp"
#include "tests/abi/trial_host.hpp"

namespace contract {
namespace {

using ops::kit::Delivered;
using ops::kit::EnvelopeValue;
using ops::kit::MemoryRows;
using ops::kit::PluginFailure;
using ops::kit::Runner;
using ops::kit::World;

std::unique_ptr<Runner> local() {
  static ops::kit::PluginLibrary library(CONTRACT_PLUGIN);
  return std::make_unique<ops::kit::LocalRunner>(library.module("contract"));
}
std::unique_ptr<Runner> remote() {
  return std::make_unique<trial::RemoteRunner>(CONTRACT_PLUGIN, "contract");
}

struct Way {
  const char* name;
  std::unique_ptr<Runner> (*make)();
};

class PluginContract : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    runner_ = GetParam().make();
    world_ = std::make_unique<World>(*runner_);
    world_->envelope().actor = "wang";
    world_->envelope().department = "ops";
    world_->envelope().time = ops::Time{1'000'000'000'000};
  }
  template <ops::Event E>
  void give(const E& e, std::vector<std::string> extra_tags = {}) {
    if constexpr (requires { e.tags(); }) {
      for (const auto& tag : e.tags()) extra_tags.push_back(tag.text());
    }
    world_->append({std::string(E::type),
                    ops::schema_of<E>(),
                    ops::to_bytes(e),
                    extra_tags,
                    {},
                    {},
                    "wang",
                    "ops",
                    0});
  }
  void give_json(const std::string& type, const std::string& json) {
    world_->append({type, "", json, {"kpi:x"}, {}, {}, "wang", "ops", 0});
  }
  template <class C>
  ops::kit::Outcome send(const C& command) {
    return world_->send(C::type, ops::to_bytes(command));
  }
  template <class C>
  std::string failure(const C& command) {
    try {
      send(command);
    } catch (const PluginFailure& failure) {
      return failure.what();
    }
    return "no failure";
  }
  std::optional<Totals::Row> total(const std::string& key, std::size_t span = 0) {
    const auto bytes = world_->rows("totals", span).get(key);
    return bytes ? std::optional(ops::from_bytes<Totals::Row>(*bytes)) : std::nullopt;
  }

  std::unique_ptr<Runner> runner_;
  std::unique_ptr<World> world_;
};

TEST_P(PluginContract, DescribesEverything) {
  const auto& m = runner_->module();
  EXPECT_EQ(m.version, "1.2.3");
  ASSERT_EQ(m.commands.size(), 4u);
  const auto& join = m.commands[0];
  EXPECT_EQ(join.type, "contract.join");
  EXPECT_EQ(join.label_zh, "加入");
  EXPECT_EQ(join.permission_class, std::uint32_t{'A'});
  EXPECT_EQ(join.flags, OPS_COMMAND_REASON);
  EXPECT_EQ(join.grants, R"(["ops_manager","it_lead"])");
  EXPECT_EQ(join.separation, R"([{"not_actor_of":"contract.noted","tag":"thing"}])");
  EXPECT_EQ(join.load_models.size(), 2u);
  EXPECT_EQ(m.commands[1].id_count, 2u);
  EXPECT_EQ(m.commands[2].flags, OPS_COMMAND_INTERNAL);
  ASSERT_EQ(m.tables.size(), 1u);
  EXPECT_EQ(m.tables[0].indexes, std::vector<std::string>{"amount"});
  EXPECT_EQ(m.tables[0].search, std::vector<std::string>{"by"});
  EXPECT_EQ(m.tables[0].owner_column, "by");
  EXPECT_EQ(m.tables[0].department_column, "dept");
  EXPECT_EQ(m.timers.at(0).of, 2u);
  EXPECT_EQ(m.reactions.at(0).name, "refund_returns");
  EXPECT_EQ(m.calls.at(0).name, "finance.refund");
  EXPECT_EQ(m.pages.at(0).schema, R"({"tables":["totals"]})");
}

TEST_P(PluginContract, OnlyDeclaredEventsAreOwned) {
  std::vector<std::string> owned, foreign;
  for (const auto& e : runner_->module().event_types) {
    (e.flags & OPS_EVENT_OWNED ? owned : foreign).push_back(e.type);
  }
  EXPECT_EQ(owned, (std::vector<std::string>{"contract.joined", "contract.noted"}));
  EXPECT_EQ(foreign, (std::vector<std::string>{"shop.sold", "kpi.*"}));
}

TEST_P(PluginContract, LoadsRunInRounds) {
  give(Joined{"a", "g", 40});
  give(Joined{"b", "g", 50});
  give(Joined{"b", "other", 5});
  const auto refused = send(Join{"c", "g", 6});  // 40 + 55 + 6: b's other group counts too
  ASSERT_TRUE(refused.rejection);
  EXPECT_EQ(refused.rejection->code, "contract.full");
  const auto accepted = send(Join{"c", "g", 5});
  EXPECT_FALSE(accepted.rejection);
  ASSERT_EQ(accepted.warnings.size(), 1u);
  ASSERT_EQ(accepted.events.size(), 2u);
  EXPECT_EQ(accepted.events[0].tags, (std::vector<std::string>{"thing:c", "group:g"}));
  EXPECT_EQ(accepted.events[0].time, std::nullopt);
  EXPECT_EQ(accepted.events[1].time, ops::Time{1'000'000'000'000} - std::chrono::hours(1));
}

TEST_P(PluginContract, LoadMayNameNoStatesAtAll) {
  EXPECT_FALSE(send(Join{"a", "empty", 1}).rejection);
}

TEST_P(PluginContract, FoldGivesTheSameForAnySpans) {
  std::vector<Delivered> events;
  for (std::uint64_t i = 1; i <= 10; ++i) {
    events.push_back({0,
                      i,
                      {},
                      {},
                      ops::to_bytes(Joined{"t" + std::to_string(i % 3), "g", 1}),
                      "contract.joined",
                      "",
                      "",
                      "",
                      {}});
  }
  const auto model = runner_->module().commands[0].load_models[0];
  const auto whole = runner_->create(model), parts = runner_->create(model);
  runner_->fold(model, whole, events);
  for (const auto& event : events) runner_->fold(model, parts, {&event, 1});
  EXPECT_EQ(runner_->save(model, whole), runner_->save(model, parts));
  const auto restored = runner_->restore(model, runner_->save(model, whole));
  EXPECT_EQ(runner_->save(model, restored), runner_->save(model, parts));
  for (const auto state : {whole, parts, restored}) runner_->destroy(model, state);
}

TEST_P(PluginContract, NumberIdsAndTimerReachTheDecision) {
  const auto outcome = send(Open{"T-202611"});
  ASSERT_EQ(outcome.events.size(), 1u);
  const auto note = ops::from_bytes<Noted>(outcome.events[0].data);
  EXPECT_EQ(note.id, "T-202611-0001");
  EXPECT_EQ(note.text, "id-2");
  ASSERT_EQ(outcome.timers.size(), 1u);
  EXPECT_EQ(outcome.timers[0].basis, OPS_BASIS_WORKING);
  const auto fired = world_->pass(std::chrono::hours(2));
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(ops::from_bytes<Noted>(fired[0].events.at(0).data).text, "expired");
  EXPECT_TRUE(world_->pass(std::chrono::hours(100)).empty());
}

TEST_P(PluginContract, TableIsTheSameForAnySpans) {
  give(Joined{"a", "g", 1});
  give(Joined{"a", "g", 2});
  give(Noted{"a", "erase"});
  give(Joined{"a", "h", 3});
  give(Sold{"s", 7}, {"sku:s", "shop:1"});
  for (const std::size_t span : {0, 1, 2, 3}) {
    const auto row = total("a", span);
    ASSERT_TRUE(row) << span;
    EXPECT_EQ(row->amount, 3) << span;
    EXPECT_EQ(row->groups, 1) << span;
    EXPECT_EQ(row->by, "wang");
    EXPECT_EQ(row->dept, "ops");
    EXPECT_EQ(total("sku:s", span)->amount, 7);
  }
}

TEST_P(PluginContract, NoteRemembersAcrossSpans) {
  for (int i = 0; i < 3; ++i) give(Joined{"a", "g", 1});
  EXPECT_EQ(total("a", 1)->groups, 1);
  EXPECT_EQ(total("a", 1)->joins, 3);
}

TEST_P(PluginContract, ForeignEventsOfAPatternArriveAsJson) {
  give_json("kpi.scored", R"({"score":5,"who":"x"})");
  give_json("kpi.rescored", R"({"score":2})");
  const auto row = total("kpi");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->amount, 7);
  EXPECT_EQ(row->last_kpi, "kpi.rescored=2");
}

TEST_P(PluginContract, OlderShapeIsUpcast) {
  give(JoinedV1{"a", "30"});
  EXPECT_EQ(total("a")->amount, 30);
  const auto outcome = send(Join{"b", "old", 71});
  ASSERT_TRUE(outcome.rejection);
  EXPECT_EQ(outcome.rejection->text, "the group would hold 101");
}

TEST_P(PluginContract, PoisonEventIsNamedAndWhatCameBeforeCounts) {
  give(Joined{"a", "g", 1});
  give(Noted{"a", "poison"});
  give(Joined{"a", "g", 1});
  const auto& m = runner_->module();
  std::vector<Delivered> events;
  for (const auto& e : world_->history()) {
    events.push_back({e.type == "contract.joined" ? 0u : 1u,
                      e.position,
                      {},
                      {},
                      e.data,
                      e.type,
                      "",
                      "",
                      "",
                      {}});
  }
  ASSERT_EQ(m.event_types[1].type, "contract.noted");
  MemoryRows rows;
  try {
    runner_->apply(0, events, rows);
    FAIL() << "no failure";
  } catch (const PluginFailure& failure) {
    EXPECT_EQ(failure.position(), 2u);
    EXPECT_STREQ(failure.what(), "poisoned on purpose");
  }
  EXPECT_EQ(ops::from_bytes<Totals::Row>(*rows.get("a")).joins, 1);
}

TEST_P(PluginContract, ReactionsSendCommandsOfOthers) {
  give(Sold{"s", 7});
  give(Sold{"r", -2});
  const auto sent = world_->reactions(0);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].position, 2u);
  EXPECT_EQ(ops::from_bytes<Refund>(sent[0].data).units, 2);
}

TEST_P(PluginContract, ExceptionsBecomeTexts) {
  EXPECT_EQ(failure(Misbehave{"throw"}), "thrown on purpose");
  EXPECT_EQ(failure(Misbehave{"throw_int"}), "an exception that is no std::exception");
  EXPECT_NE(failure(Misbehave{"bad_alloc"}), "no failure");
  EXPECT_NE(failure(Misbehave{"undeclared"}).find("contract.undeclared"), std::string::npos);
  EXPECT_NE(failure(Misbehave{"no_such_timer"}).find("nothing"), std::string::npos);
  EXPECT_NE(failure(Misbehave{"too_many"}), "no failure");
  EXPECT_EQ(failure(Misbehave{"fine"}), "no failure");
}

TEST_P(PluginContract, WhatMakesNoTagIsTheCallersFault) {
  EXPECT_EQ(send(Misbehave{"bad_tag"}).rejection->code, "command.invalid");
  EXPECT_EQ(send(Join{"a", "", 1}).rejection->code, "command.invalid");
}

TEST_P(PluginContract, BytesThatDoNotDecodeAreFailuresNotCrashes) {
  EXPECT_THROW(world_->send("contract.join", "\xff\xff\xff\xff\x7f"), PluginFailure);
  EXPECT_THROW(world_->send("contract.join", ""), PluginFailure);
  EXPECT_THROW(runner_->restore(0, "\x05"), PluginFailure);
  const Delivered broken{0, 9, {}, {}, "\x01", "contract.joined", "", "", "", {}};
  MemoryRows rows;
  try {
    runner_->apply(0, {&broken, 1}, rows);
    FAIL() << "no failure";
  } catch (const PluginFailure& failure) {
    EXPECT_EQ(failure.position(), 9u);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, PluginContract,
                         testing::Values(Way{"InProcess", local}, Way{"OverAPipe", remote}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(TrialHost, OneBatchCostsOneRoundTripWhenItsKeysAreNamed) {
  trial::RemoteRunner runner(CONTRACT_PLUGIN, "contract");
  std::vector<Delivered> events;
  for (std::uint64_t i = 1; i <= 500; ++i) {
    events.push_back({0,
                      i,
                      {},
                      {},
                      ops::to_bytes(Joined{"t" + std::to_string(i % 50), "g", 1}),
                      "contract.joined",
                      "",
                      "",
                      "",
                      {}});
  }
  MemoryRows rows;
  const auto before = runner.round_trips();
  runner.apply(0, events, rows);
  EXPECT_EQ(runner.round_trips() - before, 2u);  // keys, then apply
  EXPECT_EQ(rows.all().size(), 100u);            // 50 rows and as many notes
}

TEST(PluginLibrary, HoldsSeveralModules) {
  ops::kit::PluginLibrary library(CONTRACT_PLUGIN);
  EXPECT_EQ(library.module_count(), 2u);
  EXPECT_EQ(ops::from_view(library.module("second").name), "second");
  EXPECT_THROW(library.module("third"), std::runtime_error);
}

TEST(PluginLibrary, RefusesWhatIsNoPlugin) {
  EXPECT_THROW(ops::kit::PluginLibrary("/nowhere.so"), std::runtime_error);
  EXPECT_THROW(ops::kit::PluginLibrary("libm.so.6"), std::runtime_error);
}

}  // namespace
}  // namespace contract
