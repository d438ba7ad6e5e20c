// Small pure functions over text that leaves the house.
#pragma once

#include <string>
#include <string_view>

namespace opsledger {

/// RFC 3986: everything but unreserved characters as %XX.
std::string url_encode(std::string_view text);
/// The longest prefix of at most `bytes_max` bytes that ends with a whole character; what was cut
/// is marked by an ellipsis within the limit.
std::string clipped(std::string_view text, std::size_t bytes_max);

}  // namespace opsledger
