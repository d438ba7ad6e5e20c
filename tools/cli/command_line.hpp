// What the commands share: the options for the place, JSON output, the exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/app/configuration.hpp"
#include "tools/cli/backend.hpp"
#include "tools/cli/exit_code.hpp"

namespace opsledger::cli {

/// Lives as long as main; commands keep references to it.
struct CommandLine {
  CommandLine();

  CLI::App app;
  int exit_code = kSuccess;

  /// Adds a subcommand. `run` returns the exit code; `example` is shown under --help.
  CLI::App* add(CLI::App* parent, const std::string& name, const std::string& description,
                const std::string& example);
  void on_run(CLI::App* command, std::function<int()> run);
};

/// --data, --config, --set, --plugins and --url, as a command asks for them.
struct PlaceOptions {
  std::string config_file, data, url, plugins, given_token;
  /// As over HTTP while there are no accounts: idempotency keys are scoped to the actor, so an
  /// import must be known again whichever way it went in first.
  std::string actor = RequestContext().actor;
  std::vector<std::string> settings;  ///< section.key=value

  void add_config(CLI::App* command);
  void add_data(CLI::App* command);
  void add_url(CLI::App* command);

  /// --token, else the environment's OPSLEDGER_TOKEN, else empty.
  std::string token() const;
  /// File, environment, flags. Errors: kInvalid.
  Status load(Config* config) const;
  Status load(Settings* bound, const std::vector<Override>& more) const;
  /// Where the data commands work.
  Result<std::unique_ptr<Backend>> open(bool create = false) const;
};

/// Prints text and a newline to standard output. False when the reader has gone.
bool print_line(std::string_view text);

}  // namespace opsledger::cli
