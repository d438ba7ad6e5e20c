#include "tests/projection/engine_fixture.hpp"

#include <cstdlib>

namespace opsledger::testing {

class LosingStore::Generation final : public TableGeneration {
 public:
  Generation(LosingStore& store, std::string name, std::shared_ptr<TableGeneration> rows)
      : store_(store), name_(std::move(name)), rows_(std::move(rows)) {}
  Progress progress() const override { return rows_->progress(); }
  Result<std::optional<RowVersion>> get(std::uint32_t table, BytesView key,
                                        Position as_of) const override {
    return rows_->get(table, key, as_of);
  }
  Status get_heads(std::uint32_t table, std::span<const BytesView> keys,
                   const TakeRow& take) const override {
    return rows_->get_heads(table, keys, take);
  }
  std::unique_ptr<RowCursor> scan(std::uint32_t table, const KeyRange& range, Position as_of,
                                  bool backward) const override {
    return rows_->scan(table, range, as_of, backward);
  }
  std::unique_ptr<RowCursor> scan_index(std::uint32_t table, std::uint32_t index,
                                        const KeyRange& range, bool backward) const override {
    return rows_->scan_index(table, index, range, backward);
  }
  Result<std::vector<RowVersion>> history(std::uint32_t table, BytesView key) const override {
    return rows_->history(table, key);
  }
  Status commit(std::span<const RowWrite> writes, const Progress& progress) override {
    OPS_TRY(rows_->commit(writes, progress));
    std::lock_guard lock(store_.mutex_);
    auto& stored = store_.generations_[name_];
    auto& batch = stored.batches.emplace_back(Batch{{}, progress});
    for (const auto& write : writes) batch.writes.emplace_back(write);
    if (stored.batches.size() % store_.flush_every_ == 0) stored.flushed = stored.batches.size();
    return {};
  }
  Status flush() override {
    std::lock_guard lock(store_.mutex_);
    auto& stored = store_.generations_[name_];
    if (store_.keep_flushes_) stored.flushed = stored.batches.size();
    return {};
  }

 private:
  LosingStore& store_;
  const std::string name_;
  const std::shared_ptr<TableGeneration> rows_;
};

Result<std::shared_ptr<TableGeneration>> LosingStore::open(const std::string& name) {
  std::unique_lock lock(mutex_);
  auto& stored = generations_[name];
  if (stored.live == nullptr) {
    MemoryTableStore store;
    auto rows = store.open(name).value();
    for (const auto& batch : stored.batches) {
      OPS_TRY(testing_support::commit_owned(*rows, batch.writes, batch.progress));
    }
    stored.live = std::make_shared<Generation>(*this, name, rows);
  }
  return stored.live;
}

Status LosingStore::drop(const std::string& name) {
  std::lock_guard lock(mutex_);
  generations_.erase(name);
  return {};
}

std::vector<std::string> LosingStore::list() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, stored] : generations_) names.push_back(name);
  return names;
}

void LosingStore::crash() {
  std::lock_guard lock(mutex_);
  for (auto& [name, stored] : generations_) {
    stored.batches.resize(stored.flushed);
    stored.live.reset();
  }
}

void LosingStore::clear() {
  std::lock_guard lock(mutex_);
  generations_.clear();
}

ProjectionEngine& EngineTest::start(std::vector<std::shared_ptr<PluginInstance>> modules,
                                    std::size_t batch_events_max) {
  engine_.reset();
  registry_ = std::make_unique<Registry>();
  for (const auto& module : modules) {
    for (const auto& type : module->info().event_types) {
      EXPECT_TRUE(schemas_.ensure(ledger_, type.type, 1, type.schema).ok());
    }
    const auto added = registry_->add(module);
    EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.error().message);
  }
  ProjectionEngine::Options options;
  options.batch_events_max = batch_events_max;
  options.row_cache_bytes_per_module = 4'096;  // small, so that rows come back from the store
  options.merkle = &ledger_;
  options.log = [this](const std::string& line) {
    std::lock_guard lock(log_mutex_);
    log_.push_back(line);
  };
  engine_ =
      std::make_unique<ProjectionEngine>(ledger_, store_, *registry_, schemas_, clock_, options);
  const auto started = engine_->start();
  EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().message);
  return *engine_;
}

ProjectionEngine& EngineTest::start_counter(char code, std::size_t batch_events_max) {
  return start({std::make_shared<CounterModule>("counter", code, knobs_)}, batch_events_max);
}

Position EngineTest::append(const std::string& type, Bytes data,
                            std::shared_ptr<const Schema> schema) {
  NewEvent event;
  event.type = type;
  event.actor = "tester";
  if (schema) event.schema = schema->id();
  event.data = std::move(data);
  clock_.advance(1'000'000);
  const auto outcome = append_and_wait(ledger_, {{std::move(event)}, {}, {}});
  EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message);
  return outcome.ok() ? outcome->last : Position{};
}

Position EngineTest::add(const std::string& id, std::int64_t n, const std::string& module) {
  const CounterModule counter(module, 'x', nullptr);
  const auto& type = counter.info().event_types[0];
  return append(type.type, CounterModule::added(id, n), type.schema);
}

Position EngineTest::remove(const std::string& id, const std::string& module) {
  const CounterModule counter(module, 'x', nullptr);
  const auto& type = counter.info().event_types[1];
  return append(type.type, CounterModule::removed(id), type.schema);
}

void EngineTest::add_random(std::mt19937_64& random, int events, const std::string& module) {
  for (int i = 0; i < events; ++i) {
    const auto id = "k" + std::to_string(random() % 17);
    if (random() % 7 == 0) {
      remove(id, module);
    } else {
      add(id, static_cast<std::int64_t>(random() % 9) - 4, module);
    }
  }
}

std::string EngineTest::page(const std::string& table, Position as_of,
                             const QueryParameters& parameters, bool as_shown) {
  const auto snapshot = engine_->open(table, as_of, as_shown);
  if (!snapshot.ok()) return snapshot.error().reason;
  const auto read = read_table(*snapshot, parameters, false);
  return read.ok() ? read->json : read.error().reason;
}

void EngineTest::catch_up(const std::string& module) {
  const auto waited = engine_->wait_for(module, ledger_.durable().position, kPatience);
  EXPECT_TRUE(waited.ok()) << (waited.ok() ? "" : waited.error().message);
}

std::string EngineTest::settled(const std::string& table) {
  catch_up(table.substr(0, table.find('.')));
  return page(table);
}

ProjectionStatus EngineTest::status(const std::string& module) {
  for (auto& status : engine_->status()) {
    if (status.module == module) return status;
  }
  return {};
}

ProjectionStatus EngineTest::await(const std::function<bool(const ProjectionStatus&)>& wanted,
                                   const std::string& module) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto now = status(module);
    if (wanted(now)) return now;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ADD_FAILURE() << "the projection never got there";
  return status(module);
}

std::vector<std::string> EngineTest::event_types() const {
  std::vector<std::string> types;
  for (std::uint64_t i = 1; i <= ledger_.durable().position.value; ++i) {
    types.emplace_back(ledger_.get({i}).value()->type);
  }
  return types;
}

std::uint64_t test_seed() {
  const char* given = std::getenv("OPS_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20'261'123;
  std::printf("seed: OPS_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

}  // namespace opsledger::testing
