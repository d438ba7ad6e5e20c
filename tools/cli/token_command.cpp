// token create | list | revoke.
#include <boost/json.hpp>
#include <ctime>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/identity_call.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct TokenCommand {
  PlaceOptions place;
  std::string account, label, token;
  std::vector<std::string> scopes;
  unsigned days = 90;
  bool json = false;
};

std::string days_from_now(unsigned days) {
  const std::time_t when = std::time(nullptr) + static_cast<std::time_t>(days) * 86'400;
  std::tm parts{};
  gmtime_r(&when, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

int run_create(const TokenCommand& token) {
  json::object body{{"label", token.label},
                    {"scopes", json::array(token.scopes.begin(), token.scopes.end())}};
  if (!token.account.empty()) body["account"] = token.account;
  json::object asked = body;
  asked["do"] = "token.create";
  asked["days"] = token.days;
  body["expires_at"] = days_from_now(token.days);
  const auto answer = call_identities(
      token.place, asked,
      {"POST", "/v1/tokens", json::serialize(body), {{"Content-Type", "application/json"}}});
  if (!answer || token.json) return print_answer(answer, token.json, {}, "");
  json::error_code failed;
  const auto value = json::parse(answer.value(), failed);
  const auto* secret = failed ? nullptr : value.as_object().if_contains("secret");
  if (secret == nullptr || !secret->is_string()) {
    return print_error({Code::kInternal, "answer.malformed", "the answer holds no token"});
  }
  return print_line(std::string(secret->get_string())) ? kSuccess : kUnavailable;
}

int run_list(const TokenCommand& token) {
  const auto account = token.account.empty() ? std::string("*") : token.account;
  const auto answer =
      call_identities(token.place, {{"do", "token.list"}, {"account", token.account}},
                      {.target = "/v1/tokens?account=" + percent_encode(account)});
  return print_answer(answer, token.json,
                      {"token", "account", "scopes", "expires_at", "used_at", "label"}, "");
}

int run_revoke(const TokenCommand& token) {
  const auto answer = call_identities(token.place, {{"do", "token.revoke"}, {"token", token.token}},
                                      {"DELETE", "/v1/tokens/" + percent_encode(token.token)});
  return print_answer(answer, token.json, {}, "revoked " + token.token);
}

std::pair<CLI::App*, std::shared_ptr<TokenCommand>> add_one(CommandLine& line, CLI::App* parent,
                                                            const std::string& name,
                                                            const std::string& description,
                                                            const std::string& example,
                                                            int (*run)(const TokenCommand&)) {
  auto token = std::make_shared<TokenCommand>();
  auto* command = line.add(parent, name, description, example);
  token->place.add_url(command);
  command->add_flag("--json", token->json, "print the answer as JSON");
  line.on_run(command, [token, run] { return run(*token); });
  return {command, token};
}

}  // namespace

void add_token(CommandLine& line) {
  auto* parent = line.app.add_subcommand("token", "Bearer tokens: how programs prove who they are");
  parent->require_subcommand(1);
  const auto [create, made] =
      add_one(line, parent, "create", "Make a token and print it, this once",
              "opsledger token create --account importer --scope 'order.*' --days 30", run_create);
  create->add_option("--account", made->account, "whose it is (over --url: default one's own)");
  create->add_option("--label", made->label, "what it is for");
  create->add_option("--scope", made->scopes,
                     "narrow it to a permission or pattern, e.g. order.*; may be repeated");
  create->add_option("--days", made->days, "days until it expires")->check(CLI::Range(1, 366));
  const auto [list, listed] = add_one(line, parent, "list", "Print the tokens, not their secrets",
                                      "opsledger token list --account importer", run_list);
  list->add_option("--account", listed->account, "only those of this account");
  const auto [revoke, revoked] = add_one(line, parent, "revoke", "Revoke a token, at once",
                                         "opsledger token revoke 0123456789abcdef", run_revoke);
  revoke->add_option("TOKEN", revoked->token, "its id, as listed")->required();
}

}  // namespace opsledger::cli
