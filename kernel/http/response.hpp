// An answer, before it is written.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/http/net.hpp"

namespace opsledger {

namespace media {
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kProblem = "application/problem+json";
inline constexpr std::string_view kCloudEvent = "application/cloudevents+json";
inline constexpr std::string_view kCloudEvents = "application/cloudevents-batch+json";
inline constexpr std::string_view kNdjson = "application/x-ndjson";
inline constexpr std::string_view kEventStream = "text/event-stream";
inline constexpr std::string_view kOctets = "application/octet-stream";
inline constexpr std::string_view kMetrics = "text/plain; version=0.0.4; charset=utf-8";
}  // namespace media

/// Where a long answer is written, piece by piece; every write waits for the reader
/// (back-pressure). Belongs to the connection's I/O thread.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  /// False when the reader is gone, has stopped reading for too long, or the server stops hard:
  /// the producer must return.
  virtual Task<bool> write(std::span<const std::string_view> pieces) = 0;
  virtual bool stopping() const = 0;
  virtual Executor executor() const = 0;
};

/// Produces a long body. True = complete; false = broken off, the connection is closed without
/// an end of the body so that the reader can tell.
using Producer = std::function<Task<bool>(BodyWriter&)>;

struct Response {
  unsigned status = 200;
  std::string_view content_type = media::kJson;  ///< of static lifetime; empty = no body
  std::string body = {};
  std::vector<std::pair<std::string_view, std::string>> headers = {};
  Producer producer = {};  ///< instead of `body`: chunked
};

inline Response json_response(std::string body, unsigned status = 200) {
  return {.status = status, .body = std::move(body)};
}

}  // namespace opsledger
