// The HTTP server: everything contract.md lists, over Boost.Beast and Asio coroutines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernel/http/limits.hpp"
#include "kernel/http/services.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Owns its I/O threads, its workers and every connection. Each connection lives on one I/O
/// thread; what may read the disk or wait runs on a worker. Not movable.
class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";  ///< IPv4 or IPv6 literal; loopback until there are rights
    std::uint16_t port = 8080;          ///< 0 = any free one, see `port()`
    unsigned io_threads = 2;
    unsigned read_threads = 4;   ///< workers for reads
    unsigned write_threads = 8;  ///< workers for commands (which may wait their turn) and appends
    unsigned hash_threads = 2;   ///< workers for passwords: about 0.1 s and 64 MiB each
    /// Names besides localhost, 127.0.0.1 and [::1] that `Host` may have (DNS rebinding).
    std::vector<std::string> hosts = {};
    /// PEM files; empty = plain HTTP.
    std::string tls_certificate_file = {};
    std::string tls_key_file = {};
    std::string version = "0.1.0";  ///< shown in /openapi.json
    HttpLimits limits = {};
  };

  HttpServer(Services services, Options options);
  /// Stops.
  ~HttpServer();

  /// Binds, listens and starts the threads; once. Errors: kInvalid `http.address` |
  /// `tls.certificate`, kIo
  /// `http.listen` (port in use).
  Status start();
  /// Stops accepting, lets running requests finish (at most `stop_timeout`), ends streams, closes
  /// every connection and joins the threads. Idempotent.
  void stop();

  std::uint16_t port() const;
  std::string url() const;  ///< `http://127.0.0.1:8080`

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace opsledger
