#include "kernel/identity/identities.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "kernel/identity/control_log.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kClosedAtOnce = 500;  ///< events of one append

std::int64_t us(std::chrono::milliseconds duration) {
  return std::chrono::microseconds(duration).count();
}

Error not_valid() {
  return {Code::kUnauthenticated, "access.unauthenticated",
          "the token or session is not valid: it expired, was revoked, or never was; log in again"};
}

/// A word, or words joined by dots, in which `*` may stand: what it means is kernel/access' to say.
bool is_scope(std::string_view text) {
  if (text.empty() || text.size() > identity_limits::kScopeBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '*' || c == ':';
  });
}

Error invalid_token(std::string pointer, std::string detail) {
  return {Code::kInvalid,
          "token.invalid",
          "the token cannot be made: " + detail,
          {{std::move(pointer), std::move(detail)}}};
}

}  // namespace

Identities::Identities(Ledger& ledger, KeyStore& secrets, const Clock& clock, IdentityLimits limits)
    : ledger_(ledger),
      clock_(clock),
      limits_(limits),
      accounts_(ledger, secrets, clock, limits_),
      tokens_(secrets, kTokenSecret, kTokenPrefix),
      sessions_(secrets, kSessionSecret, kSessionPrefix),
      setup_link_(clock, us(limits.setup_link_lifetime)) {}

Result<std::unique_ptr<Identities>> Identities::open(Ledger& ledger, KeyStore& secrets,
                                                     const Clock& clock, IdentityLimits limits) {
  std::unique_ptr<Identities> made(new Identities(ledger, secrets, clock, limits));
  OPS_TRY(made->accounts_.load());
  const auto find = [&](std::string_view id) { return made->accounts_.find(id); };
  OPS_TRY(made->tokens_.load(find));
  OPS_TRY(made->sessions_.load(find));
  return made;
}

bool Identities::in_set_up() const {
  return accounts_.empty();
}

Result<CredentialRef> Identities::check_token(std::string_view text) const {
  auto token = tokens_.find(text);
  const Time now = clock_.now();
  if (!token || token->expires_at <= now || !token->account->enabled) return not_valid();
  token->used_us.store(now.us, std::memory_order_relaxed);
  return token;
}

bool Identities::session_expired(const Credential& session, Time now) const {
  return session.expires_at <= now || session.used_at().us + us(limits_.session_idle) <= now.us;
}

Result<CredentialRef> Identities::check_session(std::string_view text) const {
  auto session = sessions_.find(text);
  const Time now = clock_.now();
  if (!session || session_expired(*session, now) || !session->account->enabled) return not_valid();
  session->used_us.store(now.us, std::memory_order_relaxed);
  return session;
}

bool Identities::holds(const Credential& credential) const {
  return !credential.removed && credential.account->enabled && credential.expires_at > clock_.now();
}

Status Identities::check_new(const NewToken& token, Time now) const {
  if (token.label.size() > identity_limits::kLabelBytesMax) {
    return invalid_token("/label", "a label may have at most 200 bytes");
  }
  if (token.scopes.size() > identity_limits::kScopesMax) {
    return invalid_token("/scopes", "a token may have at most 64 scopes");
  }
  if (!std::all_of(token.scopes.begin(), token.scopes.end(), is_scope)) {
    return invalid_token("/scopes", "a scope is a permission or a pattern such as order.*");
  }
  if (token.expires_at && (token.expires_at->us <= now.us ||
                           token.expires_at->us > now.us + us(limits_.token_lifetime_max))) {
    return invalid_token("/expires_at", "it must expire between now and " +
                                            rfc3339({now.us + us(limits_.token_lifetime_max)}));
  }
  return {};
}

Result<Credentials::Issued> Identities::issue_token(NewToken token, const std::string& actor) {
  const Time now = clock_.now();
  OPS_TRY(check_new(token, now));
  auto account = accounts_.find(token.account);
  if (!account) {
    return Error{Code::kNotFound, "account.unknown", "there is no account " + token.account};
  }
  if (tokens(token.account).size() >= limits_.tokens_per_account_max) {
    return Error{Code::kInvalid, "token.too_many",
                 token.account + " has " + std::to_string(limits_.tokens_per_account_max) +
                     " tokens, which is the limit; revoke one"};
  }
  Credential facts;
  facts.account = std::move(account);
  facts.scopes = std::move(token.scopes);
  facts.label = std::move(token.label);
  facts.created_at = now;
  facts.expires_at = token.expires_at.value_or(Time{now.us + us(limits_.token_lifetime_default)});
  OPS_TRY_ASSIGN(auto issued, tokens_.add(std::move(facts)));
  const Credential& made = *issued.credential;
  const auto recorded =
      record_control(ledger_, actor,
                     {{"token.issued",
                       {{"token", made.id},
                        {"account", made.account->id},
                        {"scopes", boost::json::array(made.scopes.begin(), made.scopes.end())},
                        {"expires_at", rfc3339(made.expires_at)}}}});
  if (recorded.ok()) return issued;
  static_cast<void>(tokens_.remove({issued.credential}).ok());
  return recorded.error();
}

Status Identities::revoke_token(const std::string& id, const std::string& actor) {
  const auto token = tokens_.by_id(id);
  if (!token) return Error{Code::kNotFound, "token.unknown", "there is no token of this id"};
  OPS_TRY(tokens_.remove({token}));
  return record_control(ledger_, actor,
                        {{"token.revoked", {{"token", id}, {"account", token->account->id}}}});
}

std::vector<CredentialRef> Identities::tokens(std::string_view account) const {
  return account.empty() ? tokens_.all() : tokens_.of_account(account);
}

Result<Credentials::Issued> Identities::open_session(const AccountRef& account,
                                                     const std::string& address) {
  auto open = sessions(account->id);
  const auto longest_unused = [](const auto& a, const auto& b) {
    return a->used_at() < b->used_at();
  };
  if (open.size() >= limits_.sessions_per_account_max) {
    OPS_TRY(close({*std::min_element(open.begin(), open.end(), longest_unused)}, account->id));
  }
  Credential facts;
  facts.account = account;
  facts.label = address;
  facts.created_at = clock_.now();
  facts.expires_at = {facts.created_at.us + us(limits_.session_absolute)};
  OPS_TRY_ASSIGN(auto issued, sessions_.add(std::move(facts)));
  const auto recorded = record_control(
      ledger_, account->id,
      {{"session.opened", {{"account", account->id}, {"session", issued.credential->id}}}});
  if (recorded.ok()) return issued;
  static_cast<void>(sessions_.remove({issued.credential}).ok());
  return recorded.error();
}

Status Identities::close(const std::vector<CredentialRef>& sessions, const std::string& actor) {
  if (sessions.empty()) return {};
  OPS_TRY(sessions_.remove(sessions));
  std::vector<ControlEvent> events;
  for (const auto& session : sessions) {
    events.push_back(
        {"session.closed", {{"account", session->account->id}, {"session", session->id}}});
  }
  return record_control(ledger_, actor, std::move(events));
}

Status Identities::close_session(const std::string& id, const std::string& actor) {
  const auto session = sessions_.by_id(id);
  return session ? close({session}, actor) : Status();
}

Status Identities::close_sessions(const std::string& account, std::string_view kept,
                                  const std::string& actor) {
  auto open = sessions(account);
  std::erase_if(open, [&](const auto& session) { return session->id == kept; });
  return close(open, actor);
}

std::vector<CredentialRef> Identities::sessions(std::string_view account) const {
  return sessions_.of_account(account);
}

Status Identities::tidy() {
  const Time now = clock_.now();
  std::vector<CredentialRef> sessions = sessions_.all(), tokens = tokens_.all();
  std::erase_if(sessions, [&](const auto& session) { return !session_expired(*session, now); });
  std::erase_if(tokens, [&](const auto& token) { return token->expires_at > now; });
  for (std::size_t from = 0; from < sessions.size(); from += kClosedAtOnce) {
    const auto to = std::min(sessions.size(), from + kClosedAtOnce);
    OPS_TRY(close({sessions.begin() + from, sessions.begin() + to}, kIdentityActor));
  }
  OPS_TRY(tokens_.remove(tokens));
  OPS_TRY(sessions_.save_used());
  return tokens_.save_used();
}

}  // namespace opsledger
