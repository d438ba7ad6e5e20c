#include "tools/cli/command_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace opsledger::cli {
namespace {

std::vector<std::string> environment_lines() {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) lines.emplace_back(*line);
  return lines;
}

}  // namespace

CommandLine::CommandLine()
    : app("One ledger for an operations department, and plugins that give it meaning.",
          "opsledger") {
  app.require_subcommand(1);
  app.set_version_flag("--version", "opsledger 0.1.0");
  app.footer(
      "opsledger COMMAND --help shows a command's options and an example.\n"
      "Exit codes: 0 good, 1 refused, 2 unavailable, 3 broken, 64 wrong usage.");
}

CLI::App* CommandLine::add(CLI::App* parent, const std::string& name,
                           const std::string& description, const std::string& example) {
  auto* command = parent->add_subcommand(name, description);
  command->footer("Example:\n  " + example);
  return command;
}

void CommandLine::on_run(CLI::App* command, std::function<int()> run) {
  command->callback([this, run = std::move(run)] { exit_code = run(); });
}

void PlaceOptions::add_config(CLI::App* command) {
  command->add_option("--config", config_file, "TOML file")->check(CLI::ExistingFile);
  command->add_option("--set", settings, "one setting, e.g. --set log.level=debug")
      ->type_name("SECTION.KEY=VALUE");
}

void PlaceOptions::add_data(CLI::App* command) {
  add_config(command);
  command->add_option("--data", data, "data directory (default ./opsledger-data)")
      ->type_name("DIR");
  command->add_option("--plugins", plugins, "folder of plugin libraries")->type_name("DIR");
}

void PlaceOptions::add_url(CLI::App* command) {
  add_data(command);
  auto* option = command->add_option("--url", url, "a running server, e.g. http://127.0.0.1:8080");
  option->type_name("URL");
  option->excludes("--data");
  command
      ->add_option("--token", given_token,
                   "bearer token for a server (better: OPSLEDGER_TOKEN, which others cannot see)")
      ->type_name("TOKEN");
}

std::string PlaceOptions::token() const {
  const char* set = std::getenv("OPSLEDGER_TOKEN");
  return given_token.empty() && set != nullptr ? set : given_token;
}

Status PlaceOptions::load(Config* config) const {
  Settings bound = bind_settings(*config);
  return load(&bound, {});
}

Status PlaceOptions::load(Settings* bound, const std::vector<Override>& more) const {
  ConfigSources sources{config_file, environment_lines(), {}};
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos) {
      return Error{Code::kInvalid, "config.invalid",
                   "--set " + setting + " has no '='; give SECTION.KEY=VALUE"};
    }
    sources.overrides.push_back({setting.substr(0, equals), setting.substr(equals + 1), "--set"});
  }
  if (!data.empty()) sources.overrides.push_back({"data.directory", data, "--data"});
  if (!plugins.empty()) sources.overrides.push_back({"plugins.directory", plugins, "--plugins"});
  sources.overrides.insert(sources.overrides.end(), more.begin(), more.end());
  return load_config(sources, *bound);
}

Result<std::unique_ptr<Backend>> PlaceOptions::open(bool create) const {
  Config config;
  OPS_TRY(load(&config));
  return open_backend(config, {url, actor, token(), create});
}

bool print_line(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fputc('\n', stdout) != EOF;
}

}  // namespace opsledger::cli
