#include "kernel/http/response_writer.hpp"

#include <array>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <charconv>

namespace opsledger {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view kServerName = "opsledger";
constexpr std::string_view kCrlf = "\r\n";
constexpr std::size_t kPiecesMax = 64;

boost::beast::string_view beast(std::string_view text) {
  return {text.data(), text.size()};
}

void append_header(http::response<http::empty_body>& message, std::string* out) {
  http::response_serializer<http::empty_body> serializer(message);
  serializer.split(true);
  boost::system::error_code error;
  while (!serializer.is_header_done()) {
    serializer.next(error, [&](boost::system::error_code&, const auto& buffers) {
      std::size_t size = 0;
      for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers);
           ++it) {
        const asio::const_buffer buffer(*it);
        out->append(static_cast<const char*>(buffer.data()), buffer.size());
        size += buffer.size();
      }
      serializer.consume(size);
    });
  }
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

std::string response_head(const Response& response, const ResponseFraming& framing,
                          const std::string& date) {
  http::response<http::empty_body> message;
  message.version(framing.version);
  message.result(response.status);
  message.set(http::field::server, beast(kServerName));
  if (!date.empty()) message.set(http::field::date, date);
  if (!response.content_type.empty()) {
    message.set(http::field::content_type, beast(response.content_type));
  }
  for (const auto& [name, value] : response.headers) message.insert(beast(name), value);
  message.keep_alive(framing.keep_alive);
  if (!response.producer) {
    message.content_length(response.body.size());
  } else if (framing.version >= 11) {
    message.chunked(true);
  }
  std::string head;
  head.reserve(256);
  append_header(message, &head);
  return head;
}

Task<bool> write_response(Wire& wire, const HttpLimits& limits, const ResponseFraming& framing,
                          Response response, const std::atomic<bool>& stopping) {
  const std::string head = response_head(response, framing, wire.clock().date());
  const bool has_body = !framing.head && !response.producer && !response.body.empty();
  const std::string_view pieces[] = {head, has_body ? std::string_view(response.body) : ""};
  if (!co_await wire.write_all(pieces, limits.write_timeout)) co_return false;
  if (!response.producer || framing.head) co_return true;
  ChunkWriter body(wire, limits, framing.version >= 11, stopping);
  if (!co_await response.producer(body)) co_return false;
  co_return co_await body.finish();
}

}  // namespace opsledger
