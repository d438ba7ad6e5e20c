// The command catalogue, and sending commands.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/json_body.hpp"
#include "kernel/http/labels.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

namespace {

boost::json::object describe(const PluginInstance& module, const CommandInfo& command) {
  return {{"type", command.type},
          {"module", module.info().name},
          {"label", label_json(command.label)},
          {"permission_class", std::string(1, command.permission_class)},
          {"reason_required", command.reason_required},
          {"schema", command.schema->json_schema()}};
}

Result<Response> list_commands(ServerContext& server, const Request&) {
  boost::json::array list;
  for (const auto& module : server.services.registry.modules()) {
    for (const CommandInfo& command : module->info().commands) {
      list.push_back(describe(*module, command));
    }
  }
  return json_response(boost::json::serialize(list));
}

std::string outcome_json(const CommandOutcome& outcome) {
  boost::json::array events, warnings;
  for (const auto& [type, position] : outcome.events) {
    events.push_back({{"type", type}, {"position", position.value}});
  }
  for (const Warning& warning : outcome.warnings) {
    warnings.push_back({{"code", warning.code}, {"message", warning.message}});
  }
  return boost::json::serialize(boost::json::object{{"position", outcome.position.value},
                                                    {"events", std::move(events)},
                                                    {"warnings", std::move(warnings)}});
}

Task<Result<Response>> send_command(ServerContext& server, const Request& request) {
  if (!server.services.registry.command(request.path[0])) {
    co_return Error{
        Code::kNotFound, "command.unknown",
        "no loaded module has a command " + request.path[0] + "; GET /v1/commands lists them"};
  }
  auto body = json_body(request, server.limits);
  if (!body.ok()) co_return std::move(body).error();
  CommandRequest command{
      .type = request.path[0], .data = std::move(*body), .context = request.context};
  auto start = [&](auto done) {
    const auto work = [&, done] { server.services.commands.execute(std::move(command), done); };
    if (!server.writers.try_post(work)) done(overloaded("too many commands wait for a worker"));
  };
  auto outcome = co_await await_callback<Result<CommandOutcome>>(start);
  if (!outcome.ok()) co_return std::move(outcome).error();
  co_return json_response(outcome_json(*outcome));
}

}  // namespace

void add_command_routes(Router& router) {
  router.add({.method = http::verb::get,
              .pattern = "/v1/commands",
              .runs = Runs::kOnReader,
              .handler = list_commands,
              .operation = {
                  .id = "listCommands",
                  .tag = "commands",
                  .summary = "Every command of every module, with the schema of its body",
                  .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}}}});
  router.add(
      {.method = http::verb::post,
       .pattern = "/v1/commands/{type}",
       .runs = Runs::kAsync,
       .async_handler = send_command,
       .operation = {
           .id = "sendCommand",
           .tag = "commands",
           .summary = "Send a command",
           .parameters = {{"Idempotency-Key", "header", R"({"type":"string","maxLength":200})",
                           "a retry with the same key returns the first outcome"},
                          {"X-Department", "header", R"({"type":"string"})",
                           "department, percent-encoded UTF-8, where it is not implied"},
                          {"X-Reason", "header", R"({"type":"string"})",
                           "why, percent-encoded UTF-8, where a reason is required"}},
           .answer = {{{media::kJson}, "#CommandOutcome"}},
           .problems = {403, 404, 409, 413, 415, 422, 423},
           .expands = Expands::kPerCommand}});
}

}  // namespace opsledger
