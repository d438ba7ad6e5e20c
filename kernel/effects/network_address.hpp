// Which addresses belong to the inside.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

namespace opsledger {

/// Whether an address is one of the public internet: not loopback, private, link-local, shared,
/// documentation, benchmark, multicast or reserved; embedded IPv4 addresses (mapped, NAT64, 6to4)
/// are looked into, Teredo is refused. IANA special-purpose registries as of RFC 6890 and later.
bool is_public_address(const in_addr& address);
bool is_public_address(const in6_addr& address);
/// Also false for what is neither IPv4 nor IPv6.
bool is_public_address(const sockaddr& address);

/// `192.0.2.1` or `2001:db8::1`.
std::string address_text(const sockaddr& address);

}  // namespace opsledger
