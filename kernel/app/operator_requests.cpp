#include "kernel/app/operator_requests.hpp"

#include <array>
#include <boost/json.hpp>

#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDayUs = 86'400'000'000;

/// One request; an absent member is empty.
struct Asked {
  Identities& identities;
  const Clock& clock;
  const json::object& fields;

  std::string text(std::string_view name) const {
    const auto* value = fields.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
  }
};

json::value time_or_null(std::optional<Time> time) {
  return time ? json::value(rfc3339(*time)) : json::value();
}

Result<json::value> list_users(const Asked& asked) {
  json::array list;
  for (const auto& account : asked.identities.accounts().list()) {
    list.push_back({{"account", account.id},
                    {"kind", account_kind_name(account.kind)},
                    {"login", account.login},
                    {"enabled", account.enabled},
                    {"locked_until", time_or_null(account.locked_until)},
                    {"created_at", rfc3339(account.created_at)}});
  }
  return json::value(std::move(list));
}

Result<json::value> create_user(const Asked& asked) {
  const auto kind = parse_account_kind(asked.text("kind")).value_or(AccountKind::kPerson);
  OPS_TRY(asked.identities.accounts().create(
      {asked.text("account"), kind, asked.text("login"), asked.text("password")}, kOperatorActor));
  return json::value{{"account", asked.text("account")}};
}

Result<json::value> disable_user(const Asked& asked) {
  OPS_TRY(asked.identities.accounts().set_enabled(asked.text("account"), false, kOperatorActor));
  OPS_TRY(asked.identities.close_sessions(asked.text("account"), "", kOperatorActor));
  return json::value{{"account", asked.text("account")}, {"enabled", false}};
}

Result<json::value> enable_user(const Asked& asked) {
  OPS_TRY(asked.identities.accounts().set_enabled(asked.text("account"), true, kOperatorActor));
  return json::value{{"account", asked.text("account")}, {"enabled", true}};
}

Result<json::value> unlock_user(const Asked& asked) {
  OPS_TRY(asked.identities.accounts().unlock(asked.text("account"), kOperatorActor));
  return json::value{{"account", asked.text("account")}};
}

Result<json::value> reset_password(const Asked& asked) {
  const auto account = asked.text("account");
  OPS_TRY(
      asked.identities.accounts().set_password(account, asked.text("password"), kOperatorActor));
  OPS_TRY(asked.identities.close_sessions(account, "", kOperatorActor));
  return json::value{{"account", account}};
}

json::object to_json(const Credential& token) {
  return {{"token", token.id},
          {"account", token.account->id},
          {"label", token.label},
          {"scopes", json::array(token.scopes.begin(), token.scopes.end())},
          {"created_at", rfc3339(token.created_at)},
          {"expires_at", rfc3339(token.expires_at)},
          {"used_at", rfc3339(token.used_at())}};
}

Result<json::value> create_token(const Asked& asked) {
  NewToken token{asked.text("account"), asked.text("label"), {}, {}};
  if (const auto* scopes = asked.fields.if_contains("scopes")) {
    for (const auto& scope : scopes->as_array()) token.scopes.emplace_back(scope.as_string());
  }
  if (const auto* days = asked.fields.if_contains("days")) {
    token.expires_at = Time{asked.clock.now().us + days->to_number<std::int64_t>() * kDayUs};
  }
  OPS_TRY_ASSIGN(const auto issued, asked.identities.issue_token(std::move(token), kOperatorActor));
  auto answer = to_json(*issued.credential);
  answer["secret"] = issued.text;
  return json::value(std::move(answer));
}

Result<json::value> list_tokens(const Asked& asked) {
  json::array list;
  for (const auto& token : asked.identities.tokens(asked.text("account"))) {
    list.push_back(to_json(*token));
  }
  return json::value(std::move(list));
}

Result<json::value> revoke_token(const Asked& asked) {
  OPS_TRY(asked.identities.revoke_token(asked.text("token"), kOperatorActor));
  return json::value{{"token", asked.text("token")}};
}

struct Verb {
  std::string_view name;
  Result<json::value> (*run)(const Asked&);
};
constexpr std::array kVerbs{
    Verb{"user.list", list_users},      Verb{"user.create", create_user},
    Verb{"user.disable", disable_user}, Verb{"user.enable", enable_user},
    Verb{"user.unlock", unlock_user},   Verb{"user.reset-password", reset_password},
    Verb{"token.list", list_tokens},    Verb{"token.create", create_token},
    Verb{"token.revoke", revoke_token},
};

}  // namespace

Result<std::string> operate(Identities& identities, const Clock& clock, std::string_view request) {
  const Error wrong{Code::kInvalid, "control.request", "this is no request about accounts"};
  json::error_code failed;
  const auto parsed = json::parse(request, failed);
  if (failed || !parsed.is_object()) return wrong;
  const Asked asked{identities, clock, parsed.get_object()};
  const auto verb = asked.text("do");
  for (const auto& known : kVerbs) {
    if (known.name != verb) continue;
    try {
      OPS_TRY_ASSIGN(const auto answer, known.run(asked));
      return json::serialize(answer);
    } catch (const boost::system::system_error&) {  // a member of another type
      return wrong;
    }
  }
  return wrong;
}

}  // namespace opsledger
