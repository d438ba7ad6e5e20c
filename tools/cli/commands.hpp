// Every command adds itself to the command line; main calls them all.
#pragma once

#include "tools/cli/command_line.hpp"

namespace opsledger::cli {

void add_serve(CommandLine& line);
void add_append(CommandLine& line);
void add_read(CommandLine& line);  ///< read, query
void add_tail(CommandLine& line);
void add_export(CommandLine& line);
void add_import(CommandLine& line);
void add_export_table(CLI::App* parent, CommandLine& line);
void add_import_commands(CLI::App* parent, CommandLine& line);
void add_table(CommandLine& line);   ///< table, explain, diff
void add_module(CommandLine& line);  ///< module list, rebuild
void add_user(CommandLine& line);
void add_token(CommandLine& line);
void add_timer(CommandLine& line);
void add_calendar(CommandLine& line);
void add_rule(CommandLine& line);
void add_role(CommandLine& line);  ///< role list, define, grant, revoke, explain
void add_verify(CommandLine& line);
void add_backup(CommandLine& line);
void add_doctor(CommandLine& line);
void add_demo(CommandLine& line);
void add_bench(CommandLine& line);

}  // namespace opsledger::cli
