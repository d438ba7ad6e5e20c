// A command service over the test module and a ledger in memory.
#pragma once

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "kernel/command/command_service.hpp"
#include "kernel/modules/registry.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {

class StepClock : public Clock {
 public:
  Time now() const override { return {us_.fetch_add(1)}; }

 private:
  mutable std::atomic<std::int64_t> us_{1'790'000'000'000'000};
};

class CommandFixture : public ::testing::Test {
 protected:
  CommandFixture() { start(ledger_); }

  /// (Re)starts the service, with an empty cache, on `ledger`.
  void start(Ledger& ledger, CommandService::Limits limits = {}, const Access* access = nullptr) {
    service_.reset();
    registry_ = std::make_unique<Registry>();
    schemas_ = std::make_unique<SchemaCatalog>();
    auto module = std::make_shared<TestModule>(knobs_);
    for (const auto& type : module->info().event_types) {
      if (!type.owned) continue;
      const auto status = schemas_->ensure(ledger, type.type, type.version, type.schema);
      EXPECT_TRUE(status.ok()) << status.error().message;
    }
    EXPECT_TRUE(registry_->add(module).ok());
    service_ =
        std::make_unique<CommandService>(ledger, *registry_, *schemas_, clock_, limits, access);
    ledger_in_use_ = &ledger;
  }

  using Answer = std::future<Result<CommandOutcome>>;
  Answer send(std::string type, boost::json::value data, RequestContext context = {}) {
    auto promise = std::make_shared<std::promise<Result<CommandOutcome>>>();
    auto answer = promise->get_future();
    service_->execute({std::move(type), std::move(data), std::move(context), {}},
                      [promise](Result<CommandOutcome> r) { promise->set_value(std::move(r)); });
    return answer;
  }
  Result<CommandOutcome> run(std::string type, boost::json::value data,
                             RequestContext context = {}) {
    return send(std::move(type), std::move(data), std::move(context)).get();
  }
  Result<CommandOutcome> open(const std::string& id, const std::string& backup = "",
                              std::int64_t limit = 0) {
    return run("wallet.open", {{"id", id}, {"backup", backup}, {"limit", limit}});
  }
  Result<CommandOutcome> deposit(const std::string& id, std::int64_t amount) {
    return run("wallet.deposit", {{"id", id}, {"amount", amount}});
  }
  Result<CommandOutcome> withdraw(const std::string& id, std::int64_t amount) {
    return run("wallet.withdraw", {{"id", id}, {"amount", amount}});
  }

  static void given(const Result<CommandOutcome>& result) {
    EXPECT_TRUE(result.ok()) << result.error().message;
  }

  /// Appends an event of the test module past the command service.
  Result<AppendOutcome> append_raw(Emitted emitted) {
    const TestModule module;
    const auto& type = module.info().event_types[emitted.type];
    NewEvent event;
    event.type = type.type;
    event.tags = std::move(emitted.tags);
    event.schema = type.schema->id();
    event.data = std::move(emitted.data);
    return append_and_wait(*ledger_in_use_, {{std::move(event)}, {}, {}});
  }

  static std::string reason(const Result<CommandOutcome>& result) {
    return result.ok() ? "accepted" : result.error().reason;
  }
  static Code code(const Result<CommandOutcome>& result) {
    return result.ok() ? Code{} : result.error().code;
  }
  static RequestContext keyed(std::string key) {
    RequestContext context;
    context.actor = "wang";
    context.idempotency_key = std::move(key);
    return context;
  }
  std::uint64_t head() const { return ledger_in_use_->accepted().position.value; }

  /// Events of `type`, all of them when empty.
  std::vector<OwnedEvent> events(const std::string& type) const {
    Query query;
    if (!type.empty()) query.items = {{{type}, {}}};
    std::vector<OwnedEvent> found;
    auto cursor = ledger_in_use_->read(query, {}).value();
    for (auto span = cursor->next().value(); !span.empty(); span = cursor->next().value()) {
      for (const auto& event : span) found.emplace_back(event.encoded);
    }
    return found;
  }

  StepClock clock_;
  std::shared_ptr<TestModuleKnobs> knobs_ = std::make_shared<TestModuleKnobs>();
  MemoryLedger ledger_{clock_};
  Ledger* ledger_in_use_ = nullptr;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<SchemaCatalog> schemas_;
  std::unique_ptr<CommandService> service_;
};

}  // namespace opsledger::testing
