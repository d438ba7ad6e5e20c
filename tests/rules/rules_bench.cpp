// Events per second that one rule looks at: build/bench/rules_bench
#include <benchmark/benchmark.h>

#include <boost/json.hpp>

#include "kernel/rules/planner.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/rules/shop_module.hpp"
#include "tests/storage/manual_clock.hpp"
#include "tests/support/sdk_module.hpp"

namespace opsledger {
namespace {

constexpr const char* kRule = R"j({"id":"R1","on":"stock.counted","if":"data.level < 5",
  "do":[{"command":"stock.buy","each":"filter(data.lines, it.left < 5)",
         "data":{"sku":"${each.sku}","pieces":"${10 - each.left}","note":"for ${data.count}"}}]})j";

void plan(benchmark::State& state) {
  testing_support::ManualClock clock;
  MemoryLedger ledger(clock);
  SchemaCatalog schemas;
  Registry registry;
  const auto module = testing_support::sdk_modules({&testing_support::shop_part}).at(0);
  static_cast<void>(registry.add(module));
  const auto& type = *registry.event_type("stock.counted");
  static_cast<void>(schemas.ensure(ledger, type.type, type.version, type.schema));
  NewEvent event;
  event.type = type.type;
  event.department = "OPS";
  event.schema = type.schema->id();
  event.data =
      type.schema
          ->encode(boost::json::parse(R"({"count":"c1","level":)" + std::to_string(state.range(0)) +
                                      R"(,"kind":"a","value":{"minor":5,"currency":"CNY"},"lines":[
                           {"sku":"x","left":2},{"sku":"y","left":12}]})"))
          .value();
  const auto at = append_and_wait(ledger, {{event}, {}, {}}).value().last;
  const auto stored = ledger.get(at);
  const auto rule = read_rule(boost::json::parse(kRule).as_object(), registry).value();
  const RulePlanner planner(registry, schemas, nullptr, {});
  for (auto _ : state) benchmark::DoNotOptimize(planner.plan(rule, stored->view()));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(plan)->ArgName("level")->Arg(9)->Arg(2);  // does not hold; sends one command

}  // namespace
}  // namespace opsledger
