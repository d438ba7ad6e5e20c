// `host:port` of the server, and the rule that it must be loopback.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

struct ListenAddress {
  std::string host;  ///< an IPv4 or IPv6 literal without brackets
  std::uint16_t port = 0;
};

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (= 127.0.0.1). Errors (kInvalid): not of this
/// form `listen.invalid`; any address but loopback `listen.not_loopback`: without accounts, whoever
/// reaches the port may do everything.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace opsledger
