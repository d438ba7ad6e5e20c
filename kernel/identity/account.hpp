// An account: who logs in, and whose id is the actor of events.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/types.hpp"

namespace opsledger {

/// A person's account has the person's id; a service has tokens only.
enum class AccountKind { kPerson, kService };
std::string_view account_kind_name(AccountKind kind);
std::optional<AccountKind> parse_account_kind(std::string_view name);

/// Shared by everything that refers to the account; only Accounts changes it.
struct Account {
  std::string id;
  AccountKind kind = AccountKind::kPerson;
  Time created_at{};
  std::atomic<bool> enabled{true};
};
using AccountRef = std::shared_ptr<const Account>;

/// [A-Za-z0-9][A-Za-z0-9._-]{0,63}: pseudonymous, for it is in every event for ever.
bool is_account_id(std::string_view text);

/// What is told about an account to those who may manage accounts.
struct AccountInfo {
  std::string id;
  AccountKind kind = AccountKind::kPerson;
  std::string login;
  bool enabled = true;
  std::optional<Time> locked_until;
  Time created_at{};
};

}  // namespace opsledger
