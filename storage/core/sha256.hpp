// SHA-256, the one hash of the ledger. OpenSSL stays behind this header.
#pragma once

#include "storage/base/types.hpp"

namespace opsledger {

/// SHA-256 of the parts, concatenated. Allocates nothing; thread safe.
Hash sha256(BytesView bytes);
Hash sha256(BytesView first, BytesView second);
Hash sha256(BytesView first, BytesView second, BytesView third);

/// SHA-256 over bytes that arrive in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  Sha256& update(BytesView bytes);
  /// The digest of everything so far. The object must not be used afterwards.
  Hash finish();

 private:
  alignas(8) unsigned char state_[112];  // OpenSSL's SHA256_CTX, checked in sha256.cpp
};

}  // namespace opsledger
