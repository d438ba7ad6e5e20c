// user create | list | disable | enable | unlock | reset-password.
#include <boost/json.hpp>
#include <memory>

#include "tools/cli/commands.hpp"
#include "tools/cli/identity_call.hpp"
#include "tools/cli/password_input.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct UserCommand {
  PlaceOptions place;
  PasswordOptions password;
  std::string account, login;
  bool service = false, no_password = false, json = false;
};

HttpRequest post(std::string target, const json::object& body) {
  return {"POST", std::move(target), json::serialize(body), {{"Content-Type", "application/json"}}};
}
std::string path_of(const UserCommand& user, std::string_view verb) {
  return "/v1/users/" + percent_encode(user.account) + "/" + std::string(verb);
}

int run_create(const UserCommand& user) {
  Password password;
  if (!user.service && !user.no_password) {
    auto given = read_password(user.password);
    if (!given) return print_error(given.error());
    password = std::move(given).value();
  }
  json::object body{{"account", user.account}, {"kind", user.service ? "service" : "person"}};
  if (!user.login.empty()) body["login"] = user.login;
  if (!password.text.empty()) body["password"] = password.text;
  json::object asked = body;
  asked["do"] = "user.create";
  const auto answer = call_identities(user.place, asked, post("/v1/users", body));
  return print_answer(
      answer, user.json, {},
      "made " + user.account + (password.generated ? " with the password " + password.text : ""));
}

int run_list(const UserCommand& user) {
  const auto answer = call_identities(user.place, {{"do", "user.list"}}, {.target = "/v1/users"});
  return print_answer(answer, user.json,
                      {"account", "kind", "login", "enabled", "locked_until", "created_at"}, "");
}

int run_change(const UserCommand& user, const std::string& verb, const std::string& done) {
  const auto answer =
      call_identities(user.place, {{"do", "user." + verb}, {"account", user.account}},
                      post(path_of(user, verb), {}));
  return print_answer(answer, user.json, {}, done + " " + user.account);
}

int run_reset(const UserCommand& user) {
  const auto password = read_password(user.password);
  if (!password) return print_error(password.error());
  const json::object body{{"password", password->text}};
  const auto answer = call_identities(
      user.place,
      {{"do", "user.reset-password"}, {"account", user.account}, {"password", password->text}},
      post(path_of(user, "password"), body));
  return print_answer(answer, user.json, {},
                      "set the password of " + user.account +
                          (password->generated ? " to " + password->text : "") +
                          "; its sessions have ended");
}

void add_password(CLI::App* command, UserCommand* user) {
  auto* from_stdin = command->add_flag("--password-stdin", user->password.from_stdin,
                                       "read the password from standard input");
  command->add_flag("--generate", user->password.generate, "make a password and print it")
      ->excludes(from_stdin);
}

using Run = std::function<int(const UserCommand&)>;

/// A subcommand with what all of them have.
std::pair<CLI::App*, std::shared_ptr<UserCommand>> add_one(CommandLine& line, CLI::App* parent,
                                                           const std::string& name,
                                                           const std::string& description,
                                                           const std::string& example, Run run) {
  auto user = std::make_shared<UserCommand>();
  auto* command = line.add(parent, name, description, example);
  user->place.add_url(command);
  command->add_flag("--json", user->json, "print the answer as JSON");
  if (name != "list")
    command->add_option("ACCOUNT", user->account, "id of the account")->required();
  line.on_run(command, [user, run = std::move(run)] { return run(*user); });
  return {command, user};
}

}  // namespace

void add_user(CommandLine& line) {
  auto* parent = line.app.add_subcommand("user", "Accounts: who may log in");
  parent->require_subcommand(1);
  const auto [create, made] = add_one(
      line, parent, "create", "Make an account; the first one is the administrator's",
      "opsledger user create admin --login wang@example.com --data ./opsledger-data", run_create);
  create->add_option("--login", made->login,
                     "login name; kept in the key store only (default: id)");
  create->add_flag("--service", made->service, "a program's: it gets tokens, no password");
  create->add_flag("--no-password", made->no_password, "nobody can log in until one is set");
  add_password(create, made.get());
  add_one(line, parent, "list", "Print the accounts", "opsledger user list --data ./opsledger-data",
          run_list);
  const std::tuple<const char*, const char*, const char*> changes[] = {
      {"disable", "Disable an account: sessions end, tokens are refused", "disabled"},
      {"enable", "Enable it again", "enabled"},
      {"unlock", "End its wait after failed logins", "unlocked"}};
  for (const auto& [name, description, done] : changes) {
    add_one(line, parent, name, description, std::string("opsledger user ") + name + " P-0001",
            [verb = std::string(name), done = std::string(done)](const UserCommand& user) {
              return run_change(user, verb, done);
            });
  }
  const auto [reset, user] =
      add_one(line, parent, "reset-password", "Set a password, on the host or as an administrator",
              "opsledger user reset-password P-0001 --generate --data ./opsledger-data", run_reset);
  add_password(reset, user.get());
}

}  // namespace opsledger::cli
