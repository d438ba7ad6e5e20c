// Rights over the real server: what each caller is answered, and what leaks (nothing).
#include <boost/json.hpp>

#include "kernel/access/role_events.hpp"
#include "kernel/identity/identities.hpp"
#include "storage/memory/memory_record_store.hpp"
#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

namespace json = boost::json;

/// root administers; cara keeps wallets in OPS, dan in IT; aud audits; eve has nothing. A wallet
/// `o` in OPS and `i` in IT. The table declares no department: that of the event counts.
class RightsTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    secrets =
        KeyStore::open(std::make_unique<MemoryRecordStore>(), MasterKey({9}), "memory").value();
    identities = Identities::open(*ledger, *secrets, clock, {}).value();
    access = std::make_unique<AccessModel>(*ledger, *schemas, clock, AccessModel::Options());
    administration = std::make_unique<Administration>(*ledger, *access, *registry);
    ASSERT_TRUE(record_default_roles(*ledger, *access, *registry, "opsledger").ok());
    server.reset();
    commands = std::make_unique<CommandService>(*ledger, *registry, *schemas, clock,
                                                CommandService::Limits(), access.get());
    who.identities = identities.get();
    who.access = access.get();
    who.administration = administration.get();
    serve({});
    for (const char* id : {"root", "cara", "dan", "aud", "eve"}) {
      const auto made = identities->accounts().create({id, AccountKind::kService, "", ""}, "t");
      ASSERT_TRUE(made.ok()) << made.error().message;
      tokens[id] = token_of(id);
    }
    define_keeper("department");
    grant("cara", "keeper", "OPS");
    grant("dan", "keeper", "IT");
    grant("aud", "auditor", "");
    EXPECT_EQ(open_wallet("cara", "o").status, 200u);
    EXPECT_EQ(open_wallet("dan", "i").status, 200u);
  }
  void TearDown() override {
    HttpTest::TearDown();
    administration.reset();
    access.reset();
    identities.reset();
  }

  std::string token_of(const std::string& account, std::vector<std::string> scopes = {}) {
    return identities->issue_token({account, "", std::move(scopes), {}}, "t").value().text;
  }
  Headers as(const std::string& account, Headers more = {}) {
    more.emplace_back("Authorization", "Bearer " + tokens.at(account));
    return more;
  }
  Answer call(std::string_view method, std::string_view target, const std::string& account,
              const json::value& body) {
    const auto client = connect();
    client->send(RawClient::request(method, target,
                                    as(account, {{"Content-Type", "application/json"}}),
                                    body.is_null() ? "" : json::serialize(body)));
    return client->read();
  }
  void define_keeper(const char* scope) {
    const json::array permissions{{{"module", "wallet"}, {"class", "C"}, {"scope", scope}},
                                  {{"module", "wallet"}, {"class", "V"}, {"scope", scope}}};
    const auto made =
        call("PUT", "/v1/roles/keeper", "root", json::object{{"permissions", permissions}});
    ASSERT_EQ(made.status, 200u) << made.body;
  }
  void grant(const char* account, const char* role, const char* department) {
    const auto given = call("POST", "/v1/grants", "root",
                            {{"account", account}, {"role", role}, {"department", department}});
    ASSERT_EQ(given.status, 200u) << given.body;
  }
  Answer open_wallet(const std::string& account, const std::string& id, Headers more = {}) {
    return post("/v1/commands/wallet.open",
                json::serialize(json::object{{"id", id}, {"backup", ""}, {"limit", 0}}),
                as(account, std::move(more)));
  }
  std::string rows(const std::string& account, const std::string& query = "") {
    const auto at = "min_position=" + std::to_string(head());
    return get("/v1/tables/wallet.accounts?" + at + query, as(account)).body;
  }

  std::unique_ptr<KeyStore> secrets;
  std::unique_ptr<Identities> identities;
  std::unique_ptr<AccessModel> access;
  std::unique_ptr<Administration> administration;
  std::map<std::string, std::string> tokens;
};

TEST_F(RightsTest, TableShowsTheRowsOfTheReadersDepartmentOnly) {
  EXPECT_NE(rows("cara").find(R"("id":"o")"), std::string::npos);
  EXPECT_EQ(rows("cara").find(R"("id":"i")"), std::string::npos);
  EXPECT_NE(rows("dan").find(R"("id":"i")"), std::string::npos);
  EXPECT_EQ(rows("dan").find(R"("id":"o")"), std::string::npos);
  EXPECT_NE(rows("aud").find(R"("id":"i")"), std::string::npos);
  EXPECT_NE(rows("aud").find(R"("id":"o")"), std::string::npos);
  EXPECT_EQ(get("/v1/tables/wallet.accounts", as("eve")).code(), "access.forbidden");
}

TEST_F(RightsTest, HiddenRowsDoNotShowInCountsAggregatesAndGuesses) {
  EXPECT_EQ(rows("cara", "&select=count()"), R"([{"count":1}])");
  EXPECT_EQ(rows("aud", "&select=count()"), R"([{"count":2}])");
  EXPECT_EQ(rows("cara", "&id=eq.i"), "[]");
  EXPECT_EQ(rows("cara", "&or=(id.eq.i,id.eq.nothing)"), "[]");
  const auto counted =
      get("/v1/tables/wallet.accounts?limit=1", as("cara", {{"Prefer", "count=exact"}}));
  EXPECT_EQ(counted.header("Content-Range"), "0-0/1");
  EXPECT_EQ(get("/v1/tables/wallet.accounts/rows/o", as("cara")).status, 200u);
  const auto hidden = get("/v1/tables/wallet.accounts/rows/i", as("cara"));
  const auto missing = get("/v1/tables/wallet.accounts/rows/x", as("cara"));
  EXPECT_EQ(hidden.status, 404u);
  EXPECT_EQ(hidden.code(), missing.code());
  EXPECT_EQ(get("/v1/tables/wallet.accounts/rows/i/history", as("cara")).status, 404u);
  EXPECT_EQ(get("/v1/tables/wallet.accounts/rows/o/history", as("cara")).status, 200u);
  const auto diff = get("/v1/tables/wallet.accounts/diff?from=1", as("cara")).body;
  EXPECT_NE(diff.find(R"("id":"o")"), std::string::npos);
  EXPECT_EQ(diff.find(R"("id":"i")"), std::string::npos);
}

TEST_F(RightsTest, EventsAreThoseOfTheDepartmentAndOnesOwn) {
  const auto seen = get("/v1/events?type=wallet.opened", as("cara")).json().as_array();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].at("department"), json::value("OPS"));
  EXPECT_EQ(get("/v1/events?type=wallet.opened", as("aud")).json().as_array().size(), 2u);
  EXPECT_EQ(get("/v1/events?type=wallet.opened", as("eve")).json().as_array().size(), 0u);
  EXPECT_EQ(get("/v1/events?type=grant.given", as("cara")).json().as_array().size(), 0u);
  for (std::uint64_t position = 1; position <= head(); ++position) {
    const auto one = get("/v1/events/" + std::to_string(position), as("eve"));
    EXPECT_EQ(one.status, 404u) << position << one.body;
  }
  const auto asked = post("/v1/events/query", R"({"query":{"items":[]}})", as("dan")).json();
  ASSERT_FALSE(asked.as_array().empty());
  for (const auto& event : asked.as_array()) {
    EXPECT_EQ(event.at("department"), json::value("IT"));
  }
}

TEST_F(RightsTest, ForgedDepartmentHeaderReachesNothing) {
  for (const char* department : {"IT", "it", "OPS%20", "OPS%00", "%2e%2e", "IT%2FOPS", "*"}) {
    const auto answer = open_wallet("cara", "x", {{"X-Department", department}});
    EXPECT_EQ(answer.status, 403u) << department << answer.body;
  }
  EXPECT_EQ(open_wallet("cara", "x", {{"X-Department", "OPS"}}).status, 200u);
}

TEST_F(RightsTest, RawAppendNeedsItsOwnRight) {
  const std::string note = R"({"events":[{"type":"misc.note","data":{}}]})";
  const std::string owned =
      R"({"events":[{"type":"wallet.closed","tags":["wallet:o"],"data":{"id":"o"}}]})";
  for (const char* account : {"cara", "root", "aud", "eve"}) {
    EXPECT_EQ(post("/v1/events", note, as(account)).status, 403u) << account;
    EXPECT_EQ(post("/v1/events", owned, as(account)).status, 403u) << account;
  }
  grant("eve", "importer", "");
  EXPECT_EQ(post("/v1/events", note, as("eve")).status, 201u);
  EXPECT_EQ(post("/v1/events", owned, as("eve")).status, 201u);
}

TEST_F(RightsTest, ModuleThatIsOffIs423AndHiddenButForAuditors) {
  const auto off = call("PUT", "/v1/departments/OPS/modules/wallet", "root", {{"enabled", false}});
  ASSERT_EQ(off.status, 200u) << off.body;
  EXPECT_EQ(open_wallet("cara", "x").status, 423u);
  EXPECT_EQ(open_wallet("root", "x", {{"X-Department", "OPS"}}).status, 423u);
  EXPECT_EQ(rows("cara"), "[]");
  EXPECT_NE(rows("aud").find(R"("id":"o")"), std::string::npos);
  EXPECT_EQ(open_wallet("dan", "x").status, 200u);
  call("PUT", "/v1/departments/OPS/modules/wallet", "root", {{"enabled", true}});
  EXPECT_NE(rows("cara").find(R"("id":"o")"), std::string::npos);
  EXPECT_EQ(call("PUT", "/v1/departments/OPS/modules/wallet", "root", {{"on", 1}}).status, 422u);
}

TEST_F(RightsTest, OnlyAdministratorsAndAuditorsGetWhatIsTheirs) {
  EXPECT_EQ(call("POST", "/v1/projections/wallet/rebuild", "cara", {}).status, 403u);
  EXPECT_EQ(call("POST", "/v1/projections/wallet/rebuild", "root", {}).status, 202u);
  const std::string entries = "/tlog/tile/entries/000.p/1";
  EXPECT_EQ(get(entries, as("cara")).status, 403u);
  EXPECT_EQ(get(entries, as("root")).status, 403u);
  EXPECT_EQ(get(entries, as("aud")).status, 200u);
  EXPECT_EQ(call("POST", "/v1/grants", "cara",
                 {{"account", "cara"}, {"role", "admin"}, {"department", ""}})
                .status,
            403u);
  EXPECT_EQ(get("/v1/rights?account=root&permission=wallet.open", as("cara")).status, 403u);
  const auto own = get("/v1/rights?permission=wallet.open&department=OPS", as("cara")).json();
  EXPECT_EQ(own.at("allowed"), json::value(true));
}

TEST_F(RightsTest, WhoCouldDoWhatEarlierIsTold) {
  const auto then = std::to_string(head());
  EXPECT_EQ(call("DELETE", "/v1/grants?account=cara&role=keeper&department=OPS", "root", {}).status,
            200u);
  const std::string question = "/v1/rights?account=cara&permission=wallet.open&department=OPS";
  EXPECT_EQ(get(question, as("root")).json().at("allowed"), json::value(false));
  EXPECT_EQ(get(question + "&as_of=" + then, as("root")).json().at("allowed"), json::value(true));
}

TEST_F(RightsTest, StreamStopsShowingWhatIsNoLongerAllowed) {
  const auto client = connect();
  client->send(
      RawClient::request("GET", "/v1/events/stream?type=wallet.opened&after=0", as("cara")));
  const auto until = [&](const std::string& text) {
    std::string read;
    char buffer[4096];
    while (read.find(text) == std::string::npos) {
      const auto size = client->socket().read_some(asio::buffer(buffer));
      read.append(buffer, size);
    }
    return read;
  };
  const auto first = until(R"("id":"o")");
  EXPECT_EQ(first.find(R"("id":"i")"), std::string::npos);
  open_wallet("dan", "hidden");
  open_wallet("cara", "seen");
  EXPECT_EQ(until(R"("id":"seen")").find("hidden"), std::string::npos);
}

}  // namespace
}  // namespace opsledger::testing
