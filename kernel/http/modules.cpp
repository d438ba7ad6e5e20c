// GET /v1/modules: what is loaded, and what it brings.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/labels.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

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

Result<Response> list_modules(ServerContext& server, const Request&) {
  boost::json::array list;
  for (const auto& instance : server.services.registry.modules()) {
    const ModuleInfo& module = instance->info();
    list.push_back({{"name", module.name},
                    {"version", module.version},
                    {"hash", hex(module.hash.bytes)},
                    {"label", label_json(module.label)},
                    {"prefixes", strings(module.prefixes)},
                    {"events", event_types(module)},
                    {"commands", commands(module)},
                    {"tables", tables(module)}});
  }
  return json_response(boost::json::serialize(list));
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
}

}  // namespace opsledger
