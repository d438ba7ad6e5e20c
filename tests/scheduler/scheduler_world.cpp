#include "tests/scheduler/scheduler_world.hpp"

#include "kernel/schema/json_parse.hpp"
#include "tests/scheduler/alarm_module.hpp"
#include "tests/support/sdk_module.hpp"

OPS_DECLARE_PART(calendar_part);

namespace opsledger::testing_support {

void SchedulerTest::start() {
  registry_ = std::make_unique<Registry>();
  schemas_ = std::make_unique<SchemaCatalog>();
  ASSERT_TRUE(schemas_->load(ledger_).ok());
  ASSERT_TRUE(add_system_modules(*registry_).ok());
  for (const auto& module : sdk_modules({&alarm_part, &calendar_part})) {
    for (const auto& type : module->info().event_types) {
      if (!type.owned) continue;
      ASSERT_TRUE(schemas_->ensure(ledger_, type.type, type.version, type.schema).ok());
    }
    const auto added = registry_->add(module);
    ASSERT_TRUE(added.ok()) << added.error().message;
  }
  if (!tables_) tables_ = std::make_unique<MemoryTableStore>();
  calendars_ = std::make_unique<CalendarBook>(ledger_, *schemas_);
  services_ = std::make_unique<KernelServices>(*calendars_);
  commands_ = std::make_unique<CommandService>(ledger_, *registry_, *schemas_, clock_,
                                               CommandService::Limits{}, nullptr, services_.get());
  projections_ = std::make_unique<ProjectionEngine>(ledger_, *tables_, *registry_, *schemas_,
                                                    clock_, ProjectionEngine::Options{});
  ASSERT_TRUE(projections_->start().ok());
  services_->use(*projections_);
  Scheduler::Options options = options_;
  scheduler_ = std::make_unique<Scheduler>(ledger_, *registry_, *schemas_, *commands_,
                                           *projections_, *calendars_, clock_, options);
}

void SchedulerTest::stop() {
  scheduler_.reset();
  commands_.reset();
  projections_.reset();
}

void SchedulerTest::run_until(Time time) {
  for (;;) {
    run();
    const auto next = scheduler_->next_due();
    if (!next || *next > time) break;
    clock_.set(std::max(next->us, clock_.now().us));
  }
  clock_.set(time.us);
  run();
}

Result<CommandOutcome> SchedulerTest::send(const std::string& type, boost::json::value data,
                                           const std::string& department) {
  auto promise = std::make_shared<std::promise<Result<CommandOutcome>>>();
  auto answer = promise->get_future();
  CommandRequest request;
  request.type = type;
  request.data = std::move(data);
  request.context.department = department;
  commands_->execute(std::move(request),
                     [promise](Result<CommandOutcome> r) { promise->set_value(std::move(r)); });
  return answer.get();
}

void SchedulerTest::set_alarm(const std::string& id, Duration after, bool working, int times) {
  const auto outcome =
      send("alarm.set",
           {{"id", id}, {"after_us", after.count()}, {"working", working}, {"times", times}});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
}

std::vector<boost::json::object> SchedulerTest::events(const std::string& type) const {
  std::vector<boost::json::object> found;
  const auto cursor = ledger_.read({{{{type}, {}}}}, {}).value();
  for (auto span = cursor->next().value(); !span.empty(); span = cursor->next().value()) {
    for (const auto& event : span) {
      const auto schema = event.schema.is_json() ? nullptr : schemas_->find(event.schema);
      auto data =
          (schema ? schema->decode(event.data) : parse_json(event.data)).value().as_object();
      data["position"] = event.position.value;
      data["department"] = event.department;
      found.push_back(std::move(data));
    }
  }
  return found;
}

std::vector<std::string> SchedulerTest::rang() const {
  std::vector<std::string> ids;
  for (const auto& event : events("alarm.rang")) ids.emplace_back(event.at("id").as_string());
  return ids;
}

}  // namespace opsledger::testing_support
