// bench append | fill | read | replay | http: `name: value unit` lines.
#include <memory>

#include "tools/cli/bench.hpp"
#include "tools/cli/commands.hpp"

namespace opsledger::cli {
namespace {

struct BenchCommand {
  PlaceOptions place;
  BenchOptions options;
  bool json = false;
};

using Benchmark = Status (*)(BenchOptions, const BenchReport&);

int run_bench(BenchCommand& command, Benchmark benchmark) {
  command.options.existing = !command.place.data.empty();
  auto status = command.place.load(&command.options.config);
  if (status.ok()) status = benchmark(command.options, BenchReport(command.json));
  return status.ok() ? kSuccess : print_error(status.error());
}

std::shared_ptr<BenchCommand> add_one(CommandLine& line, CLI::App* parent, const std::string& name,
                                      const std::string& description, const std::string& example,
                                      Benchmark benchmark, CLI::App** out) {
  auto o = std::make_shared<BenchCommand>();
  auto* command = line.add(parent, name, description, example);
  o->place.add_config(command);
  command->add_option("--plugins", o->place.plugins, "folder of plugin libraries");
  command
      ->add_option("--dir", o->options.directory,
                   "disk to measure; a folder in it is made and removed (default /var/tmp)")
      ->check(CLI::ExistingDirectory);
  command->add_option("--seconds", o->options.seconds, "per measurement")
      ->check(CLI::Range(0.05, 600.0));
  command->add_flag("--json", o->json, "a JSON object per line");
  line.on_run(command, [o, benchmark] { return run_bench(*o, benchmark); });
  *out = command;
  return o;
}

/// Not through the common options: nothing is measured in it unless it is named.
CLI::Option* add_data(CLI::App* command, BenchCommand* o, const char* what) {
  return command->add_option("--data", o->place.data, what);
}

void add_fill(CommandLine& line, CLI::App* parent) {
  auto o = std::make_shared<BenchCommand>();
  o->options.events = 1'000'000;
  auto* command = line.add(parent, "fill", "Make a big history by a bulk load, for bench read",
                           "opsledger bench fill --data /var/tmp/big --events 100000000");
  o->place.add_config(command);
  add_data(command, o.get(), "new data directory")->required();
  command->add_option("--events", o->options.events, "how many")->check(CLI::PositiveNumber);
  command->add_option("--seed", o->options.seed, "the same seed gives the same events");
  command->add_flag("--json", o->json, "a JSON object per line");
  line.on_run(command, [o] { return run_bench(*o, bench_fill); });
}

}  // namespace

void add_bench(CommandLine& line) {
  auto* parent = line.app.add_subcommand("bench", "Measure this machine");
  parent->require_subcommand(1);
  CLI::App* command = nullptr;
  auto append = add_one(line, parent, "append", "Durable appends in process",
                        "opsledger bench append --batch 1 --batch 256", bench_append, &command);
  command->add_option("--batch", append->options.batches, "events per append, repeatable")
      ->check(CLI::Range(1, 4096));
  add_data(command, append.get(), "append to this ledger, not to a new one");
  add_fill(line, parent);
  auto read = add_one(line, parent, "read", "Scan and tag queries in process",
                      "opsledger bench read --events 5000000", bench_read, &command);
  command->add_option("--events", read->options.events, "events in the ledger");
  add_data(command, read.get(), "read this ledger, of bench fill, not a new one");
  auto replay = add_one(line, parent, "replay", "Typed fold and projection through a plugin",
                        "opsledger bench replay --events 200000", bench_replay, &command);
  replay->options.events = 200'000;
  command->add_option("--events", replay->options.events, "events in the ledger");
  auto over_http =
      add_one(line, parent, "http", "Appends over loopback; generator and server share the cores",
              "opsledger bench http --connections 64", bench_http, &command);
  command->add_option("--connections", over_http->options.connections, "repeatable")
      ->check(CLI::Range(1, 10'000));
  command->add_option("--events-per-request", over_http->options.events_per_request)
      ->check(CLI::Range(1, 1'000));
  auto stream =
      add_one(line, parent, "stream", "From append to delivery on live streams",
              "opsledger bench stream --subscribers 100 --rate 10000", bench_stream, &command);
  command->add_option("--subscribers", stream->options.subscribers, "each gets every event")
      ->check(CLI::Range(1, 2'000));
  command->add_option("--rate", stream->options.rate, "events per second")
      ->check(CLI::Range(1, 1'000'000));
}

}  // namespace opsledger::cli
