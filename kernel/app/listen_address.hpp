// `host:port` of the server, and the rule that it is loopback until there is an account.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

struct ListenAddress {
  std::string host;  ///< an IPv4 or IPv6 literal without brackets
  std::uint16_t port = 0;
  bool loopback = true;
};

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (= 127.0.0.1), `0.0.0.0:443`. Errors:
/// kInvalid `listen.invalid`: not of this form.
Result<ListenAddress> parse_listen_address(std::string_view text);

/// kInvalid `listen.not_loopback` for any address but loopback: without accounts, whoever reaches
/// the port may do everything.
Status require_loopback(const ListenAddress& address);

}  // namespace opsledger
