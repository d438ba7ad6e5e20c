// Secrets and keys, encrypted, outside the ledger: what must be forgettable or must never be seen.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernel/keystore/master_key.hpp"
#include "storage/api/record_store.hpp"

namespace opsledger {

/// What a record is, and whose. Kinds are few and named below; names are anything (a login name,
/// a token's id) up to kSecretNameBytesMax and are as secret as values: on disk only a keyed hash
/// of a name is seen.
struct SecretName {
  std::string_view kind;
  std::string_view name;
};

inline constexpr std::string_view kLoginSecret = "login";        ///< login name -> account
inline constexpr std::string_view kPasswordSecret = "password";  ///< account -> argon2id hash
inline constexpr std::string_view kTokenSecret = "token";        ///< token id -> hash, facts
inline constexpr std::string_view kSessionSecret = "session";    ///< session id -> hash, facts
inline constexpr std::string_view kSigningSecret = "signing";    ///< name -> private key
inline constexpr std::string_view kBotSecret = "bot";            ///< channel -> secret
inline constexpr std::string_view kPersonSecret = "person";      ///< data subject -> data key

inline constexpr std::size_t kSecretNameBytesMax = 512;
inline constexpr std::size_t kSecretValueBytesMax = 64 * 1024;

/// Every record is sealed by XChaCha20-Poly1305 under a random nonce, with its place (kind and
/// keyed hash of its name) as associated data: a record copied to another place does not open.
/// Thread safe. Errors of every function: kIo; kCorrupt `keystore.corrupt` (a record that does not
/// open). No error text holds a name or a value.
class KeyStore {
 public:
  struct Write {
    SecretName name;
    std::optional<BytesView> value;  ///< nothing = erase (not for good: see `destroy`)
  };

  /// A new store is marked with the key; one that was made with another key is refused: kInvalid
  /// `keystore.wrong_key`, naming `where`.
  static Result<std::unique_ptr<KeyStore>> open(std::unique_ptr<RecordStore> records,
                                                const MasterKey& key, const std::string& where);
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  Result<std::optional<Bytes>> get(SecretName name) const;
  /// All or none, durable on return. Errors besides: kTooLarge `keystore.too_large`.
  Status write(std::span<const Write> writes);
  Status put(SecretName name, BytesView value);
  /// Every record of a kind, in no particular order.
  using Visit = std::function<void(std::string_view name, BytesView value)>;
  Status for_each(std::string_view kind, const Visit& visit) const;
  /// Erases the records of these names for good: RecordStore::erase_for_good.
  Status destroy(std::string_view kind, std::span<const std::string> names);

 private:
  struct Keys;
  KeyStore(std::unique_ptr<RecordStore> records, const MasterKey& key);
  Status check_key(const std::string& where);
  Bytes place_of(SecretName name) const;
  Bytes seal(BytesView place, SecretName name, BytesView value) const;
  struct Opened {
    std::string name;
    Bytes value;
  };
  std::optional<Opened> unseal(BytesView place, BytesView sealed) const;

  const std::unique_ptr<RecordStore> records_;
  const std::unique_ptr<Keys> keys_;
};

}  // namespace opsledger
