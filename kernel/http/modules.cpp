// GET /v1/modules: what is loaded, and what it brings.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/administration.hpp"
#include "kernel/http/labels.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

boost::json::array strings(const std::vector<std::string>& from) {
  return boost::json::array(from.begin(), from.end());
}

boost::json::array event_types(const ModuleInfo& module) {
  boost::json::array list;
  for (const EventTypeInfo& event : module.event_types) {
    if (!event.owned) continue;
    list.push_back(
        {{"type", event.type}, {"version", event.version}, {"label", label_json(event.label)}});
  }
  return list;
}

boost::json::array commands(const ModuleInfo& module) {
  boost::json::array list;
  for (const CommandInfo& command : module.commands) {
    list.push_back({{"type", command.type},
                    {"permission", command.type},
                    {"permission_class", std::string(1, command.permission_class)}});
  }
  return list;
}

boost::json::array tables(const ModuleInfo& module) {
  boost::json::array list;
  for (const TableInfo& table : module.tables) list.emplace_back(module.name + "." + table.name);
  return list;
}

/// How its tables are doing; a module without tables has none of this.
void add_projection(const std::vector<ProjectionStatus>& statuses, const std::string& module,
                    json::object* entry) {
  (*entry)["health"] = "ok";
  (*entry)["lag"] = 0;
  for (const auto& status : statuses) {
    if (status.module != module) continue;
    if (status.parked) (*entry)["health"] = "parked";
    if (status.head > status.position) (*entry)["lag"] = status.head.value - status.position.value;
  }
}

/// What was said about single departments; where nothing was, the default holds.
json::array departments_of(const AccessModel& access, const std::string& module) {
  json::array list;
  access.look([&](const ControlState& state) {
    const auto& enablement = state.enablement();
    for (const auto& [department, on] : enablement.departments(module)) {
      list.push_back({{"department", department},
                      {"enabled", on},
                      {"config", json::parse(enablement.config(module, department))}});
    }
  });
  return list;
}

Result<Response> list_modules(ServerContext& server, const Request&) {
  const auto statuses = server.services.projections.status();
  const bool departments = server.services.access != nullptr;
  if (departments) OPS_TRY(server.services.access->load());
  boost::json::array list;
  for (const auto& instance : server.services.registry.modules()) {
    const ModuleInfo& module = instance->info();
    json::object entry{{"name", module.name},
                       {"version", module.version},
                       {"hash", hex(module.hash.bytes)},
                       {"label", label_json(module.label)},
                       {"prefixes", strings(module.prefixes)},
                       {"events", event_types(module)},
                       {"commands", commands(module)},
                       {"tables", tables(module)},
                       {"requirements", strings(module.requirements)}};
    if (module.config) entry["config_schema"] = module.config->json_schema();
    add_projection(statuses, module.name, &entry);
    if (departments) entry["departments"] = departments_of(*server.services.access, module.name);
    list.push_back(std::move(entry));
  }
  return json_response(boost::json::serialize(list));
}

/// `{"enabled"?: bool, "config"?: {…}}` and nothing else.
Result<Administration::Switch> switch_of(const Request& request, const json::object& body) {
  Administration::Switch change{request.path[0], request.path[1], {}, {}};
  Error error{Code::kInvalid, "schema.invalid", "this does not switch a module", {}};
  for (const auto& member : body) {
    const std::string_view name(member.key().data(), member.key().size());
    if (name == "enabled" && member.value().is_bool()) {
      change.enabled = member.value().get_bool();
    } else if (name == "config" && member.value().is_object()) {
      change.config = member.value().get_object();
    } else {
      error.fields.push_back(
          {"/" + std::string(name), "expected enabled (true or false) or config (an object)"});
    }
  }
  if (!error.fields.empty()) return error;
  return change;
}

Result<Response> put_module(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const administration, administration_of(server));
  OPS_TRY_ASSIGN(const auto body, json_object(request, server.limits));
  OPS_TRY_ASSIGN(const auto change, switch_of(request, body));
  return changed(administration->set_module(change, request.context));
}

}  // namespace

void add_module_routes(Router& router) {
  router.add({.method = http::verb::get,
              .pattern = "/v1/modules",
              .runs = Runs::kOnReader,
              .handler = list_modules,
              .operation = {
                  .id = "listModules",
                  .tag = "modules",
                  .summary = "Loaded modules with their events, commands and tables",
                  .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}}}});
  router.add({.method = http::verb::put,
              .pattern = "/v1/departments/{department}/modules/{module}",
              .runs = Runs::kOnReader,
              .handler = put_module,
              .operation = {
                  .id = "switchModule",
                  .tag = "modules",
                  .summary = "Enable, disable or configure a module in one department",
                  .parameters = {{"department", "path", R"({"type":"string"})", "which department"},
                                 {"module", "path", R"({"type":"string"})", "which module"},
                                 {"X-Reason", "header", R"({"type":"string"})",
                                  "why, percent-encoded UTF-8"}},
                  .body = {{{media::kJson},
                            R"({"type":"object","properties":{"enabled":{"type":"boolean"},)"
                            R"("config":{"type":"object"}}})"}},
                  .answer = {{{media::kJson},
                              R"({"type":"object","properties":{"position":{"type":"integer"},)"
                              R"("changed":{"type":"boolean"}}})"}},
                  .problems = {401, 403, 404, 409, 415, 422}}});
}

}  // namespace opsledger
