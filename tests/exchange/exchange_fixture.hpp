// A ledger with the test module, its commands and its table.
#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include "kernel/command/command_service.hpp"
#include "kernel/exchange/command_import.hpp"
#include "kernel/exchange/table_export.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/system/system_modules.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_table_store.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {

class StillClock final : public Clock {
 public:
  Time now() const override { return {1'794'398'400'000'000}; }
};

class ExchangeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto module = std::make_shared<TestModule>(knobs);
    ASSERT_TRUE(registry.add(module).ok());
    ASSERT_TRUE(add_system_modules(registry).ok());
    for (const auto& type : module->info().event_types) {
      if (!type.owned) continue;
      ASSERT_TRUE(schemas.ensure(ledger, type.type, type.version, type.schema).ok());
    }
    commands = std::make_unique<CommandService>(ledger, registry, schemas, clock,
                                                CommandService::Limits());
    projections = std::make_unique<ProjectionEngine>(ledger, store, registry, schemas, clock,
                                                     ProjectionEngine::Options());
    ASSERT_TRUE(projections->start().ok());
  }
  void TearDown() override { projections.reset(); }

  std::string path(const std::string& name) const { return (folder.path() / name).string(); }
  std::string file(const std::string& content) const {
    std::ofstream(path("rows.csv"), std::ios::binary) << content;
    return path("rows.csv");
  }
  static std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// The whole import of `content`.
  Result<CommandImportReport> import(const std::string& content, CommandImportOptions options = {},
                                     std::size_t steps_max = 1'000'000) {
    if (options.command.empty()) options.command = "wallet.open";
    rejected.clear();
    OPS_TRY_ASSIGN(const auto run, CommandImport::begin(ledger, registry, *commands, file(content),
                                                        std::move(options)));
    const auto keep = [this](const RejectedImportRow& row) { rejected.push_back(row); };
    for (bool more = true; more && steps_max > 0; --steps_max) {
      OPS_TRY_ASSIGN(more, run->step(keep));
    }
    return run->report();
  }

  std::vector<OwnedEvent> events(const std::string& type) const {
    std::vector<OwnedEvent> found;
    const auto cursor = ledger.read({{{{type}, {}}}}, {}).value();
    for (auto some = cursor->next().value(); !some.empty(); some = cursor->next().value()) {
      for (const auto& event : some) found.emplace_back(event.encoded);
    }
    return found;
  }
  std::uint64_t head() const { return ledger.durable().position.value; }

  TableSnapshot table(const std::string& module = "wallet", const std::string& name = "accounts") {
    const auto caught_up =
        projections->wait_for(module, ledger.durable().position, std::chrono::seconds(20));
    EXPECT_TRUE(caught_up.ok()) << caught_up.error().message;
    return projections->open(module + "." + name, kHead).value();
  }
  boost::json::value rows(const std::string& module, const std::string& name) {
    return boost::json::parse(read_all(table(module, name), {}).value().json);
  }
  static Result<TablePage> read_all(const TableSnapshot& snapshot,
                                    const QueryParameters& parameters) {
    return read_table(snapshot, parameters, false);
  }

  testing_support::TemporaryDirectory folder;
  StillClock clock;
  std::shared_ptr<TestModuleKnobs> knobs = std::make_shared<TestModuleKnobs>();
  Registry registry;
  MemoryLedger ledger{clock};
  SchemaCatalog schemas;
  MemoryTableStore store;
  std::unique_ptr<CommandService> commands;
  std::unique_ptr<ProjectionEngine> projections;
  std::vector<RejectedImportRow> rejected;
};

}  // namespace opsledger::testing
