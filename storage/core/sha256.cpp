#include "storage/core/sha256.hpp"

// The low-level calls are deprecated in OpenSSL 3, but they need neither an allocation nor a
// provider look-up: see the measured figures in README.md.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <new>

namespace opsledger {
namespace {

template <class... Parts>
Hash digest(Parts... parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  (SHA256_Update(&context, parts.data(), parts.size()), ...);
  Hash hash;
  SHA256_Final(hash.bytes.data(), &context);
  return hash;
}

SHA256_CTX* context_of(unsigned char* state) {
  return std::launder(reinterpret_cast<SHA256_CTX*>(state));
}

}  // namespace

Hash sha256(BytesView bytes) {
  return digest(bytes);
}
Hash sha256(BytesView first, BytesView second) {
  return digest(first, second);
}
Hash sha256(BytesView first, BytesView second, BytesView third) {
  return digest(first, second, third);
}

Sha256::Sha256() {
  static_assert(sizeof(state_) == sizeof(SHA256_CTX) && alignof(SHA256_CTX) <= 8);
  SHA256_Init(new (state_) SHA256_CTX);
}

Sha256& Sha256::update(BytesView bytes) {
  SHA256_Update(context_of(state_), bytes.data(), bytes.size());
  return *this;
}

Hash Sha256::finish() {
  Hash hash;
  SHA256_Final(hash.bytes.data(), context_of(state_));
  return hash;
}

}  // namespace opsledger
