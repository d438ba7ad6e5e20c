// The real server on an ephemeral port over the in-memory backends and the test module.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "kernel/http/server.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_table_store.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {

/// Starts at 2026-11-11T12:00:00Z; tests move it.
class HandClock final : public Clock {
 public:
  Time now() const override { return {us_.load()}; }
  void advance(std::chrono::microseconds by) { us_ += by.count(); }

 private:
  std::atomic<std::int64_t> us_{1'794'398'400'000'000};
};

class HttpTest : public ::testing::Test {
 protected:
  void SetUp() override { start({}); }
  void TearDown() override {
    server.reset();
    projections.reset();
  }

  /// Replaces the running server (and everything below it) by one with these limits.
  void start(HttpLimits limits, std::vector<std::string> hosts = {}) {
    TearDown();
    registry = std::make_unique<Registry>();
    knobs = std::make_shared<TestModuleKnobs>();
    auto module = std::make_shared<TestModule>(knobs);
    ASSERT_TRUE(registry->add(module).ok());
    ledger = std::make_unique<MemoryLedger>(clock);
    schemas = std::make_unique<SchemaCatalog>();
    for (const EventTypeInfo& type : module->info().event_types) {
      if (!type.owned) continue;
      ASSERT_TRUE(schemas->ensure(*ledger, type.type, type.version, type.schema).ok());
    }
    raw_append = std::make_unique<RawAppend>(*registry);
    renderer = std::make_unique<EventRenderer>(ledger->id(), *schemas);
    commands = std::make_unique<CommandService>(*ledger, *registry, *schemas, clock,
                                                CommandService::Limits());
    store = std::make_unique<MemoryTableStore>();
    projections = std::make_unique<ProjectionEngine>(*ledger, *store, *registry, *schemas, clock,
                                                     ProjectionEngine::Options());
    ASSERT_TRUE(projections->start().ok());
    serve(limits, std::move(hosts));
  }

  void serve(HttpLimits limits, std::vector<std::string> hosts = {}) {
    Services services{*ledger,     *ledger,   *registry, *schemas,
                      *raw_append, *renderer, *commands, *projections};
    services.not_ready_reasons = [this] {
      const std::lock_guard lock(mutex);
      return reasons;
    };
    services.metrics.push_back([] {
      return std::vector<MetricSample>{{"opsledger_test_total", "For the test.", 7, {{"a", "b"}}}};
    });
    services.log_error = [this](std::string_view text) {
      const std::lock_guard lock(mutex);
      logged.emplace_back(text);
    };
    services.clock = &clock;
    services.identities = who.identities;
    services.access = who.access;
    services.administration = who.administration;
    services.secure_cookies = who.secure_cookies;
    HttpServer::Options options;
    options.port = 0;
    options.limits = limits;
    options.hosts = std::move(hosts);
    server = std::make_unique<HttpServer>(std::move(services), options);
    ASSERT_TRUE(server->start().ok());
  }

  std::unique_ptr<RawClient> connect() { return std::make_unique<RawClient>(server->port()); }
  Answer get(std::string_view target, const Headers& headers = {}) {
    return connect()->get(target, headers);
  }
  Answer post(std::string_view target, std::string_view body, const Headers& headers = {}) {
    return connect()->post(target, body, headers);
  }

  /// Appends one event `misc.note` with a tag; its position.
  std::uint64_t append_note(std::string_view tag = "n:1", std::string_view text = "x") {
    NewEvent event{.type = "misc.note", .tags = {std::string(tag)}, .actor = "t"};
    event.data = "{\"text\":\"" + std::string(text) + "\"}";
    Proposal proposal;
    proposal.events.push_back(std::move(event));
    return append_and_wait(*ledger, std::move(proposal)).value().last.value;
  }
  /// Appends `count` notes in one proposal; the last position.
  std::uint64_t append_notes(std::size_t count, std::string_view tag = "n:1",
                             std::string_view text = "x") {
    Proposal proposal;
    for (std::size_t i = 0; i < count; ++i) {
      NewEvent event{.type = "misc.note", .tags = {std::string(tag)}, .actor = "t"};
      event.data = "{\"text\":\"" + std::string(text) + "\"}";
      proposal.events.push_back(std::move(event));
    }
    return append_and_wait(*ledger, std::move(proposal)).value().last.value;
  }
  std::uint64_t head() const { return ledger->durable().position.value; }

  /// For `serve`: who asks and who may; by default everybody may everything.
  struct Who {
    Identities* identities = nullptr;
    const AccessModel* access = nullptr;
    Administration* administration = nullptr;
    bool secure_cookies = false;
  };

  Who who;
  HandClock clock;
  std::unique_ptr<Registry> registry;
  std::shared_ptr<TestModuleKnobs> knobs;
  std::unique_ptr<MemoryLedger> ledger;
  std::unique_ptr<SchemaCatalog> schemas;
  std::unique_ptr<RawAppend> raw_append;
  std::unique_ptr<EventRenderer> renderer;
  std::unique_ptr<CommandService> commands;
  std::unique_ptr<MemoryTableStore> store;
  std::unique_ptr<ProjectionEngine> projections;
  std::unique_ptr<HttpServer> server;
  std::mutex mutex;
  std::vector<std::string> reasons, logged;
};

}  // namespace opsledger::testing
