#include "kernel/http/response_writer.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace opsledger {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view kServerName = "opsledger";
constexpr std::string_view kCrlf = "\r\n";
constexpr std::size_t kPiecesMax = 64;

void append_field(std::string_view name, std::string_view value, std::string* out) {
  out->append(name).append(": ").append(value).append(kCrlf);
}

/// Frames a producer's pieces as chunks, or passes them on for HTTP/1.0.
class ChunkWriter final : public BodyWriter {
 public:
  ChunkWriter(Wire& wire, const HttpLimits& limits, bool chunked, const std::atomic<bool>& stopping)
      : wire_(wire), limits_(limits), chunked_(chunked), stopping_(stopping) {}

  Task<bool> write(std::span<const std::string_view> pieces) override {
    while (!pieces.empty()) {
      const auto now = pieces.first(std::min(pieces.size(), kPiecesMax));
      if (!co_await write_chunk(now)) co_return false;
      pieces = pieces.subspan(now.size());
    }
    co_return true;
  }
  Task<bool> finish() {
    if (!chunked_) co_return true;
    const std::string_view last[] = {"0\r\n\r\n"};
    co_return co_await wire_.write_all(last, limits_.write_timeout);
  }
  bool stopping() const override { return stopping_; }
  Executor executor() const override { return wire_.executor(); }

 private:
  Task<bool> write_chunk(std::span<const std::string_view> pieces) {
    std::size_t size = 0;
    for (std::string_view piece : pieces) size += piece.size();
    if (size == 0) co_return true;
    if (!chunked_) co_return co_await wire_.write_all(pieces, limits_.write_timeout);
    char head[20];
    char* end = std::to_chars(head, head + 16, size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    std::array<std::string_view, kPiecesMax + 2> framed;
    framed[0] = {head, static_cast<std::size_t>(end - head)};
    std::copy(pieces.begin(), pieces.end(), framed.begin() + 1);
    framed[pieces.size() + 1] = kCrlf;
    const std::span<const std::string_view> all(framed.data(), pieces.size() + 2);
    co_return co_await wire_.write_all(all, limits_.write_timeout);
  }

  Wire& wire_;
  const HttpLimits& limits_;
  const bool chunked_;
  const std::atomic<bool>& stopping_;
};

}  // namespace

void append_response_head(const Response& response, const ResponseFraming& framing,
                          const std::string& date, std::string* out) {
  out->append(framing.version >= 11 ? "HTTP/1.1 " : "HTTP/1.0 ");
  const auto reason = http::obsolete_reason(http::int_to_status(response.status));
  char number[24];
  const auto digits = [&](std::size_t value) {
    return std::string_view(number, std::to_chars(number, number + sizeof number, value).ptr);
  };
  out->append(digits(response.status)).append(" ");
  out->append(reason.data(), reason.size()).append(kCrlf);
  append_field("Server", kServerName, out);
  if (!date.empty()) append_field("Date", date, out);
  if (!response.content_type.empty()) append_field("Content-Type", response.content_type, out);
  for (const auto& [name, value] : response.headers) append_field(name, value, out);
  if (!framing.keep_alive) {
    append_field("Connection", "close", out);
  } else if (framing.version < 11) {
    append_field("Connection", "keep-alive", out);
  }
  if (!response.producer) {
    append_field("Content-Length", digits(response.body.size()), out);
  } else if (framing.version >= 11) {
    append_field("Transfer-Encoding", "chunked", out);
  }
  out->append(kCrlf);
}

ResponseWriter::ResponseWriter(Wire& wire, const HttpLimits& limits,
                               const std::atomic<bool>& stopping)
    : wire_(wire), limits_(limits), stopping_(stopping) {}

Task<bool> ResponseWriter::write(const ResponseFraming& framing, Response response) {
  head_.clear();
  append_response_head(response, framing, wire_.clock().date(), &head_);
  const bool has_body = !framing.head && !response.producer;
  const std::string_view pieces[] = {head_, has_body ? std::string_view(response.body) : ""};
  if (!co_await wire_.write_all(pieces, limits_.write_timeout)) co_return false;
  if (!response.producer || framing.head) co_return true;
  ChunkWriter body(wire_, limits_, framing.version >= 11, stopping_);
  if (!co_await response.producer(body)) co_return false;
  co_return co_await body.finish();
}

}  // namespace opsledger
