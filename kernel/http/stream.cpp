// Live events as server-sent events.
#include "kernel/http/event_selection.hpp"
#include "kernel/http/metrics.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/stream_hub.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kGreeting = "retry: 1000\n: opsledger\n\n";
constexpr std::string_view kHeartbeat = ": heartbeat\n\n";

/// What a stream's reader may see, and under which version of the rights that was found out.
struct Reader {
  std::shared_ptr<const EventScope> scope;  ///< null = everything
  std::uint64_t version = 0;
};

/// One client's stream: where it is, and how it goes on.
class LiveStream {
 public:
  LiveStream(ServerContext& server, const Request& request, Query query, Reader reader,
             Position after, std::shared_ptr<StreamHub::Seat> seat)
      : server_(server),
        context_(request.context),
        credential_(request.caller.credential),
        query_(std::move(query)),
        reader_(std::move(reader)),
        delivered_(after),
        seat_(std::move(seat)) {}
  ~LiveStream() {
    if (waiter_) seat_->group().leave(waiter_);
  }
  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  Task<bool> run(BodyWriter& out) {
    waiter_ = std::make_shared<StreamWaiter>(out.executor());
    const std::string_view greeting[] = {kGreeting};
    bool good = co_await out.write(greeting);
    while (good && !server_.stopping.load(std::memory_order_relaxed)) good = co_await step(out);
    co_return good;
  }

 private:
  /// A scope follows every change of rights by itself; who saw everything is looked at again.
  bool rights_changed() const {
    const auto* access = server_.services.access;
    return access != nullptr && !reader_.scope && access->version() != reader_.version;
  }
  Task<bool> still_sees_everything() {
    const auto* access = server_.services.access;
    const auto version = access->version();
    const auto sees = co_await offload<bool>(
        server_.readers, [&]() -> Result<bool> { return access->reads_everything(context_); });
    reader_.version = version;
    co_return sees.ok() && *sees;
  }

  /// False ends the stream; the client comes back with `Last-Event-ID` and is looked at again.
  Task<bool> step(BodyWriter& out) {
    if (credential_ && !server_.services.identities->holds(*credential_)) co_return false;
    if (rights_changed() && !co_await still_sees_everything()) co_return false;
    const StreamStep step =
        seat_->group().next(delivered_, server_.services.ledger.durable().position,
                            server_.limits.slice_bytes, waiter_);
    switch (step.kind) {
      case StreamStep::Kind::kWrite:
        co_return co_await write(out, step);
      case StreamStep::Kind::kCatchUp:
        co_return co_await catch_up(out, step.upto);
      case StreamStep::Kind::kWait:
        break;
    }
    delivered_ = step.upto;
    // Looked at again now that the waiter is on the list, or a stop just before would be missed.
    if (server_.stopping) co_return true;
    if (co_await waiter_->wait(server_.limits.stream_heartbeat)) co_return true;
    const std::string_view heartbeat[] = {kHeartbeat};
    co_return co_await out.write(heartbeat);
  }

  Task<bool> write(BodyWriter& out, const StreamStep& step) {
    std::vector<std::string_view> pieces;
    for (const auto& chunk : step.chunks) pieces.push_back(chunk->bytes);
    if (!co_await out.write(pieces)) co_return false;
    delivered_ = step.upto;
    co_return true;
  }

  /// One slice from the ledger. A fresh cursor each time: a stalled reader holds none open.
  Task<bool> catch_up(BodyWriter& out, Position upto) {
    server_.metrics.stream_fallbacks_total.fetch_add(1, std::memory_order_relaxed);
    auto slice = co_await offload<EventSlice>(server_.readers, [&]() -> Result<EventSlice> {
      OPS_TRY_ASSIGN(auto slicer,
                     EventSlicer::open(server_.services.ledger, server_.services.renderer,
                                       {.query = query_,
                                        .options = {.after = delivered_, .upto = upto},
                                        .department = {},
                                        .scope = reader_.scope},
                                       EventFormat::kServerSent));
      return slicer->next(server_.limits.slice_bytes);
    });
    if (!slice.ok()) co_return false;
    const std::string_view pieces[] = {slice->bytes};
    if (!co_await out.write(pieces)) co_return false;
    delivered_ = slice->end ? upto : slice->last;
    co_return true;
  }

  ServerContext& server_;
  const RequestContext context_;
  const CredentialRef credential_;  // what proved who reads
  const Query query_;
  Reader reader_;
  Position delivered_;
  std::shared_ptr<StreamHub::Seat> seat_;
  std::shared_ptr<StreamWaiter> waiter_;
};

/// `Last-Event-ID` of a browser that reconnects wins over `after` in the URL.
Result<Position> start_position(ServerContext& server, const Request& request,
                                QueryParameters* others) {
  OPS_TRY(refuse_repeated(request.query, {"after"}));
  Position after;
  for (const auto& [name, value] : request.query) {
    if (name == "after" && value == "head") {
      after = server.services.ledger.durable().position;
    } else if (name == "after") {
      OPS_TRY_ASSIGN(after.value, number_parameter(name, value));
    } else if (name == "type" || name == "tag") {
      others->emplace_back(name, value);
    } else {
      return Error{Code::kMalformed, "http.parameter",
                   "unknown parameter " + name + "; known are type, tag, after"};
    }
  }
  const std::string_view resumed = request.header("Last-Event-ID");
  if (!resumed.empty()) {
    OPS_TRY_ASSIGN(after.value, number_parameter("Last-Event-ID", resumed));
  }
  return after;
}

Result<Response> open_stream(ServerContext& server, const Request& request) {
  QueryParameters filter;
  OPS_TRY_ASSIGN(const Position after, start_position(server, request, &filter));
  OPS_TRY_ASSIGN(EventSelection selection, selection_from_query(filter));
  // Refuses a query outside the ledger's limits now, with a status, not later in the stream.
  OPS_TRY(server.services.ledger.read(selection.query, {.after = after, .limit = 1}));
  if (request.message.method() == http::verb::head) {
    return Response{.content_type = media::kEventStream};
  }
  Reader reader;
  if (const auto* access = server.services.access) reader.version = access->version();
  reader.scope = events_scope(server, request);
  OPS_TRY_ASSIGN(auto seat, server.hub.join(selection.query, reader.scope));
  auto stream = std::make_shared<LiveStream>(server, request, std::move(selection.query),
                                             std::move(reader), after, std::move(seat));
  Response response{.content_type = media::kEventStream};
  response.headers.emplace_back("Cache-Control", "no-store");
  response.producer = [stream](BodyWriter& out) { return stream->run(out); };
  return response;
}

constexpr std::string_view kStrings = R"({"type":"array","items":{"type":"string"}})";

}  // namespace

void add_stream_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/events/stream",
       .runs = Runs::kOnReader,
       .handler = open_stream,
       .operation = {
           .id = "streamEvents",
           .tag = "events",
           .summary = "Server-sent events: catches up from `after`, then live",
           .parameters = {{"type", "query", kStrings, "event types, any of them"},
                          {"tag", "query", kStrings, "tags `key:value`, all of them"},
                          {"after", "query", R"({"type":"string"})",
                           "exclusive position to begin after, or `head` for new events only"},
                          {"Last-Event-ID", "header", R"({"type":"integer","minimum":0})",
                           "the last `id` received: resumes after it"}},
           .answer = {{{media::kEventStream}, R"({"type":"string"})"}},
           .problems = {422}}});
}

}  // namespace opsledger
