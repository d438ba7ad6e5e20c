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

/// Appends status line and headers of `response`; `chunked` where it has a producer and the peer
/// speaks HTTP/1.1 (else the body ends with the connection). Names and values are our own: nothing
/// that a caller sent may come here without a check for line breaks.
void append_response_head(const Response& response, const ResponseFraming& framing,
                          const std::string& date, std::string* out);

/// Belongs to one connection. `stopping` is read by producers.
class ResponseWriter {
 public:
  ResponseWriter(Wire& wire, const HttpLimits& limits, const std::atomic<bool>& stopping);

  /// Writes `response` whole. False: the connection must be closed.
  Task<bool> write(const ResponseFraming& framing, Response response);

 private:
  Wire& wire_;
  const HttpLimits& limits_;
  const std::atomic<bool>& stopping_;
  std::string head_;  // kept, so that an answer costs no allocation
};

}  // namespace opsledger
