#include "kernel/app/listen_address.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace opsledger {
namespace {

bool is_loopback(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_address(const std::string& host) {
  in6_addr any{};
  return inet_pton(AF_INET, host.c_str(), &any) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &any) == 1;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const Error wrong{Code::kInvalid, "listen.invalid",
                    "listen address '" + std::string(text) +
                        "' is not ADDRESS:PORT; give e.g. 127.0.0.1:8080 or [::1]:8080"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  ListenAddress address{std::string(text.substr(0, colon)), 0};
  const auto port = text.substr(colon + 1);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || failed != std::errc() || end != port.data() + port.size()) return wrong;
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host == "localhost") {
    address.host = "127.0.0.1";
  }
  if (!is_address(address.host)) return wrong;
  address.loopback = is_loopback(address.host);
  return address;
}

Status require_loopback(const ListenAddress& address) {
  if (!address.loopback) {
    return Error{Code::kInvalid, "listen.not_loopback",
                 "refusing to listen on " + address.host +
                     ": there are no accounts yet, so anyone who reaches the port could change "
                     "everything; listen on 127.0.0.1 or [::1], make the first account with the "
                     "link that is printed there or by `opsledger user create`, and start again"};
  }
  return {};
}

}  // namespace opsledger
