// demo: fills an empty ledger with a generated history, through the real command path, under a
// simulated clock.
#include <atomic>
#include <future>
#include <memory>

#include "kernel/app/kernel_events.hpp"
#include "kernel/app/node.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/schema/time_text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/demo_history.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

constexpr std::uint64_t kFreshLedgerEventsMax = 200;  ///< schemas and modules of a new ledger

struct DemoCommand {
  PlaceOptions place;
  DemoPlan plan;
  std::string end;
};

/// Shows the time it was set to.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(Time start) : us_(start.us) {}
  Time now() const override { return {us_.load()}; }
  void set(Time time) { us_ = time.us; }

 private:
  std::atomic<std::int64_t> us_;
};

Result<CommandOutcome> execute(CommandService& commands, const DemoStep& step) {
  CommandRequest request;
  request.type = step.command;
  request.data = step.data;
  request.context.actor = step.actor;
  request.context.department = step.department;
  request.context.reason = step.reason;
  std::promise<Result<CommandOutcome>> promise;
  auto answer = promise.get_future();
  commands.execute(std::move(request),
                   [&](Result<CommandOutcome> outcome) { promise.set_value(std::move(outcome)); });
  return answer.get();
}

Status fill(const Config& config, const DemoPlan& plan, std::uint64_t* events) {
  const auto steps = generate_demo(plan);
  if (steps.empty()) return Error{Code::kInvalid, "demo.empty", "nothing to generate"};
  SimulatedClock clock(steps.front().at);
  OPS_TRY_ASSIGN(const auto node, Node::open(config, clock, {.create = true}));
  const auto head = node->ledger().durable();
  if (head.position.value > kFreshLedgerEventsMax || head.recorded_at > steps.front().at) {
    return Error{Code::kInvalid, "demo.not_empty",
                 config.data_directory +
                     " holds a history already; a simulated one only goes into a new directory: "
                     "choose another --data"};
  }
  OPS_TRY(record_backfilled(node->ledger(), "demo", steps.front().at, steps.back().at));
  Progress progress("simulating", steps.size(), "commands");
  std::uint64_t done = 0;
  for (const auto& step : steps) {
    clock.set(step.at);
    const auto outcome = execute(node->commands(), step);
    if (!outcome) {
      auto error = outcome.error();
      error.message = step.command + " at " + rfc3339(step.at) + ": " + error.message;
      return error;
    }
    progress.update(++done);
  }
  *events = node->ledger().durable().position.value;
  return {};
}

int run_demo(const DemoCommand& command) {
  Config config;
  if (const auto status = command.place.load(&config); !status.ok()) {
    return print_error(status.error());
  }
  auto plan = command.plan;
  plan.end = SystemClock().now();
  if (!command.end.empty()) {
    const auto end = parse_rfc3339(command.end);
    if (!end || *end > plan.end) {
      return print_error({Code::kInvalid, "demo.end",
                          "--end " + command.end + " is no RFC 3339 time in the past"});
    }
    plan.end = *end;
  }
  std::uint64_t events = 0;
  if (const auto status = fill(config, plan, &events); !status.ok()) {
    return print_error(status.error());
  }
  print_line(config.data_directory + " holds " + std::to_string(events) + " events of " +
             std::to_string(plan.weeks) + " simulated weeks; next: opsledger serve --data " +
             config.data_directory);
  return kSuccess;
}

}  // namespace

void add_demo(CommandLine& line) {
  auto o = std::make_shared<DemoCommand>();
  auto* command = line.add(&line.app, "demo", "Fill a new data directory with a generated history",
                           "opsledger demo --data ./opsledger-data --orders 1000");
  o->place.add_data(command);
  command->add_option("--seed", o->plan.seed, "the same seed gives the same history");
  command->add_option("--weeks", o->plan.weeks, "simulated weeks")->check(CLI::Range(1, 520));
  command->add_option("--orders", o->plan.orders, "orders")->check(CLI::Range(0, 89'000));
  command->add_option("--incidents", o->plan.incidents, "incidents")->check(CLI::Range(0, 999));
  command->add_option("--end", o->end, "when the history ends, RFC 3339 (default: now)");
  line.on_run(command, [o] { return run_demo(*o); });
}

}  // namespace opsledger::cli
