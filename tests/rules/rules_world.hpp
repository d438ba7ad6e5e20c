// A ledger in memory with the shop module, its commands, and the rules over them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "kernel/command/command_service.hpp"
#include "kernel/reactions/reaction_runner.hpp"
#include "kernel/rules/data_rules.hpp"
#include "kernel/rules/rule_administration.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/rules/shop_module.hpp"
#include "tests/storage/manual_clock.hpp"
#include "tests/support/sdk_module.hpp"

namespace opsledger {

/// Rows that a test lays down.
class FixedRows final : public HostServices {
 public:
  std::map<std::string, std::string> rows;
  Result<std::optional<std::string>> lookup(std::string_view table, std::string_view key,
                                            Position) const override {
    const auto found = rows.find(std::string(table) + "/" + std::string(key));
    if (found == rows.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  Result<Time> add_working(std::string_view, Time from, Duration by, Position) const override {
    return from + by;
  }
  Result<Time> add_working_days(std::string_view, Time from, std::int32_t days,
                                Position) const override {
    return from + std::chrono::hours(24 * days);
  }
  Result<Duration> working_between(std::string_view, Time from, Time to, Position) const override {
    return to - from;
  }
};

class RulesWorld : public ::testing::Test {
 protected:
  RulesWorld() {
    for (const auto& module : testing_support::sdk_modules({&testing_support::shop_part})) {
      for (const auto& type : module->info().event_types) {
        EXPECT_TRUE(schemas_.ensure(ledger_, type.type, type.version, type.schema).ok());
      }
      EXPECT_TRUE(registry_.add(module).ok());
    }
    commands_ = std::make_unique<CommandService>(ledger_, registry_, schemas_, clock_,
                                                 CommandService::Limits{});
  }

  static boost::json::object parsed(const char* text) {
    return boost::json::parse(text).as_object();
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
  void count(const std::string& id, int level, const std::string& department = "OPS") {
    send("stock.count", {{"count", id}, {"level", level}}, department);
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
        found.push_back(std::move(data));
      }
    }
    return found;
  }
  std::uint64_t published(const char* definition) {
    const auto outcome = rules_.publish(parsed(definition), {});
    EXPECT_TRUE(outcome.ok()) << outcome.error().message;
    return outcome.ok() ? outcome->version : 0;
  }

  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  Registry registry_;
  FixedRows services_;
  std::unique_ptr<CommandService> commands_;
  RuleCatalog catalog_{ledger_, registry_};
  RulePlanner planner_{registry_, schemas_, &services_, [](auto, auto department) {
                         return department == "OPS" ? R"({"low":5})" : "{}";
                       }};
  RuleAdministration rules_{ledger_, registry_, catalog_, planner_, nullptr};
};

}  // namespace opsledger
