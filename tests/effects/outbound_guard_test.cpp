// Attempts to make the server call what it should not.
#include "kernel/effects/outbound_guard.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "kernel/effects/network_address.hpp"

namespace opsledger {
namespace {

std::string reason(const OutboundGuard& guard, const std::string& url) {
  const auto result = guard.check(url);
  return result ? "allowed" : result.error().reason;
}
OutboundGuard guard_with(std::vector<std::string> addresses) {
  return OutboundGuard({{"hook.example.com", "mail.example.com:2525", "8.8.8.8", "[2001:4860::8]"},
                        {"intra.example.com:8443", "127.0.0.1:9000"}},
                       [addresses](const std::string&) { return addresses; });
}

TEST(OutboundGuard, CallsConfiguredHostsOnTheirPortsOnly) {
  const auto guard = guard_with({"93.184.216.34"});
  EXPECT_EQ(reason(guard, "https://hook.example.com/x?key=1"), "allowed");
  EXPECT_EQ(reason(guard, "https://HOOK.example.com"), "allowed");
  EXPECT_EQ(reason(guard, "smtp://mail.example.com:2525"), "allowed");
  for (const auto* url :
       {"https://hook.example.com:8443/", "smtp://mail.example.com", "https://example.com",
        "https://hook.example.com.evil.org/", "https://evil.org/?hook.example.com",
        "https://evil.org/hook.example.com", "https://ahook.example.com/",
        "https://hook.example.com./", "http://intra.example.com:80/"}) {
    EXPECT_EQ(reason(guard, url), "effect.host_refused") << url;
  }
}

TEST(OutboundGuard, OtherSchemesUsersFragmentsAndBrokenTextAreNoUrl) {
  const auto guard = guard_with({"93.184.216.34"});
  for (const auto* url :
       {"", "hook.example.com", "file:///etc/passwd", "gopher://hook.example.com/",
        "dict://hook.example.com/", "ftp://hook.example.com/", "https://u:p@hook.example.com/",
        "https://hook.example.com@evil.org/", "https://hook.example.com\\@evil.org/",
        "https://hook.example.com/\r\nX-Evil: 1", "https://hook.example.com/#x",
        "https://hook.example.com:99999/", "https://[::1/"}) {
    EXPECT_EQ(reason(guard, url), "effect.url_refused") << url;
  }
  EXPECT_EQ(reason(guard, "https://hook.example.com/" + std::string(3'000, 'a')),
            "effect.url_refused");
}

TEST(OutboundGuard, PublicNameThatLeadsInsideIsRefused) {
  for (const auto* address :
       {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "224.0.0.1", "255.255.255.255"}) {
    EXPECT_EQ(reason(guard_with({address}), "https://hook.example.com/"), "effect.address_refused")
        << address;
    EXPECT_EQ(reason(guard_with({"93.184.216.34", address}), "https://hook.example.com/"),
              "effect.address_refused")
        << "with " << address;
  }
  EXPECT_EQ(reason(guard_with({}), "https://hook.example.com/"), "effect.unknown_host");
}

TEST(OutboundGuard, AddressThatWasCheckedIsTheOneThatIsCalled) {
  int asked = 0;
  const OutboundGuard guard({{"hook.example.com"}, {}}, [&](const std::string&) {
    return std::vector<std::string>{++asked == 1 ? "93.184.216.34" : "127.0.0.1"};
  });
  const auto first = guard.check("https://hook.example.com/");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->address, "93.184.216.34");
  EXPECT_EQ(asked, 1);
}

TEST(OutboundGuard, InsideAndWithoutTlsOnlyByNameOfTheOperator) {
  const auto inside = guard_with({"10.0.0.7"});
  EXPECT_EQ(reason(inside, "http://intra.example.com:8443/"), "allowed");
  EXPECT_EQ(reason(inside, "https://intra.example.com/"), "effect.host_refused");
  EXPECT_EQ(reason(inside, "http://127.0.0.1:9001/"), "effect.host_refused");
  EXPECT_EQ(reason(guard_with({"93.184.216.34"}), "http://hook.example.com/"),
            "effect.tls_required");
}

TEST(OutboundGuard, WaysToWriteLoopbackAreAllRefused) {
  const OutboundGuard guard(
      {{"hook.example.com", "127.1", "2130706433", "0x7f.1", "localhost", "[::1]", "127.0.0.1"},
       {}});
  for (const auto* host : {"127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost",
                           "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1.nip.example"}) {
    EXPECT_NE(reason(guard, "https://" + std::string(host) + "/"), "allowed") << host;
  }
}

TEST(Address, PublicOnesAreTaken) {
  for (const auto* text :
       {"1.1.1.1", "93.184.216.34", "223.5.5.5", "172.32.0.1", "192.167.255.255"}) {
    in_addr address;
    ASSERT_EQ(inet_pton(AF_INET, text, &address), 1);
    EXPECT_TRUE(is_public_address(address)) << text;
  }
  for (const auto* text : {"2606:4700::1111", "2400:3200::1", "64:ff9b::101:101"}) {
    in6_addr address;
    ASSERT_EQ(inet_pton(AF_INET6, text, &address), 1);
    EXPECT_TRUE(is_public_address(address)) << text;
  }
}

}  // namespace
}  // namespace opsledger
