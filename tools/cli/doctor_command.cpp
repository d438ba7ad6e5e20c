// doctor: opens a data directory the way a server does and says what it finds.
#include <boost/json.hpp>
#include <memory>

#include "kernel/app/node.hpp"
#include "kernel/app/plugin_folder.hpp"
#include "kernel/app/system_clock.hpp"
#include "tools/cli/commands.hpp"

namespace opsledger::cli {
namespace {

struct DoctorCommand {
  PlaceOptions place;
  bool accept_torn_tail = false, json = false;
};

void say(const DoctorCommand& command, const char* name, const std::string& text) {
  if (command.json) {
    print_line(boost::json::serialize(boost::json::object{{"check", name}, {"found", text}}));
  } else {
    print_line(std::string(name) + ": " + text);
  }
}

int run_doctor(const DoctorCommand& command) {
  Config config;
  if (const auto status = command.place.load(&config); !status.ok()) {
    return print_error(status.error());
  }
  say(command, "data", config.data_directory);
  const auto plugins = find_plugin_folder(config.plugin_directory);
  if (!plugins) return print_error(plugins.error());
  say(command, "plugins", plugins->empty() ? "no plugin folder" : plugins->string());
  const SystemClock clock;
  const auto store =
      Store::open(config, clock, {.create = false, .accept_torn_tail = command.accept_torn_tail});
  if (!store) return print_error(store.error());
  auto& ledger = store.value()->ledger();
  const auto head = ledger.durable();
  say(command, "ledger", hex(ledger.id().bytes));
  say(command, "position", std::to_string(head.position.value));
  say(command, "root", hex(head.root.bytes));
  if (command.accept_torn_tail) say(command, "torn tail", "accepted where there was one");
  if (const auto health = store.value()->health(); !health.ok()) {
    return print_error(health.error());
  }
  say(command, "appends", "would be taken; `opsledger verify` hashes everything");
  return kSuccess;
}

}  // namespace

void add_doctor(CommandLine& line) {
  auto o = std::make_shared<DoctorCommand>();
  auto* command = line.add(&line.app, "doctor", "Say whether a data directory can be served",
                           "opsledger doctor --data ./opsledger-data");
  o->place.add_data(command);
  command->add_flag(
      "--accept-torn-tail", o->accept_torn_tail,
      "open files that are not as they were closed, and give up acknowledged events that a "
      "crash or a bad disk took from the end");
  command->add_flag("--json", o->json, "a JSON object per line");
  line.on_run(command, [o] { return run_doctor(*o); });
}

}  // namespace opsledger::cli
