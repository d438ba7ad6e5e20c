#include "tests/automation/automation_world.hpp"

#include <cstdio>
#include <cstdlib>

#include "kernel/system/system_modules.hpp"
#include "storage/rocksdb/rocks_table_store.hpp"
#include "tests/reactions/chain_module.hpp"
#include "tests/scheduler/alarm_module.hpp"
#include "tests/support/sdk_module.hpp"

namespace opsledger::testing_support {

namespace {

template <class T>
T must(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::abort();
}
void must(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.error().message.c_str());
  std::abort();
}

}  // namespace

Time RealClock::now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Duration>(now).count()};
}

AutomationWorld::AutomationWorld(const std::filesystem::path& directory, const Clock& clock) {
  LedgerOptions options;
  options.directory = directory / "ledger";
  options.disk_free_bytes_min = 0;
  ledger = must(RocksLedger::open(options, clock));
  must(schemas.load(*ledger));
  must(add_system_modules(registry));
  for (const auto& module : sdk_modules({&alarm_part, &chain_part})) {
    for (const auto& type : module->info().event_types) {
      if (type.owned) must(schemas.ensure(*ledger, type.type, type.version, type.schema));
    }
    must(registry.add(module));
  }
  TableStoreOptions table_options;
  table_options.directory = directory / "tables";
  tables = must(open_table_store(table_options));
  calendars = std::make_unique<CalendarBook>(*ledger, schemas);
  services = std::make_unique<KernelServices>(*calendars);
  commands = std::make_unique<CommandService>(*ledger, registry, schemas, clock,
                                              CommandService::Limits{}, nullptr, services.get());
  projections = std::make_unique<ProjectionEngine>(*ledger, *tables, registry, schemas, clock,
                                                   ProjectionEngine::Options{});
  must(projections->start());
  services->use(*projections);
  reactions = std::make_unique<PluginReactions>(registry, schemas, services.get());
  runner = std::make_unique<ReactionRunner>(*ledger, registry, *commands,
                                            std::vector<ReactionSource*>{reactions.get()},
                                            ReactionRunner::Options{});
  scheduler = std::make_unique<Scheduler>(*ledger, registry, schemas, *commands, *projections,
                                          *calendars, clock, Scheduler::Options{});
}

AutomationWorld::~AutomationWorld() {
  scheduler.reset();
  runner.reset();
  projections.reset();
  commands.reset();
}

void AutomationWorld::send(const std::string& type, boost::json::value data, std::string key,
                           CommandService::Completion done) {
  CommandRequest request;
  request.type = type;
  request.data = std::move(data);
  request.context.department = "OPS";
  if (!key.empty()) request.context.idempotency_key = std::move(key);
  commands->execute(std::move(request), std::move(done));
}

std::uint64_t AutomationWorld::count(const std::string& type) const {
  std::uint64_t found = 0;
  const auto cursor = must(ledger->read({{{{type}, {}}}}, {}));
  for (auto span = must(cursor->next()); !span.empty(); span = must(cursor->next())) {
    found += span.size();
  }
  return found;
}

}  // namespace opsledger::testing_support
