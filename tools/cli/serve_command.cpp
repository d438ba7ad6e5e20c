// serve: the server, and --print-config.
#include "kernel/app/serve.hpp"

#include <memory>

#include "tools/cli/commands.hpp"

namespace opsledger::cli {
namespace {

struct ServeOptions {
  PlaceOptions place;
  std::string listen, log_format;
  bool print_config = false;
};

int run_serve(const ServeOptions& options) {
  Config config;
  Settings bound = bind_settings(config);
  std::vector<Override> flags;
  if (!options.listen.empty()) flags.push_back({"server.listen", options.listen, "--listen"});
  if (!options.log_format.empty()) {
    flags.push_back({"log.format", options.log_format, "--log-format"});
  }
  if (const auto status = options.place.load(&bound, flags); !status.ok()) {
    return print_error(status.error());
  }
  if (options.print_config) {
    std::fputs(bound.print().c_str(), stdout);
    return kSuccess;
  }
  const auto status = serve(config, [](const Ready& ready) {
    print_line("OpsLedger is ready at " + ready.url);
    if (!ready.setup_url.empty()) {
      print_line("There is no account yet. Make the administrator's, once: " + ready.setup_url);
    }
    std::fflush(stdout);
  });
  return status.ok() ? kSuccess : print_error(status.error());
}

}  // namespace

void add_serve(CommandLine& line) {
  auto o = std::make_shared<ServeOptions>();
  auto* command = line.add(&line.app, "serve", "Run the server",
                           "opsledger serve --data ./opsledger-data --listen 127.0.0.1:8080");
  o->place.add_data(command);
  command
      ->add_option("--listen", o->listen,
                   "address and port, loopback only until there is an account; port 0 = any free")
      ->type_name("ADDR:PORT");
  command->add_option("--log-format", o->log_format, "text or json");
  command->add_flag("--print-config", o->print_config,
                    "print every setting with its meaning and where its value came from");
  line.on_run(command, [o] { return run_serve(*o); });
}

}  // namespace opsledger::cli
