// What proves who asks without a password: tokens of programs, sessions of browsers. Only hashes
// are kept.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/identity/account.hpp"
#include "kernel/identity/secret_text.hpp"
#include "kernel/keystore/key_store.hpp"

namespace opsledger {

/// One token or session. Immutable but for when it was used last.
struct Credential {
  std::string id;
  Hash hash{};
  AccountRef account;
  std::vector<std::string> scopes;  ///< of a token; empty = all that the account may
  std::string label;                ///< a token's name, a session's address
  Time created_at{}, expires_at{};
  mutable std::atomic<std::int64_t> used_us{0};
  mutable std::atomic<bool> removed{false};  ///< for those who hold it longer than a request

  Time used_at() const { return {used_us.load(std::memory_order_relaxed)}; }
};
using CredentialRef = std::shared_ptr<const Credential>;

/// All credentials of one kind: in memory for checking, in the key store for the next start.
/// Thread safe.
class Credentials {
 public:
  /// `kind` = kTokenSecret or kSessionSecret, with the prefix of its texts.
  Credentials(KeyStore& secrets, std::string_view kind, std::string_view prefix)
      : secrets_(secrets), kind_(kind), prefix_(prefix) {}

  /// Once, before anything else. Those of accounts that `find` does not know are left out.
  using FindAccount = std::function<AccountRef(std::string_view id)>;
  Status load(const FindAccount& find);

  struct Issued {
    CredentialRef credential;
    std::string text;  ///< the only time that it is seen
  };
  /// What identifies it is drawn here; the rest is `facts`.
  Result<Issued> add(Credential&& facts);
  /// The credential that `text` proves; null when there is none. About a microsecond; says nothing
  /// of expiry or of the account.
  CredentialRef find(std::string_view text) const;
  CredentialRef by_id(std::string_view id) const;
  /// Oldest first.
  std::vector<CredentialRef> of_account(std::string_view account) const;
  std::vector<CredentialRef> all() const;
  /// From now on they prove nothing.
  Status remove(const std::vector<CredentialRef>& credentials);
  /// Writes down when they were used last, where that changed since.
  Status save_used();

 private:
  KeyStore::Write record_of(const Credential& credential, Bytes* text) const;

  KeyStore& secrets_;
  const std::string_view kind_, prefix_;
  mutable std::shared_mutex mutex_;
  struct Kept {
    CredentialRef credential;
    std::int64_t saved_us = 0;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Kept, TextHash, std::equal_to<>> by_id_;
};

}  // namespace opsledger
