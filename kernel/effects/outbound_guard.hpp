// Where calls may go: configured hosts only, and public addresses only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// A checked destination: what is connected to is `address` and nothing that a second look-up of
/// the name might say.
struct Destination {
  std::string scheme, host;
  std::uint16_t port = 0;
  std::string address;        ///< of the host, without brackets
  bool private_host = false;  ///< the operator allows it by name to be inside and without TLS
};

/// Immutable, thread safe.
class OutboundGuard {
 public:
  struct Options {
    /// `host` (the scheme's usual port) or `host:port`; nothing else may be called.
    std::vector<std::string> hosts;
    /// The same for hosts inside: they may have loopback and private addresses and need no TLS.
    std::vector<std::string> private_hosts;
  };
  /// All addresses of a name as texts; empty = unknown. Blocks.
  using Resolve = std::function<std::vector<std::string>(const std::string& host)>;

  explicit OutboundGuard(Options options) : OutboundGuard(std::move(options), system_resolve) {}
  OutboundGuard(Options options, Resolve resolve);

  /// Errors: kForbidden `effect.url_refused` (no plain http, https, smtp or smtps URL),
  /// `effect.host_refused` (not configured), `effect.tls_required`, `effect.address_refused` (a
  /// public name that leads inside); kNotReady `effect.unknown_host`.
  Result<Destination> check(const std::string& url) const;

  static std::vector<std::string> system_resolve(const std::string& host);

 private:
  const Options options_;
  const Resolve resolve_;
};

}  // namespace opsledger
