// import csv: into a running server or a data directory, with a dry run.
#include <atomic>
#include <fstream>
#include <memory>

#include "kernel/app/node.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/import/csv_import.hpp"
#include "kernel/import/ledger_sink.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/http_sink.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

struct ImportCommand {
  PlaceOptions place;
  std::string file, map, rejects;
  bool dry_run = false, skip_bad_rows = false, json = false;
};

/// The sink and everything it refers to, destroyed in reverse order.
struct Destination {
  SystemClock clock;
  std::unique_ptr<Node> node;
  std::unique_ptr<ImportSink> sink;
};

Status open_destination(const ImportCommand& command, Destination* out) {
  Config config;
  OPS_TRY(command.place.load(&config));
  auto url = command.place.url;
  if (url.empty()) url = serving_url(config);
  if (!url.empty() && !command.dry_run) {
    OPS_TRY_ASSIGN(auto client, HttpClient::make(url, command.place.token()));
    out->sink = std::make_unique<HttpSink>(std::move(client));
    return {};
  }
  OPS_TRY_ASSIGN(out->node, Node::open(config, out->clock, {.create = true}));
  RequestContext context;
  context.actor = command.place.actor;
  if (command.dry_run) {
    out->sink = std::make_unique<CheckSink>(out->node->raw_append());
  } else {
    out->sink = std::make_unique<LedgerSink>(out->node->ledger(), out->node->raw_append(), context);
  }
  return {};
}

void print_report(const ImportReport& report, const ImportCommand& command) {
  if (command.json) {
    std::printf(
        "{\"rows\":%llu,\"rejected\":%llu,\"events\":%llu,\"batches\":%llu,"
        "\"batches_known\":%llu,\"first\":%llu,\"last\":%llu,\"dry_run\":%s}\n",
        static_cast<unsigned long long>(report.rows),
        static_cast<unsigned long long>(report.rejected),
        static_cast<unsigned long long>(report.events),
        static_cast<unsigned long long>(report.batches),
        static_cast<unsigned long long>(report.batches_known),
        static_cast<unsigned long long>(report.first.value),
        static_cast<unsigned long long>(report.last.value), command.dry_run ? "true" : "false");
    return;
  }
  std::printf(
      "%s%llu rows -> %llu events in %llu batches (%llu known before), %llu rows rejected\n",
      command.dry_run ? "dry run, nothing stored: " : "",
      static_cast<unsigned long long>(report.rows), static_cast<unsigned long long>(report.events),
      static_cast<unsigned long long>(report.batches),
      static_cast<unsigned long long>(report.batches_known),
      static_cast<unsigned long long>(report.rejected));
}

int run_import(const ImportCommand& command) {
  const auto map = ImportMap::load(command.map);
  if (!map) return print_error(map.error());
  Destination destination;
  if (const auto status = open_destination(command, &destination); !status.ok()) {
    return print_error(status.error());
  }
  std::ofstream rejects;
  if (!command.rejects.empty()) {
    rejects.open(command.rejects);
    if (!rejects) {
      return print_error({Code::kIo, "import.rejects", "cannot write " + command.rejects});
    }
    rejects << "row,line,column,why\n";
  }
  Progress progress(command.dry_run ? "checking" : "importing", 0, "bytes");
  ImportOptions options;
  options.on_error =
      command.skip_bad_rows ? ImportOptions::OnError::kSkip : ImportOptions::OnError::kStop;
  options.on_progress = [&](const ImportProgress& state) {
    progress.set_total(state.bytes_total);
    progress.update(state.bytes_read);
  };
  options.on_rejected = [&](const RejectedRow& row) {
    if (rejects.is_open()) {
      rejects << row.row << ',' << row.line << ",\"" << row.column << "\",\"" << row.why << "\"\n";
    } else {
      std::fprintf(stderr, "row %llu (line %llu), %s: %s\n",
                   static_cast<unsigned long long>(row.row),
                   static_cast<unsigned long long>(row.line), row.column.c_str(), row.why.c_str());
    }
  };
  const auto report = import_csv(command.file, map.value(), *destination.sink, options);
  if (!report) return print_error(report.error());
  print_report(report.value(), command);
  return kSuccess;
}

}  // namespace

void add_import(CommandLine& line) {
  auto* parent = line.app.add_subcommand("import", "Load data of other systems");
  parent->require_subcommand(1);
  auto o = std::make_shared<ImportCommand>();
  auto* command = line.add(parent, "csv", "Turn the rows of a CSV file into events",
                           "opsledger import csv --map tools/import/online-retail.toml "
                           "orders.csv.zst --url http://127.0.0.1:8080");
  o->place.add_url(command);
  command->add_option("FILE", o->file, ".csv, .csv.gz, .csv.zst, or - for standard input")
      ->required();
  command->add_option("--map", o->map, "map file: how a row becomes events")->required();
  command->add_flag("--dry-run", o->dry_run, "check every row, store nothing");
  command->add_flag("--skip-bad-rows", o->skip_bad_rows,
                    "leave bad rows out instead of stopping at the first");
  command->add_option("--rejects", o->rejects, "CSV file for the bad rows (default: stderr)");
  command->add_flag("--json", o->json, "print the report as JSON");
  line.on_run(command, [o] { return run_import(*o); });
  add_import_commands(parent, line);
}

}  // namespace opsledger::cli
