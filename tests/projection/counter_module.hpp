// A module in C++ for the engine's tests: adds numbers up, one row per id.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "kernel/plugin/plugin_instance.hpp"
#include "tests/support/test_bytes.hpp"

namespace opsledger::testing {

/// events  <name>.added {id, n}, <name>.removed {id}
/// tables  counters {id, total, count}, key id, index total; log {text}, one row per event
struct CounterKnobs {
  std::atomic<std::uint64_t> poison_at{0}, poison_from{UINT64_MAX};  ///< positions; 0 = none
  std::atomic<std::uint64_t> applied{0}, applies{0};
  std::atomic<std::int64_t> factor{1};
  std::atomic<bool> notes{false};  ///< totals also in the table's own notes
};

class CounterModule : public PluginInstance {
 public:
  CounterModule(std::string name, char code, std::shared_ptr<CounterKnobs> knobs)
      : knobs_(std::move(knobs)) {
    info_.name = std::move(name);
    info_.version = std::string("1.0.") + code;
    info_.hash.bytes[0] = static_cast<std::uint8_t>(code);
    info_.prefixes = {info_.name};
    const auto added =
        Schema::parse(R"({"struct":[{"name":"id","type":"string"},{"name":"n","type":"i64"}]})");
    const auto removed = Schema::parse(R"({"struct":[{"name":"id","type":"string"}]})");
    info_.event_types = {{info_.name + ".added", 1, added.value(), true, {}},
                         {info_.name + ".removed", 1, removed.value(), true, {}}};
    TableInfo counters;
    counters.name = "counters";
    counters.event_types = {0, 1};
    counters.row = Schema::parse(R"({"struct":[{"name":"id","type":"string"},)"
                                 R"({"name":"total","type":"i64"},)"
                                 R"({"name":"count","type":"i64"}]})")
                       .value();
    counters.key_column = "id";
    counters.indexes = {"total"};
    TableInfo log;
    log.name = "log";
    log.event_types = {0};
    log.row = Schema::parse(R"({"struct":[{"name":"text","type":"string"}]})").value();
    info_.tables = {std::move(counters), std::move(log)};
  }

  const ModuleInfo& info() const override { return info_; }
  CounterKnobs& knobs() { return *knobs_; }

  Result<std::vector<Bytes>> table_keys(std::uint32_t,
                                        std::span<const PluginEvent> events) override {
    std::vector<Bytes> keys;
    for (const auto& event : events) keys.push_back(PayloadReader(event.data).str());
    return keys;
  }

  Status table_apply(std::uint32_t table, std::span<const PluginEvent> events,
                     RowAccess& rows) override {
    ++knobs_->applies;
    for (const auto& event : events) {
      const auto position = event.event->position;
      if (position.value == knobs_->poison_at || position.value >= knobs_->poison_from) {
        return Error{Code::kInternal, "plugin.failed", "poison on purpose"};
      }
      OPS_TRY(table == 0 ? count(event, rows) : note(event, rows));
      ++knobs_->applied;
    }
    return {};
  }

  static Bytes added(const std::string& id, std::int64_t n) {
    return PayloadWriter().str(id).i64(n).bytes;
  }
  static Bytes removed(const std::string& id) { return PayloadWriter().str(id).bytes; }

  // no commands, no models
  Result<std::unique_ptr<ModelState>> create_state(std::uint32_t) override { return none(); }
  Status fold(std::uint32_t, ModelState&, std::span<const PluginEvent>) override { return none(); }
  Result<std::vector<std::vector<std::string>>> load_tags(std::uint32_t, std::uint32_t, BytesView,
                                                          const States&) override {
    return none();
  }
  Result<std::string> series(std::uint32_t, BytesView, const PluginEnvelope&) override {
    return none();
  }
  Result<Decision> decide(std::uint32_t, BytesView, const States&, const PluginEnvelope&) override {
    return none();
  }

 private:
  static Error none() { return {Code::kInternal, "test.none", "the counter module has none"}; }

  Status count(const PluginEvent& event, RowAccess& rows) {
    PayloadReader in(event.data);
    const auto id = in.str();
    const auto position = event.event->position;
    if (event.type == 1) return rows.erase(id, position);
    const auto n = in.i64() * knobs_->factor;
    OPS_TRY_ASSIGN(const auto old, rows.get(id));
    std::int64_t total = 0, moves = 0;
    if (old) {
      PayloadReader was(*old);
      was.str();
      total = was.i64();
      moves = was.i64();
    }
    if (knobs_->notes) OPS_TRY(rows.put(std::string("\0", 1) + id, std::to_string(n), position));
    const auto row = PayloadWriter().str(id).i64(total + n).i64(moves + 1).bytes;
    return rows.put(id, row, position);
  }

  static Status note(const PluginEvent& event, RowAccess& rows) {
    PayloadReader in(event.data);
    const auto id = in.str();
    const auto position = event.event->position;
    const auto key = id + "/" + std::to_string(position.value);
    return rows.put(key, PayloadWriter().str(id + " " + std::to_string(in.i64())).bytes, position);
  }

  std::shared_ptr<CounterKnobs> knobs_;
  ModuleInfo info_;
};

}  // namespace opsledger::testing
