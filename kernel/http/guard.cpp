#include "kernel/http/guard.hpp"

#include <algorithm>

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

/// `localhost:8080` -> `localhost`, `[::1]:8080` -> `[::1]`.
std::string_view without_port(std::string_view authority) {
  if (!authority.empty() && authority.front() == '[') {
    return authority.substr(0, authority.find(']') + 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool allowed(std::string_view host, const std::vector<std::string>& hosts) {
  static constexpr std::string_view kLoopback[] = {"localhost", "127.0.0.1", "[::1]"};
  const auto same = [&](std::string_view name) { return equals_ignoring_case(name, host); };
  return std::any_of(std::begin(kLoopback), std::end(kLoopback), same) ||
         std::any_of(hosts.begin(), hosts.end(), same);
}

}  // namespace

Status check_origin(const Request& request, const std::vector<std::string>& hosts) {
  const std::size_t count = request.message.count(http::field::host);
  if (count > 1 || (count == 0 && request.message.version() >= 11)) {
    return malformed_request("HTTP/1.1 needs exactly one Host header");
  }
  const std::string_view host = request.header("Host");
  if (count == 1 && !allowed(without_port(host), hosts)) {
    return Error{Code::kForbidden, "http.host_refused",
                 "this server does not answer for host " + std::string(host) +
                     "; use localhost or add the name to the configured hosts"};
  }
  std::string_view origin = request.header("Origin");
  if (origin.empty()) return {};
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos ||
      !allowed(without_port(origin.substr(scheme + 3)), hosts)) {
    return Error{Code::kForbidden, "access.forbidden",
                 "requests from pages of " + std::string(origin) + " are not accepted"};
  }
  return {};
}

}  // namespace opsledger
