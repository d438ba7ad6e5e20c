// Who asks: accounts, and the tokens and sessions that prove them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/identity/accounts.hpp"
#include "kernel/identity/credentials.hpp"
#include "kernel/identity/setup_link.hpp"

namespace opsledger {

/// What a token is made from.
struct NewToken {
  std::string account, label;
  std::vector<std::string> scopes;  ///< permissions or patterns: `order.hold`, `order.*`
  std::optional<Time> expires_at;   ///< nothing: IdentityLimits::token_lifetime_default from now
};

/// The service that HTTP, the command line and the control socket share. Thread safe. `actor` goes
/// into events. Functions marked (appends) wait for the disk; Accounts says which ones hash.
///
/// Until the ledger has an account, it is in set-up mode: whoever reaches it, which is loopback
/// only, may do everything. The first account ends that for ever.
class Identities {
 public:
  /// References must outlive it. Errors: of the ledger, of the key store.
  static Result<std::unique_ptr<Identities>> open(Ledger& ledger, KeyStore& secrets,
                                                  const Clock& clock, IdentityLimits limits);

  bool in_set_up() const;
  Accounts& accounts() { return accounts_; }
  SetupLink& setup_link() { return setup_link_; }
  const IdentityLimits& limits() const { return limits_; }

  /// The token or session that `text` proves. A microsecond. Errors: kUnauthenticated
  /// `access.unauthenticated`: unknown, expired, revoked, or the account is disabled.
  Result<CredentialRef> check_token(std::string_view text) const;
  Result<CredentialRef> check_session(std::string_view text) const;

  /// Whether what was proved by it still is: for long answers. Not a use of it.
  bool holds(const Credential& credential) const;

  /// (appends) Errors besides: kInvalid `token.invalid`; kTooLarge `token.too_many`.
  Result<Credentials::Issued> issue_token(NewToken token, const std::string& actor);
  /// (appends) kNotFound `token.unknown`.
  Status revoke_token(const std::string& id, const std::string& actor);
  std::vector<CredentialRef> tokens(std::string_view account) const;  ///< empty = everybody's
  CredentialRef token(std::string_view id) const { return tokens_.by_id(id); }

  /// (appends) A new session of an account whose password was right, always with a new id.
  Result<Credentials::Issued> open_session(const AccountRef& account, const std::string& address);
  /// (appends) Closes one; nothing happens when it is gone.
  Status close_session(const std::string& id, const std::string& actor);
  /// (appends) Closes all of an account but `kept`.
  Status close_sessions(const std::string& account, std::string_view kept,
                        const std::string& actor);
  std::vector<CredentialRef> sessions(std::string_view account) const;

  /// (appends) To be called now and then: closes sessions that expired, forgets such tokens, writes
  /// down what was used when.
  Status tidy();

 private:
  Identities(Ledger& ledger, KeyStore& secrets, const Clock& clock, IdentityLimits limits);
  bool session_expired(const Credential& session, Time now) const;
  Status close(const std::vector<CredentialRef>& sessions, const std::string& actor);
  Status check_new(const NewToken& token, Time now) const;

  Ledger& ledger_;
  const Clock& clock_;
  const IdentityLimits limits_;
  Accounts accounts_;
  Credentials tokens_, sessions_;
  SetupLink setup_link_;
};

}  // namespace opsledger
