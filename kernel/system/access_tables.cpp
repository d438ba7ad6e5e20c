// access.accounts, access.sessions, access.tokens: who could prove to be whom, and when. Secrets
// and login names are not here: the ledger never has them.
#include "kernel/system/parts.hpp"

namespace opsledger {
namespace {

template <class Self>
struct OfAccount {
  std::string account;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account));
  }
};

enum class Kind { person, service };
OPS_ENUM(Kind, person, service)

struct AccountCreated {
  static constexpr auto type = "account.created";
  std::string account;
  Kind kind{};
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(kind));
  }
};
struct AccountDisabled : OfAccount<AccountDisabled> {
  static constexpr auto type = "account.disabled";
};
struct AccountEnabled : OfAccount<AccountEnabled> {
  static constexpr auto type = "account.enabled";
};
struct AccountUnlocked : OfAccount<AccountUnlocked> {
  static constexpr auto type = "account.unlocked";
};
struct PasswordChanged : OfAccount<PasswordChanged> {
  static constexpr auto type = "account.password_changed";
};
struct AccountLocked {
  static constexpr auto type = "account.locked";
  std::string account;
  ops::Time until;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(until));
  }
};

struct SessionOpened {
  static constexpr auto type = "session.opened";
  std::string account, session;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(session));
  }
};
struct SessionClosed {
  static constexpr auto type = "session.closed";
  std::string account, session;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(session));
  }
};

struct TokenIssued {
  static constexpr auto type = "token.issued";
  std::string token, account;
  std::vector<std::string> scopes;
  ops::Time expires_at;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(token), NVP(account), NVP(scopes), NVP(expires_at));
  }
};
struct TokenRevoked {
  static constexpr auto type = "token.revoked";
  std::string token, account;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(token), NVP(account));
  }
};

struct Accounts {
  struct Row {
    Kind kind{};
    bool enabled = true;
    std::optional<ops::Time> locked_until, password_changed_at;
    ops::Time created_at;
    std::string created_by;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(kind, "Kind", "类型"), OPS_FIELD(enabled, "Enabled", "启用"),
         OPS_FIELD(locked_until, "Waits until", "锁定至"),
         OPS_FIELD(password_changed_at, "Password changed", "密码修改时间"),
         OPS_FIELD(created_at, "Made", "创建时间"), OPS_FIELD(created_by, "Made by", "创建人"));
    }
  };
  using Listens = ops::Fold<AccountCreated, AccountDisabled, AccountEnabled, AccountLocked,
                            AccountUnlocked, PasswordChanged>;

  static void on(const AccountCreated& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.account, {e.kind, true, {}, {}, meta.recorded_at(), std::string(meta.actor())});
  }
  static void on(const AccountDisabled& e, ops::Rows<Row>& rows) { enable(e.account, false, rows); }
  static void on(const AccountEnabled& e, ops::Rows<Row>& rows) { enable(e.account, true, rows); }
  static void on(const AccountLocked& e, ops::Rows<Row>& rows) {
    if (rows.get(e.account) == nullptr) return;
    rows.edit(e.account, [&](Row& row) { row.locked_until = e.until; });
  }
  static void on(const AccountUnlocked& e, ops::Rows<Row>& rows) {
    if (rows.get(e.account) == nullptr) return;
    rows.edit(e.account, [](Row& row) { row.locked_until.reset(); });
  }
  static void on(const PasswordChanged& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (rows.get(e.account) == nullptr) return;
    rows.edit(e.account, [&](Row& row) {
      row.locked_until.reset();
      row.password_changed_at = meta.recorded_at();
    });
  }

 private:
  static void enable(const std::string& account, bool enabled, ops::Rows<Row>& rows) {
    if (rows.get(account) == nullptr) return;
    rows.edit(account, [&](Row& row) { row.enabled = enabled; });
  }
};

/// Open sessions; who was logged in on a day is an as-of read.
struct Sessions {
  struct Row {
    std::string account;
    ops::Time opened_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(account, "Account", "账号"), OPS_FIELD(opened_at, "Opened", "登录时间"));
    }
  };
  using Listens = ops::Fold<SessionOpened, SessionClosed>;

  static void on(const SessionOpened& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.session, {e.account, meta.recorded_at()});
  }
  static void on(const SessionClosed& e, ops::Rows<Row>& rows) { rows.erase(e.session); }
};

struct Tokens {
  struct Row {
    std::string account;
    std::vector<std::string> scopes;
    ops::Time issued_at, expires_at;
    std::string issued_by;
    std::optional<ops::Time> revoked_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(account, "Account", "账号"), OPS_FIELD(scopes, "Scopes", "权限范围"),
         OPS_FIELD(issued_at, "Issued", "签发时间"), OPS_FIELD(expires_at, "Expires", "到期时间"),
         OPS_FIELD(issued_by, "Issued by", "签发人"), OPS_FIELD(revoked_at, "Revoked", "吊销时间"));
    }
  };
  using Listens = ops::Fold<TokenIssued, TokenRevoked>;

  static void on(const TokenIssued& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(
        e.token,
        {e.account, e.scopes, meta.recorded_at(), e.expires_at, std::string(meta.actor()), {}});
  }
  static void on(const TokenRevoked& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (rows.get(e.token) == nullptr) return;
    rows.edit(e.token, [&](Row& row) { row.revoked_at = meta.recorded_at(); });
  }
};

}  // namespace

OPS_PART(access_part, "access", "1.1.0") {
  m.label("Accounts", "账号");
  m.table<Accounts>("accounts").label("Accounts", "账号").key("account");
  m.table<Sessions>("sessions")
      .label("Sessions", "登录会话")
      .key("session")
      .owner("account")
      .index("account");
  m.table<Tokens>("tokens").label("Tokens", "令牌").key("token").owner("account").index("account");
  add_rights_tables(m);
}

}  // namespace opsledger
