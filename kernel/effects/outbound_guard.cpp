#include "kernel/effects/outbound_guard.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>

#include <algorithm>
#include <memory>

#include "kernel/effects/limits.hpp"
#include "kernel/effects/network_address.hpp"

namespace opsledger {
namespace {

Error refused(std::string reason, std::string message) {
  return {Code::kForbidden, std::move(reason), std::move(message)};
}

struct UrlParts {
  std::string scheme, host, port;
  bool plain = true;  ///< without user, password and fragment
};

/// Read by the library that makes the call, so that both understand the same.
std::optional<UrlParts> parse_url(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle(curl_url(), curl_url_cleanup);
  if (curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  const auto part = [&](CURLUPart which, unsigned flags) {
    char* text = nullptr;
    if (curl_url_get(handle.get(), which, &text, flags) != CURLUE_OK) return std::string();
    std::string out = text;
    curl_free(text);
    return out;
  };
  UrlParts parts{part(CURLUPART_SCHEME, 0), part(CURLUPART_HOST, 0),
                 part(CURLUPART_PORT, CURLU_DEFAULT_PORT), true};
  for (const auto which : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT}) {
    parts.plain = parts.plain && part(which, 0).empty();
  }
  std::transform(parts.host.begin(), parts.host.end(), parts.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return parts;
}

bool lists(const std::vector<std::string>& entries, const UrlParts& url) {
  constexpr std::string_view kUsual[] = {"80", "443", "25", "465", "587"};
  const bool usual = std::find(std::begin(kUsual), std::end(kUsual), url.port) != std::end(kUsual);
  return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) {
    return entry == url.host + ":" + url.port || (usual && entry == url.host);
  });
}

bool is_public_text(const std::string& text) {
  in_addr v4;
  in6_addr v6;
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_public_address(v4);
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && is_public_address(v6);
}

}  // namespace

OutboundGuard::OutboundGuard(Options options, Resolve resolve)
    : options_(std::move(options)), resolve_(std::move(resolve)) {}

Result<Destination> OutboundGuard::check(const std::string& url) const {
  const auto control = [](char c) { return c <= ' ' || c == 0x7f || c == '\\'; };
  const auto parts =
      url.size() <= effect_limits::kUrlBytesMax && std::none_of(url.begin(), url.end(), control)
          ? parse_url(url)
          : std::nullopt;
  constexpr std::string_view kSchemes[] = {"http", "https", "smtp", "smtps"};
  if (!parts || !parts->plain || parts->host.empty() ||
      std::find(std::begin(kSchemes), std::end(kSchemes), parts->scheme) == std::end(kSchemes)) {
    return refused("effect.url_refused",
                   "the channel's URL is no plain http, https, smtp or smtps URL; define it again");
  }
  const bool inside = lists(options_.private_hosts, *parts);
  const auto place = parts->host + ":" + parts->port;
  if (!inside && !lists(options_.hosts, *parts)) {
    return refused("effect.host_refused", "calls to " + place +
                                              " are not configured; add it to effects.hosts if "
                                              "it is to be called");
  }
  if (!inside && parts->scheme == "http") {
    return refused("effect.tls_required", "calls to " + place + " need https");
  }
  std::string literal = parts->host;
  if (literal.front() == '[') literal = literal.substr(1, literal.size() - 2);
  const auto addresses = resolve_(literal);
  if (addresses.empty()) {
    return Error{Code::kNotReady, "effect.unknown_host",
                 "the name " + parts->host + " has no address; check it and the resolver"};
  }
  // One inside address among public ones is how a name is rebound: then none is taken.
  if (!inside && !std::all_of(addresses.begin(), addresses.end(), is_public_text)) {
    return refused("effect.address_refused",
                   parts->host +
                       " leads to an address that is not public; add it to "
                       "effects.private_hosts if that is meant");
  }
  return Destination{parts->scheme, parts->host,
                     static_cast<std::uint16_t>(std::stoul(parts->port)), addresses.front(),
                     inside};
}

std::vector<std::string> OutboundGuard::system_resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list, freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    addresses.push_back(address_text(*one->ai_addr));
  }
  return addresses;
}

}  // namespace opsledger
