// module list, rebuild.
#include <boost/json.hpp>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct ModuleOptions {
  PlaceOptions place;
  std::string module;
  bool json = false;
};

int run_list(const ModuleOptions& options) {
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  const auto answer = backend.value()->modules();
  if (!answer) return print_error(answer.error());
  if (options.json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  json::error_code failed;
  const auto modules = json::parse(answer.value(), failed);
  if (failed || !modules.is_array()) {
    return print_error({Code::kInternal, "answer.malformed", "the answer is no JSON array"});
  }
  for (const auto& module : modules.get_array()) {
    std::string text;
    for (const char* name : {"name", "version"}) {
      const auto* value = module.as_object().if_contains(name);
      if (value != nullptr && value->is_string()) text += std::string(value->get_string()) + "  ";
    }
    print_line(text);
  }
  return kSuccess;
}

int run_rebuild(const ModuleOptions& options) {
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  Progress progress("rebuilding " + options.module, 0, "positions");
  const auto status =
      backend.value()->rebuild(options.module, [&](std::uint64_t done, std::uint64_t total) {
        progress.set_total(total);
        progress.update(done);
      });
  if (!status.ok()) return print_error(status.error());
  print_line(options.json ? R"({"module":)" + json::serialize(json::string(options.module)) +
                                R"(,"rebuilt":true})"
                          : "rebuilt " + options.module);
  return kSuccess;
}

}  // namespace

void add_module(CommandLine& line) {
  auto* parent = line.app.add_subcommand("module", "The modules that plugins provide");
  parent->require_subcommand(1);
  auto l = std::make_shared<ModuleOptions>();
  auto* list = line.add(parent, "list", "Print the loaded modules", "opsledger module list --json");
  l->place.add_url(list);
  list->add_flag("--json", l->json, "everything they declare, as JSON");
  line.on_run(list, [l] { return run_list(*l); });

  auto r = std::make_shared<ModuleOptions>();
  auto* rebuild =
      line.add(&line.app, "rebuild", "Project a module's tables again from the first event",
               "opsledger rebuild order --url http://127.0.0.1:8080");
  r->place.add_url(rebuild);
  rebuild->add_option("MODULE", r->module, "the module's name")->required();
  rebuild->add_flag("--json", r->json, "print the outcome as JSON");
  line.on_run(rebuild, [r] { return run_rebuild(*r); });
}

}  // namespace opsledger::cli
