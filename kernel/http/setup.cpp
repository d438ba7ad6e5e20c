// The first account, by the one-time link that the server printed when it started.
#include "kernel/http/identities.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";

constexpr std::string_view kPage = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>OpsLedger</title>
<meta name="viewport" content="width=device-width">
<h1>OpsLedger</h1>
<p>Make the administrator's account. 创建管理员账号。</p>
<form>
<p><label>Account id, in every event for ever, so no personal name 账号标识(写入所有事件,请勿用真名)<br>
<input name="account" required pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}" value="admin"></label>
<p><label>Login name 登录名<br><input name="login" autocomplete="username"></label>
<p><label>Password 密码<br>
<input name="password" type="password" required autocomplete="new-password"></label>
<p><button>OK</button> <output></output>
</form>
<script src="/setup.js"></script>
</html>
)";

constexpr std::string_view kPageScript = R"(const form = document.querySelector("form");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  fields.token = new URLSearchParams(location.search).get("token") ?? "";
  const answer = await fetch("/v1/setup", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(fields),
  });
  const body = await answer.json();
  form.querySelector("output").textContent = answer.ok ? "✓ " + body.account : body.detail;
  if (answer.ok) history.replaceState(null, "", "/setup");
});
)";

Response page(std::string_view type, std::string_view text) {
  Response response{.content_type = type, .body = std::string(text)};
  response.headers = {{"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; connect-src 'self'; "
                       "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"}};
  return response;
}

Result<Response> setup_page(ServerContext&, const Request&) {
  return page(kHtml, kPage);
}
Result<Response> setup_script(ServerContext&, const Request&) {
  return page(kScript, kPageScript);
}

Result<Response> set_up(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(auto* const identities, identities_of(server));
  OPS_TRY_ASSIGN(const auto fields,
                 fields_of(request, server.limits, {"token", "account", "login", "password"}));
  OPS_TRY_ASSIGN(auto link, identities->setup_link().begin(text_of(fields, "token")));
  if (!identities->in_set_up()) {
    link.spend();
    return Error{Code::kForbidden, "access.forbidden", "there is an account already; log in"};
  }
  const NewAccount first{text_of(fields, "account"), AccountKind::kPerson, text_of(fields, "login"),
                         text_of(fields, "password")};
  if (first.password.empty()) {
    return Error{Code::kInvalid,
                 "access.password_weak",
                 "the first account needs a password",
                 {{"/password", "is missing"}}};
  }
  OPS_TRY(identities->accounts().create(first, first.id));
  link.spend();
  OPS_TRY_ASSIGN(const auto issued, identities->open_session(identities->accounts().find(first.id),
                                                             request.peer->address));
  return session_opened(server, issued);
}

}  // namespace

void add_setup_routes(Router& router) {
  router.add({.method = http::verb::post,
              .pattern = "/v1/setup",
              .runs = Runs::kOnHasher,
              .handler = set_up,
              .operation = {.id = "setUp",
                            .tag = "identity",
                            .summary = "Make the first account, with the one-time token",
                            .body = {{{media::kJson}, "#Setup"}},
                            .success = 201,
                            .answer = {{{media::kJson}, "#SessionOpened"}},
                            .problems = {403, 409, 413, 415, 422}},
              .audience = Audience::kEveryone});
  router.add({.method = http::verb::get,
              .pattern = "/setup",
              .runs = Runs::kOnIo,
              .handler = setup_page,
              .operation = {.id = "setUpPage",
                            .tag = "identity",
                            .summary = "The page behind the one-time link",
                            .parameters = {{"token", "query", R"({"type":"string"})",
                                            "the one-time token"}},
                            .answer = {{{"text/html"}, R"({"type":"string"})"}}},
              .audience = Audience::kEveryone});
  router.add({.method = http::verb::get,
              .pattern = "/setup.js",
              .runs = Runs::kOnIo,
              .handler = setup_script,
              .operation = {.id = "setUpScript",
                            .tag = "identity",
                            .summary = "The script of that page",
                            .answer = {{{"text/javascript"}, R"({"type":"string"})"}}},
              .audience = Audience::kEveryone});
}

}  // namespace opsledger
