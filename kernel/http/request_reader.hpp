// Bytes from a wire to whole requests, within the limits.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

#include "kernel/http/body_budget.hpp"
#include "kernel/http/limits.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/wire.hpp"

namespace opsledger {

/// Belongs to one connection. Keeps what was read beyond a request for the next one (pipelining).
class RequestReader {
 public:
  RequestReader(Wire& wire, const HttpLimits& limits, BodyBudget& budget);

  enum class Outcome { kRequest, kClosed, kRefused };
  /// Reads the next request into `*request`. kRefused: `error()` says why; the connection cannot
  /// go on after it. Releases the memory held for the request before.
  Task<Outcome> next(Request* request);
  const Error& error() const { return error_; }
  /// Whether it waits for the first byte of a request.
  bool idle() const { return idle_; }

 private:
  using Parser = http::request_parser<http::string_body>;
  void received(std::size_t size);
  Outcome refuse(Error error);
  /// Of the request whose header is read.
  std::size_t body_bytes_max() const;
  /// Drops empty lines before a request line (RFC 9112 §2.2), a few. False = nothing else is there.
  bool skip_empty_lines();
  /// Parses what is buffered. Nothing = needs more bytes.
  std::optional<Outcome> parse();
  std::optional<Outcome> check_header();
  Outcome out_of_bytes();

  Wire& wire_;
  const HttpLimits& limits_;
  BodyReservation reservation_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Error error_;
  bool idle_ = true;
  bool header_checked_ = false;
  bool begun_ = false;  ///< the parser has taken bytes of the request
  unsigned empty_lines_left_ = 0;
};

}  // namespace opsledger
