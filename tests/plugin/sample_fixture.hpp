// The C sample plugin, loaded, and short ways to talk to it.
#pragma once

#include <boost/json.hpp>
#include <map>

#include "kernel/plugin/plugin_library.hpp"
#include "kernel/schema/catalog.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "storage/memory/memory_ledger.hpp"

namespace opsledger::testing {

inline std::filesystem::path sample_path(const std::string& name) {
  return std::filesystem::path(SAMPLE_PLUGINS_DIR) / (name + ".so");
}

struct StillClock : Clock {
  Time now() const override { return {1'000'000}; }
};

/// Rows in memory; `broken` makes every access fail.
class MapRows : public RowAccess {
 public:
  Result<std::optional<BytesView>> get(BytesView key) override {
    if (broken) return lost();
    const auto found = rows.find(std::string(key));
    if (found == rows.end()) return std::optional<BytesView>();
    return std::optional<BytesView>(found->second);
  }
  Status put(BytesView key, BytesView row, Position position) override {
    if (broken) return lost();
    rows[std::string(key)] = row;
    positions.push_back(position.value);
    return {};
  }
  Status erase(BytesView key, Position position) override {
    rows.erase(std::string(key));
    positions.push_back(position.value);
    return {};
  }
  std::map<std::string, std::string> rows;
  std::vector<std::uint64_t> positions;
  bool broken = false;

 private:
  static Error lost() { return {Code::kIo, "disk.lost", "the disk is gone"}; }
};

inline Bytes put_bytes(std::string_view id, std::int32_t n) {
  Bytes bytes;
  append_sized(id, &bytes);
  append_fixed(n, &bytes);
  return bytes;
}
inline Bytes command_bytes(std::string_view id, std::int32_t n, std::string_view mode = "") {
  Bytes bytes = put_bytes(id, n);
  append_sized(mode, &bytes);
  return bytes;
}
inline Bytes row_bytes(std::int64_t n) {
  Bytes bytes;
  append_fixed(n, &bytes);
  return bytes;
}

class SampleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto loaded = load_plugin(sample_path("sample_plugin"));
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    ASSERT_EQ(loaded->size(), 2u);
    sample_ = (*loaded)[0];
    const auto& schema = sample_->info().event_types[0].schema;
    ASSERT_TRUE(catalog_.ensure(ledger_, "sample.put", 2, schema).ok());
  }
  /// Events as a listener gets them: data in the reader's schema, positions from 2.
  std::vector<PluginEvent> events(const std::vector<std::pair<std::string, std::int32_t>>& puts) {
    std::vector<PluginEvent> all;
    for (const auto& [id, n] : puts) {
      NewEvent event;
      event.type = "sample.put";
      event.schema = sample_->info().event_types[0].schema->id();
      event.data = put_bytes(id, n);
      all.push_back(stored(0, event));
    }
    return all;
  }
  PluginEvent stored(std::uint32_t type, NewEvent event) {
    Proposal proposal;
    proposal.events = {std::move(event)};
    const auto outcome = append_and_wait(ledger_, std::move(proposal));
    EXPECT_TRUE(outcome.ok()) << outcome.error().message;
    held_.push_back(std::make_unique<OwnedEvent>(*ledger_.get(outcome->last)));
    return {type, held_.back()->view().data, &held_.back()->view()};
  }
  Result<Decision> decide(BytesView command, const PluginInstance::States& states = {}) {
    PluginEnvelope envelope;
    envelope.time = {5'000};
    envelope.department = "north";
    envelope.number = "S-0042";
    envelope.ids = {"id-1", "id-2"};
    return sample_->decide(0, command, states, envelope);
  }

  StillClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog catalog_;
  std::vector<std::unique_ptr<OwnedEvent>> held_;
  std::shared_ptr<PluginInstance> sample_;
};

}  // namespace opsledger::testing
