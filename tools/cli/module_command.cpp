// module list | enable | disable | config; rebuild.
#include <boost/json.hpp>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/identity_call.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/server_call.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct ModuleOptions {
  PlaceOptions place;
  std::string module, department, config, reason;
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

std::string switch_target(const ModuleOptions& options) {
  return "/v1/departments/" + percent_encode(options.department) + "/modules/" +
         percent_encode(options.module);
}

int run_switch(const ModuleOptions& options, bool on) {
  const json::object body{{"enabled", on}};
  const auto answer =
      call_server(options.place, json_request("PUT", switch_target(options), body, options.reason));
  return print_answer(answer, options.json, {},
                      options.module + " is " + (on ? "on" : "off") + " in " + options.department);
}
int run_enable(const ModuleOptions& options) {
  return run_switch(options, true);
}
int run_disable(const ModuleOptions& options) {
  return run_switch(options, false);
}

int run_config(const ModuleOptions& options) {
  json::error_code failed;
  auto config = json::parse(options.config, failed);
  if (failed || !config.is_object()) {
    return print_error({Code::kMalformed, "json.malformed", "the settings are no JSON object"});
  }
  const auto answer =
      call_server(options.place, json_request("PUT", switch_target(options),
                                              json::object{{"config", config}}, options.reason));
  return print_answer(answer, options.json, {},
                      options.module + " is configured in " + options.department);
}

void add_switch(CommandLine& line, CLI::App* parent, const std::string& name,
                const std::string& description, int (*run)(const ModuleOptions&)) {
  auto options = std::make_shared<ModuleOptions>();
  auto* command = line.add(parent, name, description,
                           "opsledger module " + name + " order OPS" +
                               (name == "config" ? " '{\"review_minutes\":30}'" : ""));
  options->place.add_url(command);
  command->add_option("MODULE", options->module, "the module's name")->required();
  command->add_option("DEPARTMENT", options->department, "where")->required();
  if (name == "config") {
    command->add_option("SETTINGS", options->config, "a JSON object")->required();
  }
  command->add_option("--reason", options->reason, "why; becomes part of the event");
  command->add_flag("--json", options->json, "print the answer as JSON");
  line.on_run(command, [options, run] { return run(*options); });
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

  add_switch(line, parent, "enable", "Switch a module on in a department", run_enable);
  add_switch(line, parent, "disable", "Switch a module off in a department", run_disable);
  add_switch(line, parent, "config", "Set a module's settings in a department", run_config);

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
