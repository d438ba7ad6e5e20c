// export events: the whole ledger, or what a query chooses, as CloudEvents JSON lines.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/selection.hpp"

namespace opsledger::cli {
namespace {

struct ExportOptions {
  PlaceOptions place;
  SelectionOptions select;
  std::string output = "-";
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error write_error(const std::string& output) {
  return {
      Code::kIo, "export.write",
      "cannot write " + output + ": " + std::strerror(errno) + "; free space or choose another"};
}

int run_export(const ExportOptions& options) {
  const auto selection = options.select.selection();
  if (!selection) return print_error(selection.error());
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  std::unique_ptr<std::FILE, CloseFile> file;
  std::FILE* out = stdout;
  if (options.output != "-") {
    file.reset(std::fopen(options.output.c_str(), "w"));
    if (!file) return print_error(write_error(options.output));
    out = file.get();
  }
  Progress progress("exporting", 0, "events");
  std::uint64_t done = 0;
  bool wrote = true;
  const auto status = backend.value()->read(selection.value(), [&](std::string_view event) {
    wrote = std::fwrite(event.data(), 1, event.size(), out) == event.size() &&
            std::fputc('\n', out) != EOF;
    progress.update(++done);
    return wrote;
  });
  if (!status.ok()) return print_error(status.error());
  if (!wrote || std::fflush(out) != 0) return print_error(write_error(options.output));
  return kSuccess;
}

}  // namespace

void add_export(CommandLine& line) {
  auto* parent = line.app.add_subcommand("export", "Write history and tables to files");
  parent->require_subcommand(1);
  auto o = std::make_shared<ExportOptions>();
  auto* command = line.add(parent, "events", "Write events as CloudEvents JSON lines",
                           "opsledger export events --as-of 5000 --output events.ndjson");
  o->place.add_url(command);
  o->select.add_filter(command);
  o->select.add_range(command);
  command->add_option("--query", o->select.query, "query as JSON, instead of --type and --tag");
  command->add_option("--output", o->output, "file; - = standard output");
  command->add_flag_function(
      "--json", [](std::int64_t) {}, "JSON lines are the only form, accepted for likeness");
  line.on_run(command, [o] { return run_export(*o); });
  add_export_table(parent, line);
}

}  // namespace opsledger::cli
