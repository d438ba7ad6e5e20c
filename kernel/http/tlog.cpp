// The transparency log's tiles and entry bundles at their C2SP paths.
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/tile_path.hpp"

namespace opsledger {

namespace {

/// Full tiles never change again; partial ones are replaced by fuller ones.
constexpr std::string_view kForever = "public, max-age=31536000, immutable";

Error no_such_tile(std::string_view path) {
  return {Code::kNotFound, "entity.not_found",
          "the log has no tile " + std::string(path) + " (yet)"};
}

/// uint16 big-endian length and bytes of each entry.
Result<Bytes> entry_bundle(const Ledger& ledger, const TilePath& tile) {
  const Position after{tile.index * kTileWidth};
  const Position last{after.value + tile.width};
  if (ledger.durable().position < last) {
    return Error{Code::kNotFound, "entity.not_found", "beyond the head"};
  }
  OPS_TRY_ASSIGN(auto cursor, ledger.read({}, {.after = after, .upto = last}));
  Bytes bundle;
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return bundle;
    for (const EventView& event : events) {
      bundle.push_back(static_cast<char>(event.encoded.size() >> 8));
      bundle.push_back(static_cast<char>(event.encoded.size() & 0xFF));
      bundle.append(event.encoded);
    }
  }
}

Result<Response> get_tile(ServerContext& server, const Request& request) {
  const auto tile = parse_tile_path(request.path[0]);
  if (!tile || tile->index > UINT64_MAX / kTileWidth - 1) return no_such_tile(request.path[0]);
  if (tile->entries) OPS_TRY(require(server, request, {"tlog", "tlog.entries", 'V'}));
  Result<Bytes> bytes = tile->entries
                            ? entry_bundle(server.services.ledger, *tile)
                            : server.services.merkle.tile(tile->level, tile->index, tile->width);
  if (!bytes.ok()) {
    if (bytes.error().code == Code::kNotFound) return no_such_tile(request.path[0]);
    return std::move(bytes).error();
  }
  Response response{.content_type = media::kOctets, .body = std::move(*bytes)};
  if (tile->width == kTileWidth) response.headers.emplace_back("Cache-Control", kForever);
  return response;
}

}  // namespace

void add_tlog_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/tlog/tile/{path...}",
       .runs = Runs::kOnReader,
       .handler = get_tile,
       .operation = {.id = "getTile",
                     .tag = "transparency",
                     .summary = "C2SP tlog-tiles: `<L>/<N>[.p/<W>]`, `entries/<N>[.p/<W>]`",
                     .parameters = {{"path", "path", R"({"type":"string"})",
                                     "as C2SP tlog-tiles defines it"}},
                     .answer = {{{media::kOctets}, R"({"type":"string","format":"binary"})"}},
                     .problems = {401, 403, 404}},
       .audience = Audience::kEveryone});
}

}  // namespace opsledger
