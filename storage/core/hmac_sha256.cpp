#include "storage/core/hmac_sha256.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "storage/base/assert.hpp"

namespace opsledger {

Hash hmac_sha256(BytesView key, BytesView message) {
  Hash hash;
  unsigned size = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                          hash.bytes.data(), &size);
  OPS_ASSERT(done != nullptr && size == hash.bytes.size());
  return hash;
}

}  // namespace opsledger
