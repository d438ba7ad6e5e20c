// bench replay: every event of an order book through the plugin `order`.
#include "kernel/app/node.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/plugin/event_resolver.hpp"
#include "tools/cli/bench.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

constexpr unsigned kLinesPerOrder = 20;
constexpr unsigned kBatchEvents = 1'000;
constexpr std::chrono::minutes kProjectTimeout{60};

json::object line(std::uint64_t number) {
  const auto invoice = std::to_string(500'000 + number / kLinesPerOrder);
  const auto sku = "P" + std::to_string(number * 2654435761u % 4'000);
  const auto customer = "C" + std::to_string(number / kLinesPerOrder % 4'372);
  return {{"type", "order.line_recorded"},
          {"tags", json::array{"order:" + invoice, "sku:" + sku, "customer:" + customer}},
          {"data", json::object{{"invoice", invoice},
                                {"sku", sku},
                                {"description", "WHITE HANGING HEART T-LIGHT HOLDER"},
                                {"quantity", static_cast<std::int64_t>(number % 12 + 1)},
                                {"unit_price", "2.55"},
                                {"customer", customer},
                                {"country", "United Kingdom"},
                                {"currency", "GBP"}}}};
}

Status fill(Node& node, std::uint64_t events) {
  for (std::uint64_t done = 0; done < events;) {
    json::array batch;
    for (unsigned i = 0; i < kBatchEvents && done < events; ++i) batch.push_back(line(done++));
    OPS_TRY_ASSIGN(auto proposal,
                   node.raw_append().parse(json::object{{"events", std::move(batch)}}, {}));
    OPS_TRY_ASSIGN(const auto outcome, append_and_wait(node.ledger(), std::move(proposal)));
    static_cast<void>(outcome);
  }
  return {};
}

/// One state that folds every event the model listens to, decoded by the plugin.
Result<double> fold_rate(Node& node, PluginInstance& module) {
  constexpr std::uint32_t kModel = 0;
  OPS_TRY_ASSIGN(const auto state, module.create_state(kModel));
  EventResolver resolver(module, node.store().schemas(), module.info().models[kModel].event_types);
  std::uint64_t folded = 0;
  const Stopwatch watch;
  OPS_TRY_ASSIGN(const auto cursor, node.ledger().read({}, {}));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    OPS_TRY_ASSIGN(const auto resolved, resolver.resolve(events));
    OPS_TRY(module.fold(kModel, *state, resolved));
    folded += resolved.size();
  }
  return static_cast<double>(folded) / watch.seconds();
}

}  // namespace

Status bench_replay(BenchOptions options, const BenchReport& report) {
  const ScratchFolder folder(options.directory);
  const SystemClock clock;
  options.config.data_directory = folder.path() + "/data";
  OPS_TRY_ASSIGN(const auto node, Node::open(options.config, clock, {.create = true}));
  const auto module = node->registry().module("order");
  if (!module || module->info().models.empty()) {
    return Error{Code::kNotFound, "bench.no_plugin",
                 "the plugin `order` is not installed; give its folder with --plugins"};
  }
  OPS_TRY(fill(*node, options.events));
  OPS_TRY_ASSIGN(const double rate, fold_rate(*node, *module));
  report.add("replay_typed_fold", rate, "events/s");
  const Stopwatch watch;
  OPS_TRY(node->start_projections());
  OPS_TRY(node->wait_projected(kProjectTimeout));
  report.add("replay_projection", static_cast<double>(options.events) / watch.seconds(),
             "events/s");
  return {};
}

}  // namespace opsledger::cli
