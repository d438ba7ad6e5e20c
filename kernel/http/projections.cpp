// How far tables are, and rebuilding, retrying and skipping.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "kernel/http/problem.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

namespace {

std::string_view state_name(ProjectionStatus::State state) {
  switch (state) {
    case ProjectionStatus::State::kCatchingUp:
      return "catching_up";
    case ProjectionStatus::State::kLive:
      return "live";
    case ProjectionStatus::State::kParked:
      return "parked";
    case ProjectionStatus::State::kRebuilding:
      return "rebuilding";
    case ProjectionStatus::State::kStopped:
      return "stopped";
  }
  return "stopped";
}

boost::json::object describe(const ProjectionStatus& status) {
  const std::uint64_t lag =
      status.head.value > status.position.value ? status.head.value - status.position.value : 0;
  boost::json::object json{{"module", status.module},
                           {"module_version", status.module_version},
                           {"generation", status.generation},
                           {"state", state_name(status.state)},
                           {"position", status.position.value},
                           {"head", status.head.value},
                           {"lag", lag},
                           {"events_per_second", std::llround(status.events_per_second)},
                           {"seconds_left", nullptr},
                           {"unknown_events", status.unknown_events}};
  if (status.seconds_left) json["seconds_left"] = std::llround(*status.seconds_left);
  if (status.rebuild_position.value > 0) {
    json["rebuild_position"] = status.rebuild_position.value;
  }
  if (status.parked) {
    json["parked"] = {{"position", status.position.value + 1},
                      {"code", status.parked->reason},
                      {"detail", status.parked->message}};
  }
  return json;
}

Result<Response> list_projections(ServerContext& server, const Request&) {
  boost::json::array list;
  for (const ProjectionStatus& status : server.services.projections.status()) {
    list.push_back(describe(status));
  }
  return json_response(boost::json::serialize(list));
}

/// 202 with the projection as it is now.
Result<Response> started(ServerContext& server, const std::string& module) {
  for (const ProjectionStatus& status : server.services.projections.status()) {
    if (status.module != module) continue;
    Response response = json_response(boost::json::serialize(describe(status)), 202);
    response.headers.emplace_back("Location", "/v1/projections");
    return response;
  }
  return Error{Code::kNotFound, "module.unknown", "no loaded module is called " + module};
}

Result<Response> rebuild(ServerContext& server, const Request& request) {
  OPS_TRY(server.services.projections.rebuild(request.path[0]));
  return started(server, request.path[0]);
}

Result<Response> retry(ServerContext& server, const Request& request) {
  OPS_TRY(server.services.projections.retry(request.path[0]));
  return started(server, request.path[0]);
}

Result<Response> skip(ServerContext& server, const Request& request) {
  if (request.context.reason.empty()) {
    return Error{Code::kInvalid, "command.reason_required",
                 "say in X-Reason why the event is skipped; the reason is recorded"};
  }
  OPS_TRY(server.services.projections.skip(request.path[0], request.context.reason,
                                           request.context.actor));
  return started(server, request.path[0]);
}

Operation change_operation(std::string_view id, std::string_view summary) {
  return {.id = id,
          .tag = "projections",
          .summary = summary,
          .parameters = {{"module", "path", R"({"type":"string"})", "name of the module"}},
          .success = 202,
          .answer = {{{media::kJson}, "#Projection"}},
          .problems = {401, 403, 404, 409, 422}};
}

}  // namespace

void add_projection_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/projections",
       .runs = Runs::kOnReader,
       .handler = list_projections,
       .operation = {.id = "listProjections",
                     .tag = "projections",
                     .summary = "Position, lag, state, rate and time left of each module",
                     .answer = {{{media::kJson},
                                 R"({"type":"array",)"
                                 R"("items":{"$ref":"#/components/schemas/Projection"}})"}}}});
  const auto add = [&](std::string_view pattern, Handler handler, Operation operation) {
    router.add({.method = http::verb::post,
                .pattern = pattern,
                .runs = Runs::kOnReader,
                .handler = handler,
                .operation = std::move(operation),
                .right = {"projection", "projection.manage", 'M'}});
  };
  add("/v1/projections/{module}/rebuild", rebuild,
      change_operation("rebuildProjection",
                       "Build a new generation beside the live one, then swap"));
  add("/v1/projections/{module}/retry", retry,
      change_operation("retryProjection", "Try the event again at which a projection parked"));
  Operation skip_operation =
      change_operation("skipProjectionEvent", "Pass over the event at which a projection parked");
  skip_operation.parameters.push_back({"X-Reason", "header", R"({"type":"string"})",
                                       "why, percent-encoded UTF-8; required, becomes an event"});
  add("/v1/projections/{module}/skip", skip, std::move(skip_operation));
}

}  // namespace opsledger
