// Base64 (RFC 4648 §4, with padding).
#pragma once

#include <string>
#include <string_view>

#include "storage/base/types.hpp"

namespace opsledger {

void append_base64(BytesView bytes, std::string* out);
/// Appends the decoded bytes. False (and `out` unchanged) for anything but the one canonical form:
/// foreign characters, missing padding, bits set beyond the last byte.
bool parse_base64(std::string_view text, Bytes* out);

}  // namespace opsledger
