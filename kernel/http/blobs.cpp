// Attachments: stored by content, served so that a browser runs nothing of them.
#include "kernel/blobs/blob_service.hpp"

#include <boost/json.hpp>

#include "kernel/blobs/thumbnail.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

namespace json = boost::json;

constexpr Permission kAttach{"file", "file.attach", 'C'};
constexpr Permission kListBlobs{"file", "file.blobs", 'V'};

Result<BlobService*> blobs_of(const ServerContext& server) {
  if (server.services.blobs != nullptr) return server.services.blobs;
  return not_found("/v1/blobs");
}

std::string parameter(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query) {
    if (key == name) return value;
  }
  return {};
}

Result<Hash> hash_of(std::string_view text) {
  Bytes bytes;
  Hash hash;
  const bool lower = text.find_first_of("ABCDEF") == std::string_view::npos;
  if (!lower || !unhex(text, &bytes) || bytes.size() != hash.bytes.size()) {
    return Error{Code::kMalformed, "http.parameter", "sha256 is 64 lower-case hexadecimal digits"};
  }
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

/// RFC 6266, with every byte of the name that is not plain percent-encoded.
std::string disposition(std::string_view mime, std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const bool image = mime.starts_with("image/") && mime != "image/svg+xml";
  std::string out = image ? "inline" : "attachment";
  out += "; filename*=UTF-8''";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || c == '.' || c == '-' || c == '_';
    if (plain)
      out += c;
    else
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

/// No script of a stored file runs here, whatever it is taken for.
void protect(Response* response) {
  response->headers.emplace_back("X-Content-Type-Options", "nosniff");
  response->headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
  response->headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  response->headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
}

/// The media type as text of static lifetime; unknown ones are bytes.
std::string_view static_type(std::string_view mime) {
  static const auto known = BlobService::default_types();
  const auto found = std::find(known.begin(), known.end(), mime);
  return found == known.end() ? media::kOctets : std::string_view(*found);
}

Result<Response> store_now(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const blobs, blobs_of(server));
  OPS_TRY(require(server, request, kAttach, request.context.department));
  OPS_TRY_ASSIGN(const auto stored,
                 blobs->store(request.body(), parameter(request, "name"), request.context));
  return json_response(json::serialize(json::object{{"sha256", hex(stored.hash.bytes)},
                                                    {"size", stored.facts.size},
                                                    {"mime", stored.facts.mime},
                                                    {"name", stored.name},
                                                    {"position", stored.position.value}}),
                       201);
}

Task<Result<Response>> store_blob(ServerContext& server, const Request& request) {
  co_return co_await offload<Response>(server.writers, [&] { return store_now(server, request); });
}

Result<BlobService::Readable> readable(ServerContext& server, const Request& request,
                                       const Hash& hash) {
  OPS_TRY_ASSIGN(const auto* const blobs, blobs_of(server));
  const auto scope = events_scope(server, request);
  return blobs->find_readable(
      hash, [&](const EventView& event) { return scope == nullptr || scope->sees(event); });
}

/// One piece after the other, each read on a worker; a damaged one breaks the answer off.
Task<bool> write_pieces(ServerContext& server, Hash hash, std::uint64_t count, BodyWriter& out) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto piece = co_await offload<Bytes>(
        server.readers, [&] { return server.services.blobs->read_piece(hash, i); });
    if (!piece.ok() || out.stopping()) co_return false;
    const std::string_view pieces[] = {*piece};
    const bool written = co_await out.write(pieces);
    if (!written) co_return false;
  }
  co_return true;
}

Result<Response> read_blob(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(const auto hash, hash_of(request.path[0]));
  OPS_TRY_ASSIGN(const auto blob, readable(server, request, hash));
  Response response{.content_type = static_type(blob.facts.mime)};
  response.headers.emplace_back("Content-Disposition", disposition(blob.facts.mime, blob.name));
  protect(&response);
  response.producer = [&server, hash, count = blob.facts.pieces()](BodyWriter& out) {
    return write_pieces(server, hash, count, out);
  };
  return response;
}

Task<Result<Response>> read_thumbnail(ServerContext& server, const Request& request) {
  co_return co_await offload<Response>(server.imagers, [&]() -> Result<Response> {
    OPS_TRY_ASSIGN(const auto hash, hash_of(request.path[0]));
    OPS_TRY_ASSIGN(const auto blob, readable(server, request, hash));
    OPS_TRY_ASSIGN(const auto image, server.services.blobs->read(hash));
    OPS_TRY_ASSIGN(auto small, make_thumbnail(image, blob.facts.mime));
    Response response{.content_type = "image/png", .body = std::move(small)};
    protect(&response);
    return response;
  });
}

Result<Response> list_unreferenced(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(const auto* const blobs, blobs_of(server));
  OPS_TRY(require(server, request, kListBlobs));
  Hash after{};
  if (const auto text = parameter(request, "after"); !text.empty()) {
    OPS_TRY_ASSIGN(after, hash_of(text));
  }
  OPS_TRY_ASSIGN(const auto found, blobs->unreferenced(after));
  json::array list;
  for (const auto& blob : found) {
    list.push_back(
        {{"sha256", hex(blob.hash.bytes)}, {"size", blob.facts.size}, {"mime", blob.facts.mime}});
  }
  return json_response(json::serialize(list));
}

constexpr std::string_view kBinary = R"({"type":"string","format":"binary"})";

void add_reading(Router& router) {
  const Parameter sha256{"sha256", "path", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})",
                         "SHA-256 of the content"};
  router.add({.method = http::verb::get,
              .pattern = "/v1/blobs/{sha256}",
              .runs = Runs::kOnReader,
              .handler = read_blob,
              .operation = {.id = "readBlob",
                            .tag = "blobs",
                            .summary = "An attachment, for whoever sees an event that names it",
                            .parameters = {sha256},
                            .answer = {{{media::kOctets}, kBinary}},
                            .problems = {401, 404}}});
  router.add({.method = http::verb::get,
              .pattern = "/v1/blobs/{sha256}/thumbnail",
              .runs = Runs::kAsync,
              .async_handler = read_thumbnail,
              .operation = {.id = "readThumbnail",
                            .tag = "blobs",
                            .summary = "A small PNG of an image",
                            .parameters = {sha256},
                            .answer = {{{"image/png"}, kBinary}},
                            .problems = {401, 404, 413}}});
}

}  // namespace

void add_blob_routes(Router& router) {
  router.add({.method = http::verb::post,
              .pattern = "/v1/blobs",
              .runs = Runs::kAsync,
              .async_handler = store_blob,
              .operation = {.id = "storeBlob",
                            .tag = "blobs",
                            .summary = "Store an attachment; what it is is decided by its bytes",
                            .parameters = {{"name", "query", R"({"type":"string"})",
                                            "its file name, for those who download it"}},
                            .body = {{{media::kOctets}, kBinary}},
                            .success = 201,
                            .answer = {{{media::kJson}, R"({"type":"object"})"}},
                            .problems = {401, 403, 413, 422}}});
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/blobs",
       .runs = Runs::kOnReader,
       .handler = list_unreferenced,
       .operation = {.id = "listUnreferencedBlobs",
                     .tag = "blobs",
                     .summary = "Attachments that nothing refers to, in order of hash",
                     .parameters = {{"after", "query", R"({"type":"string"})",
                                     "the last one of the page before"}},
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {401, 403}}});
  add_reading(router);
}

}  // namespace opsledger
