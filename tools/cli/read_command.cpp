// read and query: events as CloudEvents JSON lines, also when their plugin is not installed.
#include <unistd.h>

#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/selection.hpp"

namespace opsledger::cli {
namespace {

struct ReadOptionsLine {
  PlaceOptions place;
  SelectionOptions select;
  bool json = false;
};

int run_read(const ReadOptionsLine& options) {
  const auto selection = options.select.selection();
  if (!selection) return print_error(selection.error());
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  const auto status = backend.value()->read(selection.value(), print_line);
  return status.ok() ? kSuccess : print_error(status.error());
}

void add_json_flag(CLI::App* command, bool* json) {
  command->add_flag("--json", *json, "JSON lines: the only form of events, accepted for likeness");
}

}  // namespace

void add_read(CommandLine& line) {
  auto options = std::make_shared<ReadOptionsLine>();
  auto* read = line.add(&line.app, "read", "Print events as CloudEvents JSON lines",
                        "opsledger read --type order.cancelled --limit 10 --backward");
  options->place.add_url(read);
  options->select.add_filter(read);
  options->select.add_range(read);
  add_json_flag(read, &options->json);
  line.on_run(read, [options] { return run_read(*options); });

  auto asked = std::make_shared<ReadOptionsLine>();
  auto* query = line.add(
      &line.app, "query", "Print the events that match a query (OR of items)",
      R"(opsledger query '{"items":[{"types":["incident.raised"]},{"tags":["order:C536379"]}]}')");
  asked->place.add_url(query);
  query->add_option("QUERY", asked->select.query, "JSON; an item = any type AND all tags")
      ->required();
  asked->select.add_range(query);
  add_json_flag(query, &asked->json);
  line.on_run(query, [asked] { return run_read(*asked); });
}

}  // namespace opsledger::cli
