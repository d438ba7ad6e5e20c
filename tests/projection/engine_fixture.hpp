// A ledger, a table store that can lose what was not flushed, and engines over them.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <random>

#include "kernel/modules/registry.hpp"
#include "kernel/projection/event_feed.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/query/table_query.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_table_store.hpp"
#include "tests/projection/counter_module.hpp"
#include "tests/storage/manual_clock.hpp"
#include "tests/support/owned_write.hpp"

namespace opsledger::testing {

/// Remembers every commit since the last flush, so that a crash can forget them.
class LosingStore final : public TableStore {
 public:
  Result<std::shared_ptr<TableGeneration>> open(const std::string& name) override;
  Status drop(const std::string& name) override;
  std::vector<std::string> list() const override;
  /// Everything that was not flushed is gone; open handles keep what they saw.
  void crash();
  /// The disk is lost.
  void clear();
  /// Whether `flush` keeps anything.
  void keep_flushes(bool keep) { keep_flushes_ = keep; }
  /// After this many commits a flush happens by itself (RocksDB does so when memory is full).
  void flush_every(unsigned commits) { flush_every_ = commits; }

 private:
  class Generation;
  struct Batch {
    std::vector<testing_support::OwnedWrite> writes;
    Progress progress;
  };
  struct Stored {
    std::vector<Batch> batches;
    std::size_t flushed = 0;
    std::shared_ptr<TableGeneration> live;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Stored> generations_;
  bool keep_flushes_ = true;
  unsigned flush_every_ = UINT_MAX;
};

class EngineTest : public ::testing::Test {
 protected:
  static constexpr std::chrono::milliseconds kPatience{20'000};

  /// A registry and an engine with these modules; replaces the one before (after its stop).
  ProjectionEngine& start(std::vector<std::shared_ptr<PluginInstance>> modules,
                          std::size_t batch_events_max = 64);
  ProjectionEngine& start_counter(char code = 'a', std::size_t batch_events_max = 64);
  void stop() { engine_.reset(); }

  Position append(const std::string& type, Bytes data, std::shared_ptr<const Schema> schema);
  Position add(const std::string& id, std::int64_t n, const std::string& module = "counter");
  Position remove(const std::string& id, const std::string& module = "counter");
  /// Random adds and removes.
  void add_random(std::mt19937_64& random, int events, const std::string& module = "counter");

  std::string page(const std::string& table, Position as_of = kHead,
                   const QueryParameters& parameters = {}, bool as_shown = false);
  /// The table's rows at head after everything was projected.
  std::string settled(const std::string& table = "counter.counters");
  void catch_up(const std::string& module = "counter");
  ProjectionStatus status(const std::string& module = "counter");
  /// Waits until the status satisfies `wanted`; the last status.
  ProjectionStatus await(const std::function<bool(const ProjectionStatus&)>& wanted,
                         const std::string& module = "counter");
  std::vector<std::string> event_types() const;

  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  LosingStore store_;
  SchemaCatalog schemas_;
  std::shared_ptr<CounterKnobs> knobs_ = std::make_shared<CounterKnobs>();
  std::vector<std::string> log_;
  std::mutex log_mutex_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<ProjectionEngine> engine_;
};

std::uint64_t test_seed();

}  // namespace opsledger::testing
