// TLS, as a filter over bytes: it never touches a socket, so that deadlines, gathering and stopping
// are the same with and without it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/base/result.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace opsledger {

/// Certificate and key of the server; TLS 1.2 and 1.3, HTTP/1.1 by ALPN. Thread safe.
class TlsContext {
 public:
  /// PEM files: the certificate with its chain, and its key. Errors: kInvalid `tls.certificate`,
  /// naming the file and why.
  static Result<TlsContext> load(const std::string& certificate_file, const std::string& key_file);

 private:
  friend class TlsFilter;
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

/// One connection's state. Belongs to its I/O thread. The handshake happens within `decrypt`.
class TlsFilter {
 public:
  explicit TlsFilter(const TlsContext& context);

  /// What came from the socket.
  void feed(std::string_view encrypted);
  /// Plain bytes into `buffer`; kMore: feed more first; kEnd: closed by the peer, or broken.
  enum class State { kBytes, kMore, kEnd };
  State decrypt(char* buffer, std::size_t size, std::size_t* got);
  /// False when the connection cannot be written to (no handshake yet, or broken).
  bool encrypt(std::string_view plain);
  void close();
  /// What has to go to the socket, taken away; also after `decrypt`.
  std::string take_output();

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_st, Free> ssl_;
};

}  // namespace opsledger
