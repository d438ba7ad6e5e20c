// POST /v1/events: JSON proposals and CloudEvents in structured, batch and binary mode.
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>

#include "kernel/http/binary_event.hpp"
#include "kernel/http/json_body.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kAccepted =
    "application/json, application/cloudevents+json, application/cloudevents-batch+json, or "
    "ce-* headers";

Status require_shape(const boost::json::value& body, bool array) {
  if (array ? body.is_array() : body.is_object()) return {};
  return Error{Code::kInvalid,
               "schema.invalid",
               "the body has the wrong shape",
               {{"", array ? "expected an array of CloudEvents" : "expected an object"}}};
}

/// From bytes to a proposal that fits; touches memory only.
Result<Proposal> parse_proposal(const ServerContext& server, const Request& request) {
  unsigned char space[8 * 1024];
  boost::json::monotonic_resource memory(space, sizeof space);
  const RawAppend& raw = server.services.raw_append;
  if (is_binary_event(request)) {
    OPS_TRY_ASSIGN(const auto event, binary_event(request, server.limits));
    return raw.parse_cloud_events(event, request.context);
  }
  const std::string type = media_type(request.header("Content-Type"));
  const bool single = type == media::kCloudEvent, batch = type == media::kCloudEvents;
  if (!single && !batch && type != media::kJson) return unsupported_media_type(type, kAccepted);
  OPS_TRY_ASSIGN(const auto body, parse_json(request.body(), server.limits, &memory));
  OPS_TRY(require_shape(body, batch));
  return single || batch ? raw.parse_cloud_events(body, request.context)
                         : raw.parse(body, request.context);
}

/// The whole way from bytes to a checked and allowed proposal.
Result<Proposal> read_proposal(const ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto proposal, parse_proposal(server, request));
  OPS_TRY(may_append(server, request, proposal));
  return proposal;
}

/// A conflict is told when its cause is durable: who then reads must find it, and a crash must not
/// make the answer wrong. What became unavailable cannot become durable any more.
template <class Done>
void refuse(ServerContext& server, Error error, Done done) {
  if (error.code == Code::kNotReady) server.refusals.fail_lost();
  if (error.code != Code::kConflict) return done(std::move(error));
  server.refusals.wait(server.services.ledger.accepted().position,
                       [error = std::move(error), done](const Status& durable) {
                         done(durable.ok() ? error : durable.error());
                       });
}

template <class Done>
Ledger::Completion completion(ServerContext& server, Done done) {
  return [&server, done](Result<AppendOutcome> outcome) {
    if (!outcome.ok()) server.refusals.fail_lost();
    done(std::move(outcome));
  };
}

/// May read the disk.
template <class Done>
void submit(ServerContext& server, Result<Proposal> proposal, Done done) {
  if (!proposal.ok()) return done(std::move(proposal).error());
  auto accepted = server.services.ledger.append(std::move(*proposal), completion(server, done));
  if (!accepted.ok()) refuse(server, std::move(accepted).error(), done);
}

/// On the I/O thread: false when it would have to wait.
template <class Done>
bool submit_here(ServerContext& server, const Request& request, const Proposal& proposal,
                 Done done) {
  auto accepted = server.services.ledger.append_from_memory(proposal, completion(server, done),
                                                            request.may_block);
  if (!accepted) return false;
  if (!accepted->ok()) refuse(server, std::move(*accepted).error(), done);
  return true;
}

std::string outcome_json(const AppendOutcome& outcome) {
  std::string json = "{\"first\":";
  json += std::to_string(outcome.first.value);
  json += ",\"last\":";
  json += std::to_string(outcome.last.value);
  json += '}';
  return json;
}

Task<Result<Response>> append_events(ServerContext& server, const Request& request) {
  std::optional<Result<Proposal>> parsed;
  if (request.body().size() <= server.limits.inline_body_bytes_max) {
    parsed = read_proposal(server, request);
    if (!parsed->ok()) co_return std::move(*parsed).error();
  }
  auto start = [&](auto done) {
    if (parsed && submit_here(server, request, **parsed, done)) return;
    const auto work = [&, done] {
      submit(server, parsed ? std::move(*parsed) : read_proposal(server, request), done);
    };
    if (!server.writers.try_post(work)) done(overloaded("too many appends wait for a worker"));
  };
  auto outcome = co_await await_callback<Result<AppendOutcome>>(start);
  if (!outcome.ok()) co_return std::move(outcome).error();
  Response response = json_response(outcome_json(*outcome), 201);
  if (outcome->replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
  co_return response;
}

}  // namespace

void add_append_routes(Router& router) {
  router.add(
      {.method = http::verb::post,
       .pattern = "/v1/events",
       .runs = Runs::kAsync,
       .async_handler = append_events,
       .operation = {
           .id = "appendEvents",
           .tag = "events",
           .summary = "Append events, all or none, optionally under a condition",
           .parameters = {{"Idempotency-Key", "header", R"({"type":"string","maxLength":200})",
                           "a retry with the same key returns the first outcome, with "
                           "`Idempotent-Replayed: true`"},
                          {"X-Department", "header", R"({"type":"string"})",
                           "department of the events, percent-encoded UTF-8"}},
           .body = {{{media::kJson}, "#AppendRequest"},
                    {{media::kCloudEvent}, "#CloudEventInput"},
                    {{media::kCloudEvents},
                     R"({"type":"array","minItems":1,)"
                     R"("items":{"$ref":"#/components/schemas/CloudEventInput"}})"}},
           .success = 201,
           .answer = {{{media::kJson}, "#AppendOutcome"}},
           .problems = {409, 413, 415, 422}}});
}

}  // namespace opsledger
