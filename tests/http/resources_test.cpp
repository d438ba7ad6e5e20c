// Commands, tables, modules, projections, system and tlog over the real server.
#include <openssl/evp.h>

#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

class CommandsTest : public HttpTest {};

TEST_F(CommandsTest, AcceptedCommandAnswersPositionEventsAndWarnings) {
  const Answer opened = post("/v1/commands/wallet.open", R"({"id":"a","backup":"","limit":0})");
  ASSERT_EQ(opened.status, 200u) << opened.body;
  EXPECT_EQ(opened.json().at("position").to_number<std::uint64_t>(), head());
  EXPECT_EQ(opened.json().at("events").at(0).at("type").as_string(), "wallet.opened");
  EXPECT_TRUE(opened.json().at("warnings").as_array().empty());
  const Answer warned = post("/v1/commands/wallet.deposit", R"({"id":"a","amount":5000})");
  EXPECT_EQ(warned.json().at("warnings").at(0).at("code").as_string(), "wallet.large");
}

TEST_F(CommandsTest, RejectionIs422WithTheModulesCode) {
  const Answer answer = post("/v1/commands/wallet.deposit", R"({"id":"no","amount":1})");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.code(), "wallet.unknown");
}

TEST_F(CommandsTest, FieldErrorsHavePointers) {
  const Answer answer = post("/v1/commands/wallet.deposit", R"({"id":"a","amount":"x"})");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.code(), "schema.invalid");
  EXPECT_EQ(answer.json().at("errors").at(0).at("pointer").as_string(), "/amount");
}

TEST_F(CommandsTest, UnknownCommandIs404) {
  EXPECT_EQ(post("/v1/commands/wallet.nothing", "{}").code(), "command.unknown");
  EXPECT_EQ(post("/v1/commands/wallet.nothing", "{}").status, 404u);
}

TEST_F(CommandsTest, ReasonIsPercentDecodedAndRequiredWhereDeclared) {
  post("/v1/commands/wallet.open", R"({"id":"a","backup":"","limit":0})");
  const Answer without = post("/v1/commands/wallet.close", R"({"id":"a"})");
  EXPECT_EQ(without.status, 422u);
  EXPECT_EQ(without.code(), "command.reason_required");
  const Answer with = post("/v1/commands/wallet.close", R"({"id":"a"})",
                           {{"X-Reason", "%E5%AE%A2%E6%88%B7%E8%A6%81%E6%B1%82"}});
  EXPECT_EQ(with.status, 200u) << with.body;
  EXPECT_EQ(ledger->get({head()}).value()->metadata("reason"), "客户要求");
}

TEST_F(CommandsTest, RetryWithTheSameKeyDecidesOnce) {
  post("/v1/commands/wallet.open", R"({"id":"a","backup":"","limit":0})");
  const Headers key{{"Idempotency-Key", "k"}};
  const Answer first = post("/v1/commands/wallet.deposit", R"({"id":"a","amount":5})", key);
  const Answer again = post("/v1/commands/wallet.deposit", R"({"id":"a","amount":5})", key);
  EXPECT_EQ(first.json().at("position"), again.json().at("position"));
  EXPECT_EQ(post("/v1/commands/wallet.deposit", R"({"id":"a","amount":6})", key).code(),
            "idempotency.mismatch");
}

TEST_F(CommandsTest, BodyMustBeJson) {
  EXPECT_EQ(post("/v1/commands/wallet.open", "id=a",
                 {{"Content-Type", "application/x-www-form-urlencoded"}})
                .status,
            415u);
  EXPECT_EQ(post("/v1/commands/wallet.open", "{").status, 400u);
}

TEST_F(CommandsTest, FailingModuleIs500AndLogged) {
  knobs->fail_decide = true;
  EXPECT_EQ(post("/v1/commands/wallet.open", R"({"id":"a","backup":"","limit":0})").status, 500u);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(logged.size(), 1u);
  EXPECT_NE(logged[0].find("wallet"), std::string::npos);
}

TEST_F(CommandsTest, CatalogueHasSchemas) {
  const auto list = get("/v1/commands").json();
  ASSERT_EQ(list.as_array().size(), 9u);
  EXPECT_EQ(list.at(0).at("type").as_string(), "wallet.open");
  EXPECT_TRUE(list.at(0).at("schema").at("properties").as_object().contains("backup"));
  EXPECT_TRUE(list.at(3).at("reason_required").as_bool());
}

class TablesTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    for (const char* id : {"a", "b/c d", "e"}) {
      post("/v1/commands/wallet.open",
           R"({"id":")" + std::string(id) + R"(","backup":"","limit":0})");
    }
    opened = head();
    post("/v1/commands/wallet.deposit", R"({"id":"a","amount":10})");
    clock.advance(std::chrono::hours(24));
    post("/v1/commands/wallet.deposit", R"({"id":"a","amount":5})");
  }
  std::string at(std::uint64_t position) const {
    return "min_position=" + std::to_string(position);
  }
  std::uint64_t opened = 0;
};

TEST_F(TablesTest, RowsAtHeadReadYourWrites) {
  const Answer answer = get("/v1/tables/wallet.accounts?id=eq.a&" + at(head()));
  ASSERT_EQ(answer.status, 200u) << answer.body;
  ASSERT_EQ(answer.json().as_array().size(), 1u);
  EXPECT_EQ(answer.json().at(0).at("balance").to_number<int>(), 15);
  EXPECT_EQ(answer.header("X-Position"), std::to_string(head()));
  EXPECT_TRUE(answer.header("X-Generation").starts_with("wallet"));
}

TEST_F(TablesTest, AsOfPositionAndTime) {
  const std::string row = "/v1/tables/wallet.accounts?id=eq.a&" + at(head()) + "&as_of=";
  const auto balance = [&](const std::string& moment) {
    const Answer answer = get(row + moment);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return answer.json().at(0).at("balance").to_number<int>();
  };
  EXPECT_EQ(balance(std::to_string(opened)), 0);
  EXPECT_EQ(balance(std::to_string(opened + 1)), 10);
  EXPECT_EQ(balance("2026-11-11T13:00:00Z"), 10);
  EXPECT_EQ(balance("2026-11-11T21:00:00+08:00"), 10) << "a plus in a query is a blank";
  EXPECT_EQ(balance("2026-11-11T21:00:00%2B08:00"), 10);
  EXPECT_EQ(balance("2026-11-13T00:00:00Z"), 15);
  EXPECT_EQ(get(row + "2026-11-11T13:00:00Z").header("X-Position"), std::to_string(opened + 1));
  EXPECT_EQ(get(row + "yesterday").status, 400u);
}

TEST_F(TablesTest, CountExactFillsContentRange) {
  const std::string rows = "/v1/tables/wallet.accounts?" + at(head());
  const Headers count{{"Prefer", "return=representation, count=exact"}};
  EXPECT_EQ(get(rows + "&limit=2", count).header("Content-Range"), "0-1/3");
  EXPECT_EQ(get(rows + "&limit=2&offset=2", count).header("Content-Range"), "2-2/3");
  EXPECT_EQ(get(rows + "&id=eq.zz", count).header("Content-Range"), "*/0");
  EXPECT_EQ(get(rows + "&limit=2").header("Content-Range"), "0-1/*");
}

TEST_F(TablesTest, SingleObjectAsPostgrestClientsAskForIt) {
  const Headers object{{"Accept", "application/vnd.pgrst.object+json"}};
  const std::string rows = "/v1/tables/wallet.accounts?" + at(head());
  const Answer one = get(rows + "&id=eq.a", object);
  EXPECT_EQ(one.header("Content-Type"), "application/vnd.pgrst.object+json");
  EXPECT_EQ(one.json().at("id").as_string(), "a");
  EXPECT_EQ(get(rows, object).status, 406u);
}

TEST_F(TablesTest, OutsideTheGrammarIs400) {
  const Answer answer = get("/v1/tables/wallet.accounts?select=*,other(*)");
  EXPECT_EQ(answer.status, 400u) << answer.body;
  EXPECT_EQ(answer.code(), "query.unsupported");
  EXPECT_EQ(get("/v1/tables/wallet.accounts?nocolumn=eq.1").status, 422u);
  EXPECT_EQ(get("/v1/tables/wallet.accounts?min_position=x").status, 400u);
  EXPECT_EQ(get("/v1/tables/wallet.accounts?as_shown=maybe").status, 400u);
}

TEST_F(TablesTest, OneRowByItsPercentEncodedKey) {
  const Answer row = get("/v1/tables/wallet.accounts/rows/b%2Fc%20d?" + at(head()));
  ASSERT_EQ(row.status, 200u) << row.body;
  EXPECT_EQ(row.json().at("id").as_string(), "b/c d");
  const Answer missing = get("/v1/tables/wallet.accounts/rows/zz?" + at(head()));
  EXPECT_EQ(missing.status, 404u);
  EXPECT_EQ(missing.code(), "entity.not_found");
}

TEST_F(TablesTest, HistoryNamesTheEventsThatMadeTheRow) {
  const auto versions =
      get("/v1/tables/wallet.accounts/rows/a/history?" + at(head())).json().as_array();
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_EQ(versions[2].at("position").to_number<std::uint64_t>(), head());
  EXPECT_EQ(versions[2].at("type").as_string(), "wallet.deposited");
}

TEST_F(TablesTest, DifferenceBetweenPositions) {
  const std::string diff = "/v1/tables/wallet.accounts/diff?" + at(head());
  const Answer changed =
      get(diff + "&from=" + std::to_string(opened) + "&to=" + std::to_string(head()));
  ASSERT_EQ(changed.status, 200u) << changed.body;
  EXPECT_EQ(changed.json().at("changed").as_array().size(), 1u);
  EXPECT_EQ(get(diff + "&from=0").json().at("added").as_array().size(), 3u);
  EXPECT_EQ(get(diff).status, 400u);
  EXPECT_EQ(get(diff + "&from=9&to=3").status, 400u);
}

TEST_F(TablesTest, UnknownTableIs404) {
  EXPECT_EQ(get("/v1/tables/wallet.nothing").code(), "table.unknown");
  EXPECT_EQ(get("/v1/tables/wallet.nothing/rows/a").status, 404u);
}

TEST_F(TablesTest, PositionNotReachedInTimeIs503) {
  HttpLimits limits;
  limits.min_position_timeout = std::chrono::milliseconds(50);
  start(limits);
  const Answer answer =
      get("/v1/tables/wallet.accounts?min_position=" + std::to_string(head() + 1'000));
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.code(), "projection.behind");
  EXPECT_FALSE(answer.header("Retry-After").empty());
}

TEST_F(TablesTest, WaitingReadsHoldNoWorker) {
  std::vector<std::unique_ptr<RawClient>> waiting;
  for (int i = 0; i < 40; ++i) {
    waiting.push_back(connect());
    waiting.back()->send(RawClient::request(
        "GET", "/v1/tables/wallet.accounts?min_position=" + std::to_string(head() + 1)));
  }
  EXPECT_EQ(get("/v1/events?limit=1").status, 200u);
  append_note();
  for (auto& client : waiting) EXPECT_EQ(client->read().status, 200u);
}

TEST_F(TablesTest, CatalogueHasRowSchemas) {
  const auto list = get("/v1/tables").json();
  EXPECT_EQ(list.at(0).at("name").as_string(), "wallet.accounts");
  EXPECT_TRUE(list.at(0).at("row").at("properties").as_object().contains("balance"));
}

class SystemTest : public HttpTest {};

TEST_F(SystemTest, HealthAndReadiness) {
  EXPECT_EQ(get("/healthz").status, 200u);
  EXPECT_EQ(get("/readyz").json().at("status").as_string(), "ready");
  {
    const std::lock_guard lock(mutex);
    reasons = {"disk nearly full"};
  }
  const Answer answer = get("/readyz");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.json().at("reasons").at(0).as_string(), "disk nearly full");
  EXPECT_EQ(get("/healthz").status, 200u);
}

TEST_F(SystemTest, DateIsOfTheGivenClock) {
  EXPECT_EQ(get("/healthz").header("Date"), "Wed, 11 Nov 2026 12:00:00 GMT");
}

TEST_F(SystemTest, MetricsArePrometheusText) {
  get("/healthz");
  get("/nowhere");
  const Answer answer = get("/metrics");
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"opsledger_http_requests_total{method=\"GET\",path=\"/healthz\",status=\"2xx\"} 1",
        "opsledger_http_requests_total{method=\"-\",path=\"-\",status=\"4xx\"} 1",
        "# TYPE opsledger_http_request_seconds histogram",
        "opsledger_http_request_seconds_bucket{method=\"GET\",path=\"/healthz\",le=\"+Inf\"} 1",
        "opsledger_test_total{a=\"b\"} 7", "# TYPE opsledger_test_total counter",
        "opsledger_http_connections 1"}) {
    EXPECT_NE(answer.body.find(line), std::string::npos) << line << "\n" << answer.body;
  }
}

TEST_F(SystemTest, ModulesSayWhatTheyBring) {
  const auto list = get("/v1/modules").json();
  EXPECT_EQ(list.at(0).at("name").as_string(), "wallet");
  EXPECT_EQ(list.at(0).at("tables").at(0).as_string(), "wallet.accounts");
  EXPECT_EQ(list.at(0).at("events").as_array().size(), 4u);
}

TEST_F(SystemTest, ProjectionsAreListedAndRebuilt) {
  const auto list = get("/v1/projections").json();
  EXPECT_EQ(list.at(0).at("module").as_string(), "wallet");
  EXPECT_EQ(post("/v1/projections/wallet/rebuild", "").status, 202u);
  EXPECT_EQ(post("/v1/projections/nothing/rebuild", "").status, 404u);
}

TEST_F(SystemTest, ParkedProjectionIsShownRetriedAndSkippedWithAReason) {
  knobs->fail_apply = true;
  post("/v1/commands/wallet.open", R"({"id":"a","backup":"","limit":0})");
  const auto parked_at = head();
  std::string state;
  boost::json::value projection;
  for (int i = 0; i < 300 && state != "parked"; ++i) {
    projection = get("/v1/projections").json().at(0);
    state = projection.at("state").as_string();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_EQ(state, "parked");
  EXPECT_EQ(projection.at("parked").at("position").to_number<std::uint64_t>(), parked_at);
  EXPECT_EQ(post("/v1/projections/wallet/skip", "").code(), "command.reason_required");
  knobs->fail_apply = false;
  EXPECT_EQ(post("/v1/projections/wallet/retry", "").status, 202u);
  EXPECT_EQ(get("/v1/tables/wallet.accounts?min_position=" + std::to_string(parked_at)).status,
            200u);
}

class TlogTest : public HttpTest {
 protected:
  static std::string leaf(std::string_view entry) {
    unsigned char digest[32];
    unsigned size = 0;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    EVP_DigestUpdate(context, "\0", 1);
    EVP_DigestUpdate(context, entry.data(), entry.size());
    EVP_DigestFinal_ex(context, digest, &size);
    EVP_MD_CTX_free(context);
    return std::string(reinterpret_cast<char*>(digest), 32);
  }
};

TEST_F(TlogTest, EntryBundleHashesToTheTileOfLeaves) {
  append_notes(300 - head());
  const Answer bundle = get("/tlog/tile/entries/000");
  ASSERT_EQ(bundle.status, 200u);
  EXPECT_EQ(bundle.header("Content-Type"), "application/octet-stream");
  std::string leaves;
  std::string_view rest = bundle.body;
  while (rest.size() >= 2) {
    const std::size_t size =
        static_cast<unsigned char>(rest[0]) << 8 | static_cast<unsigned char>(rest[1]);
    leaves += leaf(rest.substr(2, size));
    rest.remove_prefix(2 + size);
  }
  const Answer tile = get("/tlog/tile/0/000");
  EXPECT_EQ(tile.body.size(), 8'192u);
  EXPECT_EQ(tile.body, leaves);
  EXPECT_NE(tile.header("Cache-Control").find("immutable"), std::string::npos);
}

TEST_F(TlogTest, PartialTilesAreServedUpToTheHead) {
  append_notes(300 - head());
  const Answer partial = get("/tlog/tile/0/001.p/44");
  EXPECT_EQ(partial.body.size(), 44u * 32);
  EXPECT_TRUE(partial.header("Cache-Control").empty());
  EXPECT_EQ(get("/tlog/tile/entries/001.p/44").status, 200u);
  EXPECT_EQ(get("/tlog/tile/1/000.p/1").body.size(), 32u);
  for (const char* path : {"0/001", "0/001.p/45", "entries/001", "entries/001.p/45", "1/000", "0/1",
                           "0/x000/001", "00/001", "0/001.p/0", "0/001.p/256", "0/001.p/04",
                           "64/000", "entries", "entries/", "0/000/", "x/000"}) {
    EXPECT_EQ(get(std::string("/tlog/tile/") + path).status, 404u) << path;
  }
}

}  // namespace
}  // namespace opsledger::testing
