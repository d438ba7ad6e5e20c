#include "kernel/keystore/password_hash.hpp"

#include <sodium.h>

#include "storage/base/assert.hpp"

namespace opsledger {

static_assert(kPasswordHashPasses == crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE);
static_assert(kPasswordHashBytes == crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE);

Result<std::string> hash_password(std::string_view password) {
  std::string hash(crypto_pwhash_argon2id_STRBYTES, '\0');
  if (crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(), kPasswordHashPasses,
                                 kPasswordHashBytes) != 0) {
    return Error{Code::kOverloaded, "access.no_memory",
                 "there is not enough memory to hash a password (64 MiB); try again"};
  }
  hash.resize(hash.find('\0'));
  return hash;
}

bool password_matches(const std::string& hash, std::string_view password) {
  return crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& unmatchable_password_hash() {
  static const std::string hash = [] {
    std::string nobodys(32, '\0');
    randombytes_buf(nobodys.data(), nobodys.size());
    auto made = hash_password(nobodys);
    OPS_ASSERT(made.ok());
    return std::move(*made);
  }();
  return hash;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace opsledger
