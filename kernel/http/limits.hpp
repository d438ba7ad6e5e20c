// Every limit of the HTTP server in one place; each has a metric or an answer of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace opsledger {

/// Plain values, set once before start. What happens at a limit stands behind each.
struct HttpLimits {
  // connections
  std::size_t connections_max = 12'000;              ///< one more is answered 503 and closed
  std::chrono::milliseconds idle_timeout{75'000};    ///< between requests: closed silently
  std::chrono::milliseconds header_timeout{10'000};  ///< first byte to end of headers: 408
  std::chrono::milliseconds body_timeout{30'000};    ///< end of headers to end of body: 408
  std::chrono::milliseconds write_timeout{30'000};   ///< no byte taken for so long: closed
  std::chrono::milliseconds stop_timeout{5'000};     ///< for running requests at `stop()`

  // one request
  std::size_t header_bytes_max = 16 * 1024;              ///< 431
  std::size_t target_bytes_max = 8 * 1024;               ///< 414
  std::size_t body_bytes_max = 4 * 1024 * 1024;          ///< 413
  std::size_t blob_bytes_max = 50u << 20;                ///< of an attachment: 413
  std::size_t body_bytes_total_max = 256 * 1024 * 1024;  ///< all bodies being read: 503
  std::size_t json_depth_max = 32;                       ///< 400

  // work
  std::size_t queued_logins_max = 64;       ///< waiting for a password to be hashed: 503
  std::size_t queued_thumbnails_max = 16;   ///< 503 + Retry-After
  std::size_t queued_requests_max = 4'096;  ///< waiting for a worker, per pool: 503 + Retry-After
  std::size_t inline_body_bytes_max = 64 * 1024;  ///< parsed on the I/O thread; larger on a worker
  std::chrono::milliseconds min_position_timeout{5'000};  ///< `min_position=` waits: 503

  // reading and streaming
  std::uint64_t events_page_default = 1'000;  ///< `limit` of GET /v1/events as an array
  std::size_t slice_bytes = 256 * 1024;       ///< rendered at once for long answers
  std::size_t streams_max = 2'048;            ///< live streams: 503
  std::size_t stream_filters_max = 256;       ///< distinct filters of live streams: 503
  std::size_t stream_backlog_bytes_max = 4 * 1024 * 1024;  ///< per filter; a reader further
                                                           ///< behind reads from the ledger
  std::chrono::milliseconds stream_heartbeat{15'000};
  std::chrono::microseconds stream_flush_interval{1'000};  ///< live events are grouped this long,
  std::chrono::microseconds stream_flush_per_stream{20};   ///< and longer for each open stream
};

}  // namespace opsledger
