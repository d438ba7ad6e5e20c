// Evaluations per second: build/bench/expression_bench
#include <benchmark/benchmark.h>
#include <opsledger/expression.hpp>
#include <opsledger/expression/json.hpp>
#include <opsledger/expression/re2.hpp>

namespace ops {
namespace {

constexpr const char* kEvent =
    R"({"data":{"incident":"IN-20261123-02","level":2,"category":"price","drill":false,
        "title":"price below floor","detected_at":"2026-11-23T08:00:00Z","skus":["A","B","C"],
        "lines":[{"qty":2,"amount":1999},{"qty":1,"amount":500},{"qty":4,"amount":125}]}})";

void evaluate(benchmark::State& state, const char* source) {
  const auto parsed = Expression::parse(source, expr::re2_compiler());
  const auto names = expr::record_of(Json::parse(kEvent));
  for (auto _ : state) benchmark::DoNotOptimize(parsed.evaluate(names));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(evaluate, condition, "data.level <= 3 and data.category == 'price'");
BENCHMARK_CAPTURE(evaluate, formula, "sum(data.lines.amount) * 0.7 / count(data.lines)");
BENCHMARK_CAPTURE(evaluate, filter, "count(filter(data.lines, it.qty > 1)) > 1");
BENCHMARK_CAPTURE(evaluate, pattern, "data.title matches '^price (below|above)'");

void parse(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(Expression::parse("data.level <= 3 and data.category == 'price'"));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse);

void names_from_json(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(expr::record_of(Json::parse(kEvent)));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(names_from_json);

}  // namespace
}  // namespace ops
