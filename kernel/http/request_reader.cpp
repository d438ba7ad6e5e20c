#include "kernel/http/request_reader.hpp"

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kHeaderReadBytes = 4 * 1024;
constexpr std::size_t kBodyReadBytes = 64 * 1024;
constexpr std::size_t kIdleBufferBytesMax = 64 * 1024;
constexpr unsigned kEmptyLinesMax = 8;                  ///< before a request
constexpr std::size_t kUncountedBodyBytes = 64 * 1024;  ///< small bodies need no reservation

Error body_too_large(std::size_t bytes_max) {
  return {Code::kTooLarge, "http.too_large",
          "the body is longer than " + std::to_string(bytes_max) + " bytes; send it in parts"};
}

Error parse_error(const boost::system::error_code& error, const HttpLimits& limits) {
  if (error == http::error::header_limit) {
    return {Code::kTooLarge, "http.headers_too_large",
            "the header fields are longer than " + std::to_string(limits.header_bytes_max) +
                " bytes; send fewer or shorter ones"};
  }
  if (error == http::error::body_limit) {
    return body_too_large(std::max(limits.body_bytes_max, limits.blob_bytes_max));
  }
  return malformed_request("not a valid HTTP/1.1 request: " + error.message());
}

}  // namespace

RequestReader::RequestReader(Wire& wire, const HttpLimits& limits, BodyBudget& budget)
    : wire_(wire), limits_(limits), reservation_(budget) {}

Task<RequestReader::Outcome> RequestReader::next(Request* request) {
  reservation_.clear();
  if (buffer_.capacity() > kIdleBufferBytesMax && buffer_.size() == 0) buffer_ = {};
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
  parser_->body_limit(std::max(limits_.body_bytes_max, limits_.blob_bytes_max));
  header_checked_ = begun_ = false;
  empty_lines_left_ = kEmptyLinesMax;
  idle_ = buffer_.size() == 0;
  wire_.arm(idle_ ? limits_.idle_timeout : limits_.header_timeout);
  while (true) {
    if (buffer_.size() > 0) {
      if (const auto outcome = parse()) {
        if (*outcome == Outcome::kRequest) request->message = parser_->release();
        wire_.disarm();
        co_return *outcome;
      }
    }
    if (parser_->is_header_done() && !header_checked_) {
      if (const auto outcome = check_header()) co_return *outcome;
      if (equals_ignoring_case(parser_->get()[http::field::expect], "100-continue")) {
        const std::string_view go_on[] = {"HTTP/1.1 100 Continue\r\n\r\n"};
        if (!co_await wire_.write_all(go_on, limits_.write_timeout)) co_return Outcome::kClosed;
      }
      wire_.arm(limits_.body_timeout);
    }
    const auto room = buffer_.prepare(header_checked_ ? kBodyReadBytes : kHeaderReadBytes);
    const std::size_t size = co_await wire_.read_some(room);
    if (size == 0) co_return out_of_bytes();
    received(size);
  }
}

void RequestReader::received(std::size_t size) {
  buffer_.commit(size);
  if (!idle_) return;
  idle_ = false;
  wire_.arm(limits_.header_timeout);
}

bool RequestReader::skip_empty_lines() {
  const auto bytes = [this] {
    return std::string_view(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  };
  for (; empty_lines_left_ > 0 && bytes().starts_with("\r\n"); --empty_lines_left_) {
    buffer_.consume(2);
  }
  idle_ = buffer_.size() == 0;
  return !idle_ && bytes() != "\r";
}

std::optional<RequestReader::Outcome> RequestReader::parse() {
  boost::system::error_code error;
  if (!begun_ && !skip_empty_lines()) return {};
  while (buffer_.size() > 0 && !parser_->is_done()) {
    const std::size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    begun_ = begun_ || used > 0;
    if (error == http::error::need_more) break;
    if (error) return refuse(parse_error(error, limits_));
    if (used == 0) break;
  }
  if (parser_->is_header_done() && !header_checked_ && parser_->is_done()) {
    if (const auto outcome = check_header()) return outcome;
  }
  const std::size_t body = parser_->get().body().size();
  if (header_checked_ && body > body_bytes_max()) return refuse(body_too_large(body_bytes_max()));
  if (body > kUncountedBodyBytes && !reservation_.grow_to(body)) {
    return refuse(overloaded("too many large bodies are being received"));
  }
  if (!parser_->is_done()) return {};
  return Outcome::kRequest;
}

std::optional<RequestReader::Outcome> RequestReader::check_header() {
  header_checked_ = true;
  const auto& message = parser_->get();
  if (message.target().size() > limits_.target_bytes_max) {
    return refuse({Code::kTooLarge, "http.target_too_long",
                   "the target is longer than " + std::to_string(limits_.target_bytes_max) +
                       " bytes; use POST /v1/events/query for long queries"});
  }
  if (message.count(http::field::transfer_encoding) > 0 && !parser_->chunked()) {
    return refuse(malformed_request("the only Transfer-Encoding accepted is chunked"));
  }
  const auto encoding = message[http::field::content_encoding];
  if (!encoding.empty() && !equals_ignoring_case(encoding, "identity")) {
    return refuse(unsupported_media_type("with a Content-Encoding", "the body uncompressed"));
  }
  const auto announced = parser_->content_length();
  if (announced && *announced > body_bytes_max()) return refuse(body_too_large(body_bytes_max()));
  if (announced && *announced > kUncountedBodyBytes && !reservation_.grow_to(*announced)) {
    return refuse(overloaded("too many large bodies are being received"));
  }
  return {};
}

/// Attachments and spreadsheets may be larger than what is parsed.
std::size_t RequestReader::body_bytes_max() const {
  const auto target = parser_->get().target();
  const auto path = target.substr(0, target.find('?'));
  return path == "/v1/blobs" || path == "/v1/imports" ? limits_.blob_bytes_max
                                                      : limits_.body_bytes_max;
}

RequestReader::Outcome RequestReader::refuse(Error error) {
  wire_.disarm();
  error_ = std::move(error);
  return Outcome::kRefused;
}

RequestReader::Outcome RequestReader::out_of_bytes() {
  if (!wire_.expired() || idle_) return Outcome::kClosed;
  return refuse(
      {Code::kTimeout, "http.timeout", "the request did not arrive in time; send it in one go"});
}

}  // namespace opsledger
