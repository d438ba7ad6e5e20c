// Events become commands exactly once, in the mode of their department, and never in a loop.
#include "kernel/reactions/reaction_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "kernel/reactions/plugin_reactions.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/reactions/chain_module.hpp"
#include "tests/storage/manual_clock.hpp"
#include "tests/support/sdk_module.hpp"

namespace opsledger {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReactionTest : public ::testing::Test {
 protected:
  ReactionTest() { start(); }
  ~ReactionTest() override { runner_.reset(); }

  /// A process begins over what the ledger holds.
  void start(ReactionSource* other = nullptr) {
    runner_.reset();
    commands_.reset();
    registry_ = std::make_unique<Registry>();
    for (const auto& module : testing_support::sdk_modules({&testing_support::chain_part})) {
      for (const auto& type : module->info().event_types) {
        ASSERT_TRUE(schemas_.ensure(ledger_, type.type, type.version, type.schema).ok());
      }
      ASSERT_TRUE(registry_->add(module).ok());
    }
    commands_ = std::make_unique<CommandService>(ledger_, *registry_, schemas_, clock_,
                                                 CommandService::Limits{});
    reactions_ = std::make_unique<PluginReactions>(*registry_, schemas_, nullptr);
    std::vector<ReactionSource*> sources{reactions_.get()};
    if (other != nullptr) sources.push_back(other);
    runner_ = std::make_unique<ReactionRunner>(ledger_, *registry_, *commands_, sources, options_);
  }
  void run() {
    const auto status = runner_->run_until_idle();
    ASSERT_TRUE(status.ok()) << status.error().message;
  }
  void send(const std::string& type, boost::json::value data,
            const std::string& department = "OPS") {
    std::promise<Result<CommandOutcome>> promise;
    CommandRequest request;
    request.type = type;
    request.data = std::move(data);
    request.context.department = department;
    commands_->execute(std::move(request),
                       [&](Result<CommandOutcome> r) { promise.set_value(std::move(r)); });
    const auto outcome = promise.get_future().get();
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  }
  void add(int n, const std::string& department = "OPS") {
    send("chain.add", {{"id", "a"}, {"n", n}}, department);
  }
  void mode(RuleMode mode, const std::string& department = "OPS") {
    ASSERT_TRUE(
        append_and_wait(ledger_, {{rule_mode_set("chain.next", department, mode)}, {}, {}}).ok());
  }
  std::vector<boost::json::object> events(const std::string& type) const {
    std::vector<boost::json::object> found;
    const auto cursor = ledger_.read({{{{type}, {}}}}, {}).value();
    for (auto span = cursor->next().value(); !span.empty(); span = cursor->next().value()) {
      for (const auto& event : span) {
        const auto schema = event.schema.is_json() ? nullptr : schemas_.find(event.schema);
        auto data =
            (schema ? schema->decode(event.data) : parse_json(event.data)).value().as_object();
        data["rule_of"] = event.metadata("rule").value_or("");
        data["at"] = event.position.value;
        found.push_back(std::move(data));
      }
    }
    return found;
  }

  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  ReactionRunner::Options options_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<CommandService> commands_;
  std::unique_ptr<PluginReactions> reactions_;
  std::unique_ptr<ReactionRunner> runner_;
};

TEST_F(ReactionTest, InShadowItSaysWhatItWouldSend) {
  run();
  add(2);
  run();
  const auto would = events("rule.would_have_fired");
  ASSERT_THAT(would, SizeIs(1));
  EXPECT_EQ(would[0].at("commands").at(0).at("type"), "chain.add");
  EXPECT_EQ(would[0].at("commands").at(0).at("data").at("n"), 1);
  EXPECT_THAT(events("chain.added"), SizeIs(1));
}

TEST_F(ReactionTest, OnItSendsAndTheEventsSayWhichRuleDidIt) {
  mode(RuleMode::kOn);
  run();
  add(2);
  run();
  const auto added = events("chain.added");
  ASSERT_THAT(added, SizeIs(3));
  EXPECT_EQ(added[0].at("rule_of"), "");
  EXPECT_EQ(added[1].at("rule_of"), "chain.next@1");
  const auto fired = events("rule.fired");
  ASSERT_THAT(fired, SizeIs(2));
  EXPECT_EQ(fired[0].at("trigger"), added[0].at("at"));
  EXPECT_EQ(fired[0].at("at").as_uint64(), added[1].at("at").as_uint64() + 1)
      << "in the append of its command's events";
}

TEST_F(ReactionTest, EachDepartmentHasItsOwnMode) {
  mode(RuleMode::kOn, "CS");
  mode(RuleMode::kOff, "*");
  run();
  add(1, "CS");
  add(1, "OPS");
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
  EXPECT_THAT(events("rule.would_have_fired"), IsEmpty());
}

TEST_F(ReactionTest, TheModeIsThatOfTheTriggersTime) {
  mode(RuleMode::kOn);
  run();
  add(1);
  mode(RuleMode::kOff);
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
  add(1);
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
}

TEST_F(ReactionTest, AReactionThatIsAlwaysOnNeedsNoMode) {
  run();
  send("chain.mark", {{"id", "a"}});
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
}

TEST_F(ReactionTest, ARejectionIsTheOutcomeToo) {
  run();
  send("chain.mark", {{"id", "refused"}});
  run();
  const auto fired = events("rule.fired");
  ASSERT_THAT(fired, SizeIs(1));
  EXPECT_EQ(fired[0].at("outcome"), "rejected");
  EXPECT_EQ(fired[0].at("code"), "chain.refused");
}

TEST_F(ReactionTest, WhatWasThereBeforeTheRuleIsLeftAlone) {
  send("chain.mark", {{"id", "a"}});
  run();
  EXPECT_THAT(events("rule.fired"), IsEmpty());
  send("chain.mark", {{"id", "b"}});
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
}

TEST_F(ReactionTest, ARestartNeitherRepeatsNorForgets) {
  mode(RuleMode::kOn);
  run();
  add(1);
  run();
  add(1);  // not looked at before the restart
  start();
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(2));
  EXPECT_EQ(runner_->metrics().repeated, 1u) << "its progress was not recorded";
  EXPECT_THAT(events("rule.published"), SizeIs(2)) << "one per rule";
}

TEST_F(ReactionTest, ALoopIsHaltedAfterEightRulesInARow) {
  mode(RuleMode::kOn);
  run();
  add(1'000);
  run();
  EXPECT_THAT(events("chain.added"), SizeIs(9));
  EXPECT_THAT(events("rule.halted"), SizeIs(1));
  run();
  EXPECT_THAT(events("rule.halted"), SizeIs(1));
}

TEST_F(ReactionTest, WhereTheModuleIsDisabledItDoesNotRun) {
  options_.enabled = [](std::string_view, std::string_view department) {
    return department != "OPS";
  };
  start();
  run();
  send("chain.mark", {{"id", "a"}}, "OPS");
  send("chain.mark", {{"id", "b"}}, "CS");
  run();
  EXPECT_THAT(events("rule.fired"), SizeIs(1));
}

/// Rules as data would be: several commands for one event, and rules that come and go.
class Fan final : public ReactionSource {
 public:
  std::uint64_t revision() const override { return revision_; }
  std::vector<RuleInfo> rules() const override {
    if (gone) return {};
    return {{"fan", 3, "", true, {"Fan", "扇"}, {"chain.marked"}}};
  }
  Result<std::vector<RuleCommand>> react(const RuleInfo&, const EventView&) override {
    if (failing) return Error{Code::kInternal, "test", "it does not work"};
    std::vector<RuleCommand> commands;
    for (int i = 0; i < width; ++i) {
      commands.push_back({i == 1 ? "chain.nonsense" : "chain.add",
                          {{"id", "f" + std::to_string(i)}, {"n", 0}},
                          "CS"});
    }
    return commands;
  }
  void change(bool is_gone) {
    gone = is_gone;
    ++revision_;
  }
  int width = 3;
  bool failing = false, gone = false;

 private:
  std::uint64_t revision_ = 1;
};

TEST_F(ReactionTest, SeveralCommandsForOneEventAreSentOnceEach) {
  Fan fan;
  start(&fan);
  run();
  send("chain.mark", {{"id", "a"}});
  run();
  start(&fan);
  run();
  std::map<std::string, int> outcomes;
  for (const auto& fired : events("rule.fired")) {
    if (fired.at("rule") == "fan") ++outcomes[std::string(fired.at("outcome").as_string())];
  }
  EXPECT_EQ(outcomes, (std::map<std::string, int>{{"accepted", 2}, {"failed", 1}}));
}

TEST_F(ReactionTest, MoreThanFiftyCommandsForOneEventHaltTheRule) {
  Fan fan;
  fan.width = 51;
  start(&fan);
  run();
  send("chain.mark", {{"id", "a"}});
  run();
  const auto halted = events("rule.halted");
  ASSERT_THAT(halted, SizeIs(1));
  EXPECT_EQ(halted[0].at("commands"), 51);
}

TEST_F(ReactionTest, ARuleThatFailsIsHaltedForThatEventAndGoesOn) {
  Fan fan;
  fan.failing = true;
  start(&fan);
  run();
  send("chain.mark", {{"id", "a"}});
  run();
  fan.failing = false;
  send("chain.mark", {{"id", "b"}});
  run();
  EXPECT_THAT(events("rule.halted"), SizeIs(1));
  EXPECT_THAT(events("rule.fired"), SizeIs(5));  // two of `same`, three of the fan
}

TEST_F(ReactionTest, ProgressIsRecordedWhenTheRunnerStops) {
  runner_->start();
  for (int i = 0; i < 3; ++i) send("chain.mark", {{"id", "a"}});
  for (int i = 0; i < 2'000 && events("rule.fired").size() < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  runner_->stop();
  EXPECT_THAT(events("rule.progressed"), ::testing::Not(IsEmpty()));
  start();
  run();
  EXPECT_EQ(runner_->metrics().repeated, 0u);
}

}  // namespace
}  // namespace opsledger
