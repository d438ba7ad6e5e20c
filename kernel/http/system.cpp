// Liveness, readiness, metrics.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/metrics.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/stream_hub.hpp"

namespace opsledger {

namespace {

Result<Response> health(ServerContext&, const Request&) {
  return json_response(R"({"status":"alive"})");
}

Result<Response> readiness(ServerContext& server, const Request&) {
  boost::json::array reasons;
  if (server.stopping) reasons.emplace_back("the server is stopping");
  if (server.services.not_ready_reasons) {
    for (const std::string& reason : server.services.not_ready_reasons()) {
      reasons.emplace_back(reason);
    }
  }
  const bool ready = reasons.empty();
  boost::json::object body{{"status", ready ? "ready" : "not_ready"},
                           {"reasons", std::move(reasons)},
                           {"position", server.services.ledger.durable().position.value}};
  Response response = json_response(boost::json::serialize(body), ready ? 200 : 503);
  if (!ready) response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::vector<MetricSample> own_samples(const ServerContext& server) {
  const HttpMetrics& metrics = server.metrics;
  const auto number = [](const auto& value) { return static_cast<double>(value); };
  const Ledger& ledger = server.services.ledger;
  const auto queue = [&](const char* pool, double value) {
    return MetricSample{"opsledger_http_queued_requests",
                        "Requests waiting for a worker.",
                        value,
                        {{"pool", pool}}};
  };
  return {
      {"opsledger_ledger_position",
       "Position of the last durable event.",
       number(ledger.durable().position.value),
       {}},
      {"opsledger_http_connections", "Open connections.", number(metrics.connections.load()), {}},
      {"opsledger_http_connections_total",
       "Accepted connections.",
       number(metrics.connections_total.load()),
       {}},
      {"opsledger_http_connections_refused_total",
       "Connections beyond the limit, answered 503.",
       number(metrics.connections_refused_total.load()),
       {}},
      {"opsledger_http_requests_refused_total",
       "Requests that were not valid HTTP or too large.",
       number(metrics.requests_refused_total.load()),
       {}},
      queue("readers", number(server.readers.queued())),
      queue("writers", number(server.writers.queued())),
      queue("hashers", number(server.hashers.queued())),
      {"opsledger_http_overloaded_total",
       "Requests refused because a worker queue was full.",
       number(server.readers.refused() + server.writers.refused() + server.hashers.refused()),
       {}},
      {"opsledger_http_streams", "Open live streams.", number(server.hub.streams()), {}},
      {"opsledger_http_stream_filters",
       "Distinct filters of live streams.",
       number(server.hub.filters()),
       {}},
      {"opsledger_http_stream_events_total",
       "Events looked at for live streams.",
       number(metrics.stream_events_total.load()),
       {}},
      {"opsledger_http_stream_catch_up_slices_total",
       "Slices that streams read from the ledger to catch up.",
       number(metrics.stream_fallbacks_total.load()),
       {}},
  };
}

Result<Response> expose_metrics(ServerContext& server, const Request&) {
  std::vector<MetricSample> samples = own_samples(server);
  for (const auto& source : server.services.metrics) {
    auto more = source();
    samples.insert(samples.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
  }
  return Response{.content_type = media::kMetrics, .body = server.metrics.exposition(samples)};
}

}  // namespace

void add_system_routes(Router& router) {
  router.add({.method = http::verb::get,
              .pattern = "/healthz",
              .runs = Runs::kOnIo,
              .handler = health,
              .operation = {.id = "health",
                            .tag = "system",
                            .summary = "Whether the process answers",
                            .answer = {{{media::kJson}, "#Health"}}},
              .audience = Audience::kEveryone});
  router.add({.method = http::verb::get,
              .pattern = "/readyz",
              .runs = Runs::kOnIo,
              .handler = readiness,
              .operation = {.id = "readiness",
                            .tag = "system",
                            .summary = "Whether it can serve; 503 with reasons when not",
                            .answer = {{{media::kJson}, "#Readiness"}}},
              .audience = Audience::kEveryone});
  router.add({.method = http::verb::get,
              .pattern = "/metrics",
              .runs = Runs::kOnReader,
              .handler = expose_metrics,
              .operation = {.id = "metrics",
                            .tag = "system",
                            .summary = "Prometheus text",
                            .answer = {{{"text/plain"}, R"({"type":"string"})"}}},
              .audience = Audience::kLoopback});
}

}  // namespace opsledger
