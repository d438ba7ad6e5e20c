#include "kernel/identity/accounts.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "kernel/identity/control_log.hpp"
#include "kernel/keystore/password_hash.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace {

constexpr const char* kFirstRole = "admin";

/// Names are compared without case (ASCII) and surrounding blanks.
std::string normalised(std::string_view login) {
  while (!login.empty() && login.front() == ' ') login.remove_prefix(1);
  while (!login.empty() && login.back() == ' ') login.remove_suffix(1);
  std::string out(login);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Actors that are no account.
bool is_reserved(std::string_view id) {
  constexpr std::string_view kReserved[] = {"anonymous", "opsledger", "operator", "system"};
  return std::find(std::begin(kReserved), std::end(kReserved), normalised(id)) !=
         std::end(kReserved);
}

bool is_login(std::string_view login) {
  return !login.empty() && login.size() <= identity_limits::kLoginBytesMax &&
         std::none_of(login.begin(), login.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x21 || c == 0x7f; });
}

Error wrong_credentials() {
  return {Code::kUnauthenticated, "access.unauthenticated",
          "the name or the password is wrong; after several failures you have to wait"};
}

Error too_many_attempts(Time until) {
  return {Code::kOverloaded, "access.too_many_attempts",
          "too many failed attempts; try again after " + rfc3339(until) +
              ", or ask an administrator to unlock the account"};
}

Error weak(std::string what) {
  return {Code::kInvalid, "access.password_weak", std::move(what), {{"/password", "is too weak"}}};
}

ControlEvent event(const char* type, std::string_view account) {
  return {type, {{"account", account}}};
}

}  // namespace

Accounts::Accounts(Ledger& ledger, KeyStore& secrets, const Clock& clock,
                   const IdentityLimits& limits)
    : ledger_(ledger),
      secrets_(secrets),
      clock_(clock),
      limits_(limits),
      names_({limits.login_failures_max, limits.lock_first, limits.lock_max,
              limits.failures_forgotten}),
      addresses_({limits.address_failures_max, limits.lock_first, limits.lock_max,
                  limits.failures_forgotten}) {}

Status Accounts::load() {
  Query query;
  query.items.push_back({{"account.created", "account.disabled", "account.enabled",
                          "account.locked", "account.unlocked", "account.password_changed"},
                         {}});
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(query, {}));
  OPS_TRY(load_logins());
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const EventView& event : events) apply(event);
  }
  settle_logins();
  any_ = !accounts_.empty();
  return {};
}

Status Accounts::load_logins() {
  return secrets_.for_each(kLoginSecret, [this](std::string_view login, BytesView account) {
    logins_[std::string(login)] = account;
    login_of_[std::string(account)] = login;
  });
}

/// Names of accounts that were never made are free again; an account whose name was lost with the
/// key store is found by its id.
void Accounts::settle_logins() {
  std::erase_if(logins_, [&](const auto& login) { return !accounts_.contains(login.second); });
  for (const auto& [id, account] : accounts_) {
    if (!login_of_.contains(id)) logins_.try_emplace(normalised(id), id);
  }
}

void Accounts::apply(const EventView& event) {
  boost::json::error_code failed;
  const auto value = boost::json::parse(event.data, failed);
  const auto* data = failed ? nullptr : value.if_object();
  const auto* account = data == nullptr ? nullptr : data->if_contains("account");
  if (account == nullptr || !account->is_string()) return;
  const std::string id(account->get_string());
  const auto text = [&](const char* name) {
    const auto* field = data->if_contains(name);
    return field != nullptr && field->is_string() ? std::string(field->get_string()) : "";
  };
  if (event.type == "account.created") {
    auto made = std::make_shared<Account>();
    made->id = id;
    made->kind = parse_account_kind(text("kind")).value_or(AccountKind::kPerson);
    made->created_at = event.recorded_at;
    accounts_[id] = std::move(made);
  }
  const auto known = accounts_.find(id);
  if (known == accounts_.end()) return;
  if (event.type == "account.disabled") known->second->enabled = false;
  if (event.type == "account.enabled") known->second->enabled = true;
  if (event.type == "account.unlocked" || event.type == "account.password_changed") {
    names_.succeeded(login_of(id), true);
  }
  if (event.type == "account.locked") {
    const auto until = parse_rfc3339(text("until"));
    if (until) names_.make_wait(login_of(id), event.recorded_at, *until);
  }
}

Accounts::AccountPtr Accounts::get(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : found->second;
}

AccountRef Accounts::find(std::string_view id) const {
  return get(id);
}

Result<Accounts::AccountPtr> Accounts::require(std::string_view id) const {
  if (auto account = get(id)) return account;
  return Error{Code::kNotFound, "account.unknown",
               "there is no account " + std::string(id.substr(0, 64)) +
                   "; `opsledger user list` shows them"};
}

/// Empty when nobody has it.
std::string Accounts::account_of_login(const std::string& login) const {
  const std::shared_lock lock(mutex_);
  const auto named = logins_.find(login);
  return named == logins_.end() ? "" : named->second;
}

/// Callers hold mutex_, or are alone.
std::string Accounts::login_of(const std::string& id) const {
  const auto found = login_of_.find(id);
  return found == login_of_.end() ? normalised(id) : found->second;
}

std::vector<AccountInfo> Accounts::list() const {
  const Time now = clock_.now();
  const std::shared_lock lock(mutex_);
  std::vector<AccountInfo> out;
  for (const auto& [id, account] : accounts_) {
    const auto login = login_of(id);
    out.push_back({id, account->kind, login, account->enabled, names_.waits_until(login, now),
                   account->created_at});
  }
  return out;
}

Status Accounts::check_password_rules(std::string_view password, std::string_view id,
                                      std::string_view login) const {
  if (password.size() < limits_.password_bytes_min) {
    return weak("a password needs at least " + std::to_string(limits_.password_bytes_min) +
                " bytes; several words in a row are easy to keep in mind");
  }
  if (password.size() > identity_limits::kPasswordBytesMax) {
    return weak("a password may have at most 1024 bytes");
  }
  const auto lower = normalised(password);
  if (lower == normalised(id) || lower == login ||
      password.find_first_not_of(password[0]) == std::string_view::npos) {
    return weak("this is the first password that somebody would try; take another");
  }
  return {};
}

Status Accounts::check_new(const NewAccount& account, const std::string& login) const {
  Error error{Code::kInvalid, "account.invalid", "the account cannot be made"};
  if (!is_account_id(account.id)) {
    error.fields.push_back({"/account",
                            "1 to 64 of letters, digits, '.', '_', '-', beginning with a letter "
                            "or digit; no personal name: it is in every event for ever"});
  }
  if (is_reserved(account.id)) {
    error.fields.push_back({"/account", "stands for something else in events; take another"});
  }
  if (!is_login(login)) {
    error.fields.push_back({"/login", "1 to 254 bytes without blanks and control characters"});
  }
  if (account.kind == AccountKind::kService && !account.password.empty()) {
    error.fields.push_back({"/password", "a service has tokens, no password"});
  }
  if (!error.fields.empty()) {
    error.message += ": " + error.fields[0].pointer + ": " + error.fields[0].detail;
    return error;
  }
  if (!account.password.empty()) {
    OPS_TRY(check_password_rules(account.password, account.id, login));
  }
  return {};
}

Status Accounts::create(const NewAccount& account, const std::string& actor) {
  const auto login = normalised(account.login.empty() ? account.id : account.login);
  OPS_TRY(check_new(account, login));
  std::string hash;
  if (!account.password.empty()) {
    OPS_TRY_ASSIGN(hash, hash_password(account.password));
  }
  const std::lock_guard one(changes_);
  if (get(account.id)) {
    return Error{Code::kConflict, "account.exists", "account " + account.id + " exists already"};
  }
  if (!account_of_login(login).empty()) {
    return Error{Code::kConflict, "account.login_taken",
                 "another account has this login name; choose another"};
  }
  // Secrets first: what a crash leaves without its event belongs to nobody and is overwritten.
  std::vector<KeyStore::Write> secrets{{{kLoginSecret, login}, account.id},
                                       {{kPasswordSecret, account.id}, std::nullopt}};
  if (!hash.empty()) secrets.back().value = hash;
  OPS_TRY(secrets_.write(secrets));
  std::vector<ControlEvent> events{event("account.created", account.id)};
  events[0].data["kind"] = account_kind_name(account.kind);
  if (account.kind == AccountKind::kPerson) events[0].data["person"] = account.id;
  if (empty()) {
    events.push_back(
        {"grant.given", {{"account", account.id}, {"role", kFirstRole}, {"department", ""}}});
  }
  OPS_TRY(record_control(ledger_, actor, std::move(events)));
  auto made = std::make_shared<Account>();
  made->id = account.id;
  made->kind = account.kind;
  made->created_at = clock_.now();
  const std::unique_lock lock(mutex_);
  accounts_[account.id] = std::move(made);
  logins_[login] = account.id;
  login_of_[account.id] = login;
  any_ = true;
  return {};
}

Status Accounts::set_enabled(const std::string& id, bool enabled, const std::string& actor) {
  const std::lock_guard one(changes_);
  OPS_TRY_ASSIGN(const auto account, require(id));
  if (account->enabled == enabled) return {};
  OPS_TRY(record_control(ledger_, actor,
                         {event(enabled ? "account.enabled" : "account.disabled", id)}));
  account->enabled = enabled;
  return {};
}

Status Accounts::unlock(const std::string& id, const std::string& actor) {
  const std::lock_guard one(changes_);
  OPS_TRY_ASSIGN(const auto account, require(id));
  OPS_TRY(record_control(ledger_, actor, {event("account.unlocked", id)}));
  const std::shared_lock lock(mutex_);
  names_.succeeded(login_of(id), true);
  return {};
}

Status Accounts::set_password(const std::string& id, std::string_view password,
                              const std::string& actor) {
  OPS_TRY_ASSIGN(const auto account, require(id));
  if (account->kind == AccountKind::kService) {
    return Error{Code::kInvalid, "account.invalid",
                 id + " is a service: it has tokens, no password"};
  }
  std::string login;
  {
    const std::shared_lock lock(mutex_);
    login = login_of(id);
  }
  OPS_TRY(check_password_rules(password, id, login));
  OPS_TRY_ASSIGN(const auto hash, hash_password(password));
  const std::lock_guard one(changes_);
  OPS_TRY(secrets_.put({kPasswordSecret, id}, hash));
  OPS_TRY(record_control(ledger_, actor, {event("account.password_changed", id)}));
  names_.succeeded(login, true);
  return {};
}

Status Accounts::begin_attempt(const std::string& login, const std::string& address) {
  const Time now = clock_.now();
  if (const auto until = addresses_.begin(address, now)) return too_many_attempts(*until);
  if (const auto until = names_.begin(login, now)) {
    addresses_.succeeded(address, false);  // no attempt was made
    return too_many_attempts(*until);
  }
  return {};
}

/// An account that has just been made to wait is a fact that an administrator wants to see.
void Accounts::report_lock(const std::string& id, const std::string& login) {
  const auto until = names_.waits_until(login, clock_.now());
  if (!until) return;
  auto locked = event("account.locked", id);
  locked.data["until"] = rfc3339(*until);
  // A ledger that takes no appends must not turn a wrong password into another answer.
  static_cast<void>(record_control(ledger_, kIdentityActor, {std::move(locked)}).ok());
}

Result<AccountRef> Accounts::log_in(const std::string& given, std::string_view password,
                                    const std::string& address) {
  if (given.size() > identity_limits::kLoginBytesMax ||
      password.size() > identity_limits::kPasswordBytesMax) {
    return wrong_credentials();
  }
  const auto login = normalised(given);
  OPS_TRY(begin_attempt(login, address));
  const auto id = account_of_login(login);
  const AccountPtr account = get(id);
  std::string hash = unmatchable_password_hash();
  OPS_TRY_ASSIGN(auto stored, secrets_.get({kPasswordSecret, id}));
  if (account && stored) hash = std::move(*stored);
  const bool right = password_matches(hash, password) && account && account->enabled;
  if (!right) {
    if (account) report_lock(id, login);
    return wrong_credentials();
  }
  names_.succeeded(login, true);
  addresses_.succeeded(address, false);
  return AccountRef(account);
}

Status Accounts::confirm(const std::string& id, std::string_view password,
                         const std::string& address) {
  std::string login;
  {
    const std::shared_lock lock(mutex_);
    login = login_of(id);
  }
  OPS_TRY_ASSIGN(const auto account, log_in(login, password, address));
  if (account->id != id) return wrong_credentials();
  return {};
}

}  // namespace opsledger
