// HMAC-SHA256 (RFC 2104), for signing what is sent to others. OpenSSL stays behind this header.
#pragma once

#include "storage/base/types.hpp"

namespace opsledger {

/// Thread safe. Any lengths, also empty ones.
Hash hmac_sha256(BytesView key, BytesView message);

}  // namespace opsledger
