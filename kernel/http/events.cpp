// Reading events: pages, streams of lines, one event, full queries.
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "kernel/http/event_selection.hpp"
#include "kernel/http/json_body.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

/// Reads on a reader thread while the slice before is being written.
Task<bool> write_slices(ServerContext& server, EventSlicer& slicer, EventSlice slice,
                        BodyWriter& out) {
  using asio::experimental::awaitable_operators::operator&&;
  while (!slice.end) {
    const std::string_view pieces[] = {slice.bytes};
    auto [written, next] = co_await (out.write(pieces) && offload<EventSlice>(server.readers, [&] {
                                       return slicer.next(server.limits.slice_bytes);
                                     }));
    if (!written || !next.ok() || out.stopping()) co_return false;
    slice = std::move(*next);
  }
  const std::string_view pieces[] = {slice.bytes};
  co_return co_await out.write(pieces);
}

struct Opened {
  std::shared_ptr<EventSlicer> slicer;
  EventSlice first;
};

Result<Opened> open_selection(ServerContext& server, const Request& request,
                              EventSelection selection, EventFormat format) {
  selection.scope = events_scope(server, request);
  OPS_TRY_ASSIGN(auto slicer, EventSlicer::open(server.services.ledger, server.services.renderer,
                                                std::move(selection), format));
  OPS_TRY_ASSIGN(auto first, slicer->next(server.limits.slice_bytes));
  return Opened{std::move(slicer), std::move(first)};
}

/// Short answers are sent whole, long ones in chunks as they are read.
Task<Result<Response>> answer(ServerContext& server, const Request& request,
                              EventSelection selection) {
  const std::string_view accept = request.header("Accept");
  const bool lines = header_lists(accept, media::kNdjson);
  if (!lines && selection.options.limit == UINT64_MAX) {
    selection.options.limit = server.limits.events_page_default;
  }
  Response response;
  response.content_type = lines                                ? media::kNdjson
                          : header_lists(accept, media::kJson) ? media::kJson
                                                               : media::kCloudEvents;
  const EventFormat format = lines ? EventFormat::kLines : EventFormat::kArray;
  auto opened = co_await offload<Opened>(server.readers, [&] {
    return open_selection(server, request, std::move(selection), format);
  });
  if (!opened.ok()) co_return std::move(opened).error();
  if (opened->first.end) {
    response.body = std::move(opened->first.bytes);
  } else {
    auto shared = std::make_shared<Opened>(std::move(*opened));
    response.producer = [&server, shared](BodyWriter& out) {
      return write_slices(server, *shared->slicer, std::move(shared->first), out);
    };
  }
  co_return std::move(response);
}

Task<Result<Response>> read_events(ServerContext& server, const Request& request) {
  auto selection = selection_from_query(request.query);
  if (!selection.ok()) co_return std::move(selection).error();
  co_return co_await answer(server, request, std::move(*selection));
}

Task<Result<Response>> query_events(ServerContext& server, const Request& request) {
  auto body = json_body(request, server.limits);
  if (!body.ok()) co_return std::move(body).error();
  auto selection = selection_from_json(*body);
  if (!selection.ok()) co_return std::move(selection).error();
  co_return co_await answer(server, request, std::move(*selection));
}

Result<Response> read_event(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(const std::uint64_t position, number_parameter("position", request.path[0]));
  OPS_TRY_ASSIGN(const OwnedEvent event, server.services.ledger.get({position}));
  if (const auto scope = events_scope(server, request); scope && !scope->sees(event.view())) {
    return Error{Code::kNotFound, "entity.not_found",
                 "there is no event at position " + std::to_string(position)};
  }
  Response response{.content_type = media::kCloudEvent};
  const auto personal = personal_of(server, request, event.view());
  server.services.renderer.render(event.view(), &response.body, &personal);
  return response;
}

constexpr std::string_view kInteger = R"({"type":"integer","minimum":0})";
constexpr std::string_view kStrings = R"({"type":"array","items":{"type":"string"}})";

std::vector<Parameter> selection_parameters() {
  return {{"type", "query", kStrings, "event types, any of them"},
          {"tag", "query", kStrings, "tags `key:value`, all of them"},
          {"after", "query", kInteger, "exclusive position; backward: read what is before it"},
          {"limit", "query", kInteger, "at most so many; as JSON lines without one: all"},
          {"direction", "query", R"({"enum":["forward","backward"]})", "order of positions"},
          {"department", "query", R"({"type":"string"})", "only events of this department"}};
}

const std::vector<Content>& event_list() {
  static const std::vector<Content> list{
      {{media::kCloudEvents, media::kJson},
       R"({"type":"array","items":{"$ref":"#/components/schemas/CloudEvent"}})"},
      {{media::kNdjson}, "#CloudEvent"}};
  return list;
}

}  // namespace

void add_event_routes(Router& router) {
  router.add({.method = http::verb::get,
              .pattern = "/v1/events",
              .runs = Runs::kAsync,
              .async_handler = read_events,
              .operation = {.id = "readEvents",
                            .tag = "events",
                            .summary = "Read events by types and tags",
                            .parameters = selection_parameters(),
                            .answer = event_list(),
                            .problems = {422}}});
  router.add({.method = http::verb::post,
              .pattern = "/v1/events/query",
              .runs = Runs::kAsync,
              .async_handler = query_events,
              .operation = {.id = "queryEvents",
                            .tag = "events",
                            .summary = "Read events by a full query",
                            .body = {{{media::kJson}, "#EventQuery"}},
                            .answer = event_list(),
                            .problems = {413, 415, 422}}});
  router.add({.method = http::verb::get,
              .pattern = "/v1/events/{position}",
              .runs = Runs::kOnReader,
              .handler = read_event,
              .operation = {.id = "readEvent",
                            .tag = "events",
                            .summary = "Read one event",
                            .parameters = {{"position", "path", kInteger, "of the event"}},
                            .answer = {{{media::kCloudEvent}, "#CloudEvent"}},
                            .problems = {404}}});
}

}  // namespace opsledger
