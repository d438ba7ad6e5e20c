// Who asks, over HTTP: logging in and out, tokens, the set-up link, and attacks on each.
#include "kernel/access/access_model.hpp"
#include "kernel/access/role_events.hpp"
#include "storage/memory/memory_record_store.hpp"
#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

namespace json = boost::json;

constexpr const char* kPassword = "correct horse battery";

class IdentityHttpTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    const MasterKey key({9});
    secrets = KeyStore::open(std::make_unique<MemoryRecordStore>(), key, "memory").value();
    identities = Identities::open(*ledger, *secrets, clock, {}).value();
    access = std::make_unique<AccessModel>(*ledger, *schemas, clock, AccessModel::Options());
    ASSERT_TRUE(record_default_roles(*ledger, *access, *registry, "opsledger").ok());
    serve_with(false);
  }
  void TearDown() override {
    HttpTest::TearDown();
    access.reset();
    identities.reset();
  }

  void serve_with(bool secure) {
    who.identities = identities.get();
    who.access = access.get();
    who.secure_cookies = secure;
    serve({}, {"ops.example.com"});
  }

  /// The administrator P-1 and, without any role, P-2; both with kPassword.
  void make_accounts() {
    for (const char* id : {"P-1", "P-2"}) {
      const auto made =
          identities->accounts().create({id, AccountKind::kPerson, "", kPassword}, "t");
      ASSERT_TRUE(made.ok()) << made.error().message;
    }
  }
  std::string token_of(const std::string& account, std::vector<std::string> scopes = {}) {
    return identities->issue_token({account, "", std::move(scopes), {}}, "t").value().text;
  }
  static Headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

  struct Browser {
    std::string cookie, csrf;
    Headers headers(Headers more = {}) const {
      more.emplace_back("Cookie", cookie);
      return more;
    }
    Headers safe(Headers more = {}) const {
      more.emplace_back("X-CSRF-Token", csrf);
      return headers(std::move(more));
    }
  };
  static std::string login_body(const std::string& login, const std::string& password) {
    return json::serialize(json::object{{"login", login}, {"password", password}});
  }
  Answer try_log_in(const std::string& login, const std::string& password,
                    const Headers& headers = {}) {
    return post("/v1/sessions", login_body(login, password), headers);
  }
  Browser log_in(const std::string& account, const Headers& headers = {}) {
    const auto answer = try_log_in(account, kPassword, headers);
    EXPECT_EQ(answer.status, 201u) << answer.body;
    const auto cookie = answer.header("Set-Cookie");
    return {cookie.substr(0, cookie.find(';')), std::string(answer.json().at("csrf").as_string())};
  }
  Answer send(std::string_view method, std::string_view target, const Headers& headers,
              std::string_view body = {}) {
    auto client = connect();
    client->send(RawClient::request(method, target, headers, body));
    return client->read();
  }
  std::string actor_of(std::uint64_t position) {
    return std::string(ledger->get({position}).value()->actor);
  }
  unsigned append(const Headers& headers) {
    return post("/v1/events", R"({"events":[{"type":"misc.note","data":{}}]})", headers).status;
  }

  std::unique_ptr<KeyStore> secrets;
  std::unique_ptr<Identities> identities;
  std::unique_ptr<AccessModel> access;
};

TEST_F(IdentityHttpTest, WithoutAccountsLoopbackMayDoEverything) {
  EXPECT_EQ(append({}), 201u);
  EXPECT_EQ(actor_of(head()), "anonymous");
  const auto me = get("/v1/me").json();
  EXPECT_TRUE(me.at("set_up").as_bool());
  EXPECT_EQ(me.at("account"), "anonymous");
}

TEST_F(IdentityHttpTest, TheFirstAccountIsMadeByTheOneTimeLinkOnly) {
  EXPECT_EQ(post("/v1/users", R"({"account":"P-9","password":"a long password"})").code(),
            "access.setup_required");
  const auto body = [](const std::string& token, const std::string& password) {
    return json::serialize(
        json::object{{"token", token}, {"account", "P-1"}, {"password", password}});
  };
  EXPECT_EQ(post("/v1/setup", body("", kPassword)).code(), "access.setup_refused");
  const auto link = identities->setup_link().issue();
  EXPECT_EQ(get("/setup?token=" + link).status, 200u);
  EXPECT_EQ(get("/setup.js").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(post("/v1/setup", body("0" + link, kPassword)).status, 401u);
  EXPECT_EQ(post("/v1/setup", body(link, "short")).code(), "access.password_weak");
  EXPECT_EQ(post("/v1/setup", body(link, "")).code(), "access.password_weak");
  const auto made = post("/v1/setup", body(link, kPassword));
  ASSERT_EQ(made.status, 201u) << made.body;
  EXPECT_NE(made.header("Set-Cookie"), "");
  EXPECT_EQ(post("/v1/setup", body(link, kPassword)).code(), "access.setup_refused");
  const auto another = identities->setup_link().issue();
  EXPECT_EQ(post("/v1/setup", body(another, kPassword)).status, 403u) << "there is an account now";
  EXPECT_EQ(append({}), 401u);
  EXPECT_EQ(try_log_in("P-1", kPassword).status, 201u);
}

TEST_F(IdentityHttpTest, AfterwardsOnlyAFewPathsAnswerWithoutProof) {
  make_accounts();
  for (const char* path : {"/healthz", "/readyz", "/openapi.json", "/metrics", "/setup"}) {
    EXPECT_EQ(get(path).status, 200u) << path;
  }
  for (const char* path :
       {"/v1/events", "/v1/events/1", "/v1/commands", "/v1/tables", "/v1/tables/wallet.accounts",
        "/v1/modules", "/v1/projections", "/v1/me", "/v1/users", "/v1/tokens", "/v1/sessions",
        "/v1/roles", "/v1/events/stream", "/tlog/tile/entries/000"}) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 401u) << path;
    EXPECT_EQ(answer.code(), "access.unauthenticated") << path;
    EXPECT_NE(answer.header("WWW-Authenticate"), "") << path;
  }
  EXPECT_EQ(append({}), 401u);
  EXPECT_EQ(post("/v1/commands/wallet.open", R"({"id":"A","backup":"","limit":0})").status, 401u);
}

TEST_F(IdentityHttpTest, ATokenNamesTheActor) {
  make_accounts();
  const auto token = token_of("P-1");
  const auto me = get("/v1/me", bearer(token)).json();
  EXPECT_EQ(me.at("account"), "P-1");
  EXPECT_EQ(me.at("person"), "P-1");
  EXPECT_FALSE(me.as_object().contains("csrf"));
  EXPECT_EQ(get("/v1/users", bearer(token)).status, 200u);
  EXPECT_EQ(get("/v1/users", {{"Authorization", "bearer " + token}}).status, 200u);
}

TEST_F(IdentityHttpTest, BrokenForgedRevokedAndExpiredTokensAre401) {
  make_accounts();
  const auto token = token_of("P-1"), revoked = token_of("P-1");
  ASSERT_TRUE(identities->revoke_token(revoked.substr(4, 16), "t").ok());
  auto forged = token;
  forged.back() = forged.back() == '0' ? '1' : '0';
  for (const std::string& value :
       {"Bearer " + forged, "Bearer " + revoked, "Bearer " + token.substr(0, 84),
        "Bearer " + token + "0", std::string("Bearer"), std::string("Bearer "), "Basic " + token,
        token, "Bearer Bearer " + token, "Bearer " + token + ", Bearer " + token,
        std::string(6000, 'x')}) {
    EXPECT_EQ(get("/v1/me", {{"Authorization", value}}).status, 401u) << value.substr(0, 120);
  }
  EXPECT_EQ(
      get("/v1/me", {{"Authorization", "Bearer " + token}, {"Authorization", "Bearer x"}}).status,
      401u)
      << "two proofs are none";
  EXPECT_EQ(get("/v1/me", bearer(token)).status, 200u);
  clock.advance(std::chrono::hours(91 * 24));
  EXPECT_EQ(get("/v1/me", bearer(token)).status, 401u);
}

TEST_F(IdentityHttpTest, HeadersCannotChooseTheActor) {
  make_accounts();
  Headers headers = bearer(token_of("P-2"));
  for (const char* name : {"X-Actor", "X-User", "X-Forwarded-User", "X-Account", "actor"}) {
    headers.emplace_back(name, "P-1");
  }
  EXPECT_EQ(get("/v1/me", headers).json().at("account"), "P-2");
  EXPECT_EQ(get("/v1/users", headers).status, 403u);
}

TEST_F(IdentityHttpTest, LoggingInGivesACookieThatScriptsCannotRead) {
  make_accounts();
  const auto answer = try_log_in("P-1", kPassword);
  ASSERT_EQ(answer.status, 201u);
  const auto cookie = answer.header("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("opsledger="));
  for (const char* attribute : {"; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=604800"}) {
    EXPECT_NE(cookie.find(attribute), std::string::npos) << cookie;
  }
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  serve_with(true);
  const auto secure = try_log_in("P-1", kPassword).header("Set-Cookie");
  EXPECT_TRUE(secure.starts_with("__Host-opsledger="));
  EXPECT_TRUE(secure.ends_with("; Secure"));
  EXPECT_EQ(get("/v1/me", {{"Cookie", cookie.substr(0, cookie.find(';'))}}).status, 401u)
      << "a cookie that a plain connection could have set does not count";
}

TEST_F(IdentityHttpTest, ACookieReadsAndWithItsCsrfTokenWrites) {
  make_accounts();
  const auto browser = log_in("P-1");
  EXPECT_EQ(get("/v1/me", browser.headers()).json().at("csrf"), browser.csrf.c_str());
  EXPECT_EQ(post("/v1/users", R"({"account":"P-3"})", browser.safe()).status, 201u);
}

TEST_F(IdentityHttpTest, ForgedRequestsOfOtherSitesAreRefused) {
  make_accounts();
  const auto browser = log_in("P-1"), other = log_in("P-2");
  const std::string body = R"({"account":"P-3"})";
  EXPECT_EQ(post("/v1/users", body, browser.headers()).code(), "access.csrf");
  EXPECT_EQ(post("/v1/users", body, browser.headers({{"X-CSRF-Token", ""}})).code(), "access.csrf");
  EXPECT_EQ(post("/v1/users", body, browser.headers({{"X-CSRF-Token", other.csrf}})).code(),
            "access.csrf");
  EXPECT_EQ(post("/v1/users", body,
                 browser.headers({{"X-CSRF-Token", browser.csrf}, {"X-CSRF-Token", "x"}}))
                .code(),
            "access.csrf");
  const std::string port = std::to_string(server->port());
  EXPECT_EQ(post("/v1/users", body,
                 browser.safe({{"Host", "localhost:" + port}, {"Origin", "http://localhost:1"}}))
                .code(),
            "access.csrf")
      << "another program on this machine is another origin";
  EXPECT_EQ(post("/v1/users", body, browser.safe({{"Origin", "https://evil.example"}})).status,
            403u);
  EXPECT_EQ(post("/v1/users", body, browser.safe({{"Origin", "null"}})).status, 403u);
  EXPECT_EQ(send("DELETE", "/v1/sessions", browser.headers()).code(), "access.csrf");
  EXPECT_EQ(identities->accounts().list().size(), 2u);
  EXPECT_EQ(
      post("/v1/users", body,
           browser.safe({{"Host", "localhost:" + port}, {"Origin", "http://localhost:" + port}}))
          .status,
      201u);
}

TEST_F(IdentityHttpTest, ASessionCannotBePlanted) {
  make_accounts();
  const auto planted = log_in("P-2");
  const auto victim = log_in("P-1", planted.headers());
  EXPECT_NE(victim.cookie, planted.cookie) << "logging in always makes a new one";
  EXPECT_EQ(get("/v1/me", planted.headers()).status, 401u) << "and ends the one before";
  const std::string chosen(std::string(16, 'a') + "_" + std::string(64, 'a'));
  const auto own = log_in("P-1", {{"Cookie", "opsledger=" + chosen}});
  EXPECT_EQ(own.cookie.find(chosen), std::string::npos);
  EXPECT_EQ(get("/v1/me", {{"Cookie", victim.cookie + "; " + planted.cookie}}).status, 401u)
      << "two cookies of the name are none";
  EXPECT_EQ(get("/v1/me", {{"Cookie", "a=b; " + victim.cookie + "; opsledgerx=1"}}).status, 200u);
}

TEST_F(IdentityHttpTest, LoggingOutEndsTheSessionOrAllOfThem) {
  make_accounts();
  const auto one = log_in("P-1"), two = log_in("P-1"), three = log_in("P-1");
  const auto out = send("DELETE", "/v1/sessions", one.safe());
  EXPECT_EQ(out.status, 200u);
  EXPECT_NE(out.header("Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(get("/v1/me", one.headers()).status, 401u);
  EXPECT_EQ(get("/v1/sessions", two.headers()).json().as_array().size(), 2u);
  EXPECT_EQ(send("DELETE", "/v1/sessions?all=true", two.safe()).status, 200u);
  EXPECT_EQ(get("/v1/me", two.headers()).status, 401u);
  EXPECT_EQ(get("/v1/me", three.headers()).status, 401u);
}

TEST_F(IdentityHttpTest, BruteForceIs429AndUnknownNamesLookTheSame) {
  make_accounts();
  const auto wrong = try_log_in("P-1", "wrong");
  const auto unknown = try_log_in("nobody", "wrong");
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(wrong.body, unknown.body);
  for (int i = 0; i < 4; ++i) {
    try_log_in("P-1", "wrong");
    try_log_in("nobody", "wrong");
  }
  const auto locked = try_log_in("P-1", kPassword), waiting = try_log_in("nobody", kPassword);
  EXPECT_EQ(locked.status, 429u);
  EXPECT_EQ(locked.code(), "access.too_many_attempts");
  EXPECT_NE(locked.header("Retry-After"), "");
  EXPECT_EQ(locked.body, waiting.body);
  const auto admin = bearer(token_of("P-1"));
  EXPECT_EQ(post("/v1/users/P-1/unlock", "", admin).status, 200u);
  EXPECT_EQ(try_log_in("P-1", kPassword).status, 201u);
}

TEST_F(IdentityHttpTest, LoginBodiesAreChecked) {
  make_accounts();
  for (const char* body : {"", "[]", "{", R"({"login":1,"password":"x"})", R"({"login":"P-1"})",
                           R"({"login":"P-1","password":"x","remember":true})",
                           R"({"login":"P-1\r\nSet-Cookie: a=b","password":"x"})"}) {
    const auto answer = post("/v1/sessions", body);
    EXPECT_GE(answer.status, 400u) << body;
    EXPECT_LT(answer.status, 500u) << body;
    EXPECT_EQ(answer.header("Set-Cookie"), "") << body;
  }
  EXPECT_EQ(post("/v1/sessions", "login=P-1", {{"Content-Type", "text/plain"}}).status, 415u)
      << "what a form of another site could send";
}

TEST_F(IdentityHttpTest, ManagingAccountsNeedsTheRight) {
  make_accounts();
  const auto admin = bearer(token_of("P-1")), nobody = bearer(token_of("P-2"));
  EXPECT_EQ(get("/v1/users", nobody).code(), "access.forbidden");
  EXPECT_EQ(post("/v1/users", R"({"account":"P-3"})", nobody).status, 403u);
  for (const char* verb : {"disable", "enable", "unlock"}) {
    EXPECT_EQ(post(std::string("/v1/users/P-1/") + verb, "", nobody).status, 403u);
  }
  EXPECT_EQ(post("/v1/users/P-1/password", R"({"password":"stolen account"})", nobody).status,
            403u);
  EXPECT_EQ(get("/v1/tokens?account=P-1", nobody).status, 403u);
  EXPECT_EQ(get("/v1/tokens?account=*", nobody).status, 403u);
  EXPECT_EQ(post("/v1/tokens", R"({"account":"P-1"})", nobody).status, 403u);
  const auto id = identities->tokens("P-1").at(0)->id;
  EXPECT_EQ(send("DELETE", "/v1/tokens/" + id, nobody).status, 403u);
  EXPECT_EQ(send("DELETE", "/v1/tokens/0123456789abcdef", nobody).status, 403u)
      << "no hint which ids there are";
  EXPECT_EQ(post("/v1/users", R"({"account":"P-3","login":"li@example.com"})", admin).status, 201u);
  EXPECT_EQ(post("/v1/users", R"({"account":"P-3"})", admin).code(), "account.exists");
  EXPECT_EQ(post("/v1/users", R"({"account":"operator"})", admin).code(), "account.invalid");
  EXPECT_EQ(post("/v1/users/P-3/password", R"({"password":"given by admin"})", admin).status, 200u);
  EXPECT_EQ(try_log_in("li@example.com", "given by admin").status, 201u);
  EXPECT_EQ(post("/v1/users/P-3/disable", "", admin).status, 200u);
  EXPECT_EQ(try_log_in("li@example.com", "given by admin").status, 401u);
  EXPECT_EQ(post("/v1/users/P-9/disable", "", admin).status, 404u);
}

TEST_F(IdentityHttpTest, OnesOwnTokensNeedNoRight) {
  make_accounts();
  const auto browser = log_in("P-2");
  const auto made =
      post("/v1/tokens", R"({"label":"laptop","scopes":["wallet.*"]})", browser.safe());
  ASSERT_EQ(made.status, 201u) << made.body;
  EXPECT_EQ(made.header("Cache-Control"), "no-store");
  const std::string secret(made.json().at("secret").as_string());
  const auto me = get("/v1/me", bearer(secret)).json();
  EXPECT_EQ(me.at("account"), "P-2");
  EXPECT_EQ(json::serialize(me.at("scopes")), R"(["wallet.*"])");
  const auto list = get("/v1/tokens", browser.headers());
  EXPECT_EQ(list.json().as_array().size(), 1u);
  EXPECT_EQ(list.body.find(secret.substr(21)), std::string::npos);
  const std::string id(made.json().at("token").as_string());
  EXPECT_EQ(send("DELETE", "/v1/tokens/" + id, browser.safe()).status, 200u);
  EXPECT_EQ(get("/v1/me", bearer(secret)).status, 401u);
}

TEST_F(IdentityHttpTest, ANarrowedTokenCannotWidenItself) {
  make_accounts();
  const auto narrow = bearer(token_of("P-1", {"wallet.*"}));
  EXPECT_EQ(post("/v1/tokens", R"({"label":"wide"})", narrow).status, 403u);
  EXPECT_EQ(post("/v1/me/password", login_body("x", "y"), narrow).status, 403u);
  EXPECT_EQ(post("/v1/users", R"({"account":"P-3"})", narrow).status, 403u);
  EXPECT_EQ(get("/v1/tokens", narrow).status, 403u);
  EXPECT_EQ(send("DELETE", "/v1/sessions?all=true", narrow).status, 403u);
}

TEST_F(IdentityHttpTest, ChangingOnesPasswordNeedsTheOldOneAndEndsOtherSessions) {
  make_accounts();
  const auto mine = log_in("P-2"), stolen = log_in("P-2");
  const auto body = [](const std::string& current, const std::string& next) {
    return json::serialize(json::object{{"current", current}, {"password", next}});
  };
  EXPECT_EQ(post("/v1/me/password", body("a guess", "a better password"), mine.safe()).status,
            401u);
  EXPECT_EQ(post("/v1/me/password", body(kPassword, "short"), mine.safe()).code(),
            "access.password_weak");
  EXPECT_EQ(post("/v1/me/password", body(kPassword, "a better password"), mine.safe()).status,
            200u);
  EXPECT_EQ(get("/v1/me", mine.headers()).status, 200u);
  EXPECT_EQ(get("/v1/me", stolen.headers()).status, 401u);
  EXPECT_EQ(try_log_in("P-2", kPassword).status, 401u);
  for (int i = 0; i < 6; ++i) {
    post("/v1/me/password", body("a guess", "another password"), mine.safe());
  }
  EXPECT_EQ(
      post("/v1/me/password", body("a better password", "another password"), mine.safe()).status,
      429u)
      << "who has a session cannot guess on";
}

TEST_F(IdentityHttpTest, ADisabledAccountIsOutAtOnce) {
  make_accounts();
  const auto browser = log_in("P-2");
  const auto token = bearer(token_of("P-2"));
  ASSERT_EQ(post("/v1/users/P-2/disable", "", bearer(token_of("P-1"))).status, 200u);
  EXPECT_EQ(get("/v1/me", browser.headers()).status, 401u);
  EXPECT_EQ(get("/v1/me", token).status, 401u);
  ASSERT_EQ(post("/v1/users/P-2/enable", "", bearer(token_of("P-1"))).status, 200u);
  EXPECT_EQ(get("/v1/me", browser.headers()).status, 401u) << "its sessions were ended";
}

TEST_F(IdentityHttpTest, AStreamEndsWithWhatProvedItsReader) {
  make_accounts();
  const auto token = token_of("P-1");
  auto client = connect();
  client->send(RawClient::request("GET", "/v1/events/stream?after=head", bearer(token)));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_TRUE(identities->revoke_token(token.substr(4, 16), "t").ok());
  append_note("n:1", "after the end");
  std::string bytes;
  boost::system::error_code error;
  asio::read(client->socket(), asio::dynamic_buffer(bytes), error);
  EXPECT_EQ(error, asio::error::eof);
  EXPECT_NE(bytes.find("text/event-stream"), std::string::npos);
  EXPECT_EQ(bytes.find("after the end"), std::string::npos);
}

TEST_F(IdentityHttpTest, SecretsAreNeitherInEventsNorMetricsNorTheLog) {
  make_accounts();
  const auto admin = token_of("P-1");
  const auto browser = log_in("P-1");
  try_log_in("P-1", "a planted guess");
  post("/v1/users",
       R"({"account":"P-5","login":"planted@example.com","password":"planted secret"})",
       bearer(admin));
  get("/v1/me?token=" + admin, {{"Cookie", browser.cookie + "0"}});
  std::string seen = get("/metrics").body;
  seen += get("/v1/events?limit=1000", bearer(token_of("P-1"))).body;
  {
    const std::lock_guard lock(mutex);
    for (const auto& line : logged) seen += line;
  }
  const auto cursor = ledger->read({}, {}).value();
  for (auto events = cursor->next().value(); !events.empty(); events = cursor->next().value()) {
    for (const auto& event : events) seen += event.encoded;
  }
  for (const std::string& secret : {std::string("planted"), std::string(kPassword),
                                    admin.substr(21), browser.cookie.substr(27), browser.csrf}) {
    EXPECT_EQ(seen.find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace opsledger::testing
