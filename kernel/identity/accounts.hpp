// The accounts: made, disabled, locked; and whether a password is right.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "kernel/identity/account.hpp"
#include "kernel/identity/limits.hpp"
#include "kernel/identity/throttle.hpp"
#include "kernel/keystore/key_store.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// What an account is made from.
struct NewAccount {
  std::string id;
  AccountKind kind = AccountKind::kPerson;
  std::string login;     ///< empty = the id; not case sensitive; kept in the key store only
  std::string password;  ///< of a person; empty = none yet, so that nobody can log in
};

/// Thread safe. Which accounts there are follows from the ledger's account events; passwords and
/// login names are in the key store. Functions marked (hashes) take about 0.1 s of a core and
/// 64 MiB; those marked (appends) wait for the disk. `actor` goes into the events.
///
/// Errors: kInvalid `account.invalid` with fields, `access.password_weak`; kConflict
/// `account.exists`, `account.login_taken`; kNotFound `account.unknown`; those of the ledger and
/// the key store.
class Accounts {
 public:
  Accounts(Ledger& ledger, KeyStore& secrets, const Clock& clock, const IdentityLimits& limits);

  /// Folds the ledger; once, before anything else.
  Status load();
  bool empty() const { return !any_.load(std::memory_order_acquire); }
  AccountRef find(std::string_view id) const;
  std::vector<AccountInfo> list() const;

  /// (hashes, appends) The first account is also given the role `admin` everywhere.
  Status create(const NewAccount& account, const std::string& actor);
  /// (appends) Disabling takes effect at once, on sessions and tokens, too.
  Status set_enabled(const std::string& id, bool enabled, const std::string& actor);
  /// (appends) Ends a wait after failures.
  Status unlock(const std::string& id, const std::string& actor);
  /// (hashes, appends) Also ends a wait.
  Status set_password(const std::string& id, std::string_view password, const std::string& actor);

  /// (hashes; appends when an account locks) The account whose login and password these are.
  /// Unknown names, accounts without password and wrong passwords get one answer after the same
  /// work: kUnauthenticated `access.unauthenticated`. Too many failures of the name or of
  /// `address`: kOverloaded `access.too_many_attempts`, before any work.
  Result<AccountRef> log_in(const std::string& login, std::string_view password,
                            const std::string& address);
  /// (hashes, as `log_in`) Whether an account's holder knows its password.
  Status confirm(const std::string& id, std::string_view password, const std::string& address);

 private:
  using AccountPtr = std::shared_ptr<Account>;
  void apply(const EventView& event);
  Status load_logins();
  void settle_logins();
  AccountPtr get(std::string_view id) const;
  Result<AccountPtr> require(std::string_view id) const;
  std::string account_of_login(const std::string& login) const;
  std::string login_of(const std::string& id) const;
  Status check_new(const NewAccount& account, const std::string& login) const;
  Status check_password_rules(std::string_view password, std::string_view id,
                              std::string_view login) const;
  Status begin_attempt(const std::string& login, const std::string& address);
  void report_lock(const std::string& id, const std::string& login);

  Ledger& ledger_;
  KeyStore& secrets_;
  const Clock& clock_;
  const IdentityLimits& limits_;
  Throttle names_, addresses_;
  std::mutex changes_;               // one change at a time; taken before mutex_
  std::atomic<bool> any_{false};     // whether there is an account; never back to false
  mutable std::shared_mutex mutex_;  // guards what follows
  std::map<std::string, AccountPtr, std::less<>> accounts_;
  std::map<std::string, std::string> logins_;    // login name -> account
  std::map<std::string, std::string> login_of_;  // the reverse
};

}  // namespace opsledger
