// Personal values sealed under a key of the person they are about. Destroying the key erases the
// person everywhere: in events, rows, backups of the ledger, exports of it.
//
// Sealed token: 01, then the header: length and text of the subject, length and text of the field's
// JSON pointer (lengths: 2 bytes, little-endian), then a nonce of 24 random bytes, then the value
// under XChaCha20-Poly1305 with the header as associated data. So a token that is moved to another
// person does not open, and a copy in a row still says where it came from.
#pragma once

#include <memory>
#include <string_view>

#include "kernel/keystore/key_store.hpp"
#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Thread safe. The key store must outlive it. Keys in use are kept in memory, at most
/// kPersonalKeysCachedMax of them.
inline constexpr std::size_t kPersonalKeysCachedMax = 100'000;
class PersonalData {
 public:
  explicit PersonalData(KeyStore& keys);
  ~PersonalData();

  /// The sealed token of `clear` (a value's bytes) for the field at `pointer` of `subject`. The
  /// first one of a subject makes its key, durably, before it returns. Errors: kRejected
  /// `personal.erased` (the subject was erased; a person who comes back gets another id); the key
  /// store's.
  Result<Bytes> seal(std::string_view subject, std::string_view pointer, BytesView clear);

  /// What a sealed token holds: a clear token, or an erased one. Errors: kCorrupt
  /// `personal.damaged` (its key is there and does not open it); the key store's.
  Result<Bytes> open(BytesView token) const;

  /// Whose it is; empty when this is no sealed token.
  static std::string_view subject_of(BytesView token);

  /// Whether it was erased here.
  Result<bool> erased(std::string_view subject) const;
  /// Destroys the key for good and remembers that there was one. Idempotent.
  Status erase(std::string_view subject);

 private:
  struct Cache;
  Result<Bytes> key_of(std::string_view subject) const;
  Result<Bytes> make_key(std::string_view subject);

  KeyStore& keys_;
  const std::unique_ptr<Cache> cache_;
};

}  // namespace opsledger
