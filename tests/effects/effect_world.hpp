// The module `notify`, a command path and an effect runner over a ledger in memory.
#pragma once

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <future>

#include "kernel/effects/effect_runner.hpp"
#include "kernel/effects/ledger_facts.hpp"
#include "kernel/effects/notification_effect.hpp"
#include "kernel/events/cloud_event.hpp"
#include "kernel/plugin/plugin_library.hpp"
#include "storage/memory/memory_ledger.hpp"

namespace opsledger::testing {

/// Stands still until it is moved.
class ManualClock final : public Clock {
 public:
  Time now() const override { return {us_.load()}; }
  void advance(std::chrono::microseconds by) { us_ += by.count(); }

 private:
  std::atomic<std::int64_t> us_{1'794'398'400'000'000};  // 2026-11-11T12:00:00Z
};

/// Works over any ledger. Secrets are what the test puts into `secrets`.
class EffectWorld {
 public:
  EffectWorld(Ledger& ledger, const Clock& clock) : ledger(ledger), clock(clock) {
    auto modules = load_plugin(NOTIFY_PLUGIN_PATH);
    OPS_ASSERT(modules.ok());
    for (const auto& module : *modules) {
      const auto added = registry.add(module);
      EXPECT_TRUE(added.ok()) << added.error().message << added.error().fields.back().detail;
      for (const auto& type : module->info().event_types) {
        if (!type.owned) continue;
        OPS_ASSERT(schemas.ensure(ledger, type.type, type.version, type.schema).ok());
      }
    }
    commands = std::make_unique<CommandService>(ledger, registry, schemas, clock,
                                                CommandService::Limits());
  }
  ~EffectWorld() { stop(); }

  void run(EffectRunner::Options options = {}, OutboundGuard::Options allowed = {}) {
    stop();
    stopping = false;
    guard = std::make_unique<OutboundGuard>(std::move(allowed));
    Transport::Options limits;
    limits.timeout = std::chrono::seconds(3);
    transport = std::make_unique<Transport>(*guard, stopping, limits);
    effect = std::make_unique<NotificationEffect>(
        ledger, schemas, clock, *transport,
        [this](std::string_view channel) -> Result<std::optional<ChannelSecret>> {
          const auto found = secrets.find(std::string(channel));
          if (found == secrets.end()) return std::optional<ChannelSecret>();
          return std::optional(found->second);
        },
        [this](const std::string& person) { return read_contact(ledger, schemas, {}, person); },
        NotificationEffect::Options());
    options.log = [this](std::string_view text) {
      const std::lock_guard lock(mutex);
      logged += std::string(text) + "\n";
    };
    runner = std::make_unique<EffectRunner>(ledger, *commands, clock, *effect, std::move(options));
    ASSERT_TRUE(runner->start().ok());
  }
  void stop() {
    stopping = true;
    runner.reset();
  }

  Result<CommandOutcome> send(std::string type, boost::json::value data) {
    std::promise<Result<CommandOutcome>> promise;
    RequestContext context;
    context.actor = "P-9";
    context.reason = "test";
    commands->execute({std::move(type), std::move(data), std::move(context), {}},
                      [&](Result<CommandOutcome> r) { promise.set_value(std::move(r)); });
    return promise.get_future().get();
  }
  void define_channel(boost::json::object channel) {
    const auto done = send("notify.define_channel", std::move(channel));
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  void person(const std::string& id, const boost::json::object& data) {
    NewEvent event{.type = "person.registered", .tags = {"person:" + id}, .actor = "t"};
    event.data = boost::json::serialize(data);
    Proposal proposal;
    proposal.events.push_back(std::move(event));
    ASSERT_TRUE(append_and_wait(ledger, std::move(proposal)).ok());
  }
  /// Position of what was queued for the group.
  std::uint64_t post(const std::string& channel, const std::string& subject = "库存不足",
                     const boost::json::array& to = {}) {
    const auto done = send("notification.send", {{"channels", {channel}},
                                                 {"subject", subject},
                                                 {"text", "SKU 7"},
                                                 {"link", "https://ops.example/x"},
                                                 {"to", to}});
    EXPECT_TRUE(done.ok()) << done.error().message;
    return done ? done->events.back().second.value : 0;
  }

  std::vector<boost::json::object> events(const std::string& type) {
    std::vector<boost::json::object> out;
    auto cursor = ledger.read(Query{{{{type}, {}}}}, {});
    for (auto span = (*cursor)->next(); span.ok() && !span->empty(); span = (*cursor)->next()) {
      for (const auto& event : *span) out.push_back(event_data(event, schemas));
    }
    return out;
  }
  /// All of that type, as soon as there are `count`.
  std::vector<boost::json::object> wait_for(const std::string& type, std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    auto found = events(type);
    while (found.size() < count && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      found = events(type);
    }
    EXPECT_GE(found.size(), count) << type << "\n" << log();
    return found;
  }
  /// Every byte of every event.
  std::string whole_ledger() {
    std::string out;
    auto cursor = ledger.read({}, {});
    for (auto span = (*cursor)->next(); span.ok() && !span->empty(); span = (*cursor)->next()) {
      for (const auto& event : *span) out.append(event.encoded);
    }
    return out;
  }
  std::string log() {
    const std::lock_guard lock(mutex);
    return logged;
  }

  Ledger& ledger;
  const Clock& clock;
  Registry registry;
  SchemaCatalog schemas;
  std::unique_ptr<CommandService> commands;
  std::map<std::string, ChannelSecret> secrets;
  std::atomic<bool> stopping{false};
  std::unique_ptr<OutboundGuard> guard;
  std::unique_ptr<Transport> transport;
  std::unique_ptr<NotificationEffect> effect;
  std::unique_ptr<EffectRunner> runner;
  std::mutex mutex;
  std::string logged;
};

class EffectTest : public ::testing::Test {
 protected:
  ManualClock clock;
  MemoryLedger ledger{clock};
  EffectWorld world{ledger, clock};
};

}  // namespace opsledger::testing
