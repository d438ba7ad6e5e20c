// backup create | list | restore.
#include <memory>

#include "kernel/app/maintenance.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/schema/time_text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

struct BackupCommand {
  PlaceOptions place;
  std::string directory;
  std::uint32_t id = 0;
  bool json = false;
};

void print_backup(const Backup& backup, bool as_json) {
  if (as_json) {
    print_line(to_json(backup));
    return;
  }
  print_line("backup " + std::to_string(backup.id) + "  " + rfc3339(backup.taken_at) +
             "  position " + std::to_string(backup.position.value) + "  " +
             std::to_string(backup.bytes) + " bytes  root " + hex(backup.root.bytes));
}

int run_create(const BackupCommand& command) {
  Config config;
  if (const auto status = command.place.load(&config); !status.ok()) {
    return print_error(status.error());
  }
  const SystemClock clock;
  const auto backup = create_backup_anywhere(config, clock, command.directory);
  if (!backup) return print_error(backup.error());
  print_backup(backup.value(), command.json);
  return kSuccess;
}

int run_list(const BackupCommand& command) {
  const auto backups = list_backup_directory(command.directory);
  if (!backups) return print_error(backups.error());
  for (const auto& backup : backups.value()) print_backup(backup, command.json);
  return kSuccess;
}

int run_restore(const BackupCommand& command) {
  Config config;
  if (const auto status = command.place.load(&config); !status.ok()) {
    return print_error(status.error());
  }
  Progress progress("verifying", 0, "events");
  VerifyRequest target;
  target.data_directory = config.data_directory;
  target.progress = [&](std::uint64_t done, std::uint64_t total) {
    progress.set_total(total);
    progress.update(done);
  };
  const auto outcome = restore_backup(command.directory, command.id, target);
  if (!outcome) return print_error(outcome.error());
  print_line("restored into " + config.data_directory + " and verified: " +
             std::to_string(outcome->events) + " events, root " + hex(outcome->root.bytes));
  return kSuccess;
}

}  // namespace

void add_backup(CommandLine& line) {
  auto* parent = line.app.add_subcommand("backup", "Incremental backups of a data directory");
  parent->require_subcommand(1);
  auto c = std::make_shared<BackupCommand>();
  auto* create = line.add(parent, "create", "Add a backup; only new files are copied",
                          "opsledger backup create /backup/opsledger --data ./opsledger-data");
  c->place.add_data(create);
  create->add_option("DIRECTORY", c->directory, "where backups are kept")->required();
  create->add_flag("--json", c->json, "print the backup as JSON");
  line.on_run(create, [c] { return run_create(*c); });

  auto l = std::make_shared<BackupCommand>();
  auto* list = line.add(parent, "list", "Print the backups, oldest first",
                        "opsledger backup list /backup/opsledger");
  list->add_option("DIRECTORY", l->directory, "where backups are kept")->required();
  list->add_flag("--json", l->json, "a JSON object per line");
  line.on_run(list, [l] { return run_list(*l); });

  auto r = std::make_shared<BackupCommand>();
  auto* restore =
      line.add(parent, "restore", "Restore into an absent or empty data directory, and verify",
               "opsledger backup restore /backup/opsledger --data ./restored --id 3");
  r->place.add_data(restore);
  restore->add_option("DIRECTORY", r->directory, "where backups are kept")->required();
  restore->add_option("--id", r->id, "which one (default: the newest)");
  line.on_run(restore, [r] { return run_restore(*r); });
}

}  // namespace opsledger::cli
