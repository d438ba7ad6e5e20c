// HTTP and SMTP to the outside. libcurl stays behind this header.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "kernel/effects/outbound_guard.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

struct HttpCall {
  std::string url;                   ///< secrets included: never shown
  std::vector<std::string> headers;  ///< `Name: value` each
  std::string body;
};
struct HttpAnswer {
  unsigned status = 0;
  std::string body;  ///< at most effect_limits::kAnswerBytesMax
};

enum class MailSecurity { kPlain, kStartTls, kTls };
struct MailCall {
  std::string url;  ///< smtp://host:port or smtps://
  MailSecurity security = MailSecurity::kStartTls;
  std::string username, password;  ///< empty = no log-in
  std::string from, to;
  std::string message;  ///< whole, CRLF lines
};

/// One call at a time per thread, each on a connection of its own: to the checked address, without
/// redirects, proxies and cookies, within time and size limits. Thread safe.
class Transport {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{20'000};  ///< of a whole call
    std::string ca_file;                        ///< empty = the system's
  };
  /// `stopping` set = running calls end soon. What is given must outlive it.
  Transport(const OutboundGuard& guard, const std::atomic<bool>& stopping, Options options);

  /// POST. Errors: those of OutboundGuard; kTimeout `effect.timeout`; kNotReady
  /// `effect.unreachable` (connection, TLS). No error text holds the URL's path or query.
  Result<HttpAnswer> post(const HttpCall& call) const;
  /// The server's last reply code. Errors besides: kRejected `effect.mail_refused` (a 5xx reply),
  /// kNotReady `effect.mail_deferred` (any other), kForbidden `effect.tls_required`.
  Result<unsigned> mail(const MailCall& call) const;

 private:
  const OutboundGuard& guard_;
  const std::atomic<bool>& stopping_;
  const Options options_;
};

}  // namespace opsledger
