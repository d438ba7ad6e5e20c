#include "storage/core/tag_hash.hpp"

#include <sodium/crypto_shorthash.h>

#include "storage/base/varint.hpp"

namespace opsledger {

std::uint64_t tag_hash(BytesView text) {
  static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8);
  static constexpr unsigned char kKey[] = "OpsLedgerTagHash";
  unsigned char out[crypto_shorthash_BYTES];
  crypto_shorthash(out, reinterpret_cast<const unsigned char*>(text.data()), text.size(), kKey);
  return get_u64_le(reinterpret_cast<const char*>(out));
}

}  // namespace opsledger
