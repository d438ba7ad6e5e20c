// Answers to bytes on a wire.
#pragma once

#include <atomic>
#include <string>

#include "kernel/http/limits.hpp"
#include "kernel/http/response.hpp"
#include "kernel/http/wire.hpp"

namespace opsledger {

/// How the request wants its answer.
struct ResponseFraming {
  unsigned version = 11;  ///< 10 or 11
  bool keep_alive = true;
  bool head = false;  ///< HEAD: headers only
};

/// Status line and headers of `response`, as Beast writes them; `chunked` where it has a producer
/// and the peer speaks HTTP/1.1 (else the body ends with the connection).
std::string response_head(const Response& response, const ResponseFraming& framing,
                          const std::string& date);

/// Writes `response` whole. `stopping` is read by producers. False: the connection must be closed.
Task<bool> write_response(Wire& wire, const HttpLimits& limits, const ResponseFraming& framing,
                          Response response, const std::atomic<bool>& stopping);

}  // namespace opsledger
