// opsledger: one binary. The only main of the project.
#include <csignal>
#include <cstdio>
#include <exception>

#include "tools/cli/commands.hpp"

int main(int count, char** arguments) {
  using namespace opsledger::cli;
  std::signal(SIGPIPE, SIG_IGN);
  CommandLine line;
  for (auto* add : {add_serve, add_append, add_read, add_tail, add_export, add_import, add_table,
                    add_module, add_user, add_token, add_rule, add_role, add_timer, add_calendar,
                    add_verify, add_backup, add_doctor, add_demo, add_bench}) {
    add(line);
  }
  try {
    line.app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const int code = line.app.exit(error);
    return code == 0 ? kSuccess : kUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "opsledger: unexpected failure: %s\n", error.what());
    return kBroken;
  }
  if (std::fflush(stdout) != 0 && line.exit_code == kSuccess) return kUnavailable;
  return line.exit_code;
}
