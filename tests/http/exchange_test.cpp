// Spreadsheets over HTTP: tables out, commands in.
#include "storage/core/sha256.hpp"
#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

constexpr const char* kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

class HttpExchangeTest : public HttpTest {
 protected:
  std::vector<OwnedEvent> events(const std::string& type) const {
    std::vector<OwnedEvent> found;
    const auto cursor = ledger->read({{{{type}, {}}}}, {}).value();
    for (auto some = cursor->next().value(); !some.empty(); some = cursor->next().value()) {
      for (const auto& event : some) found.emplace_back(event.encoded);
    }
    return found;
  }
  Answer import(std::string_view content, const std::string& query = "command=wallet.open",
                Headers headers = {{"Content-Type", "text/csv"}}) {
    return post("/v1/imports?" + query, content, headers);
  }
};

TEST_F(HttpExchangeTest, ExportIsRecordedWithTheHashOfWhatWentOut) {
  ASSERT_EQ(import("id,backup,limit\na,\"\",0\nb,\"\",0\n").status, 200u);
  const auto target = "/v1/tables/wallet.accounts?select=id&min_position=" + std::to_string(head());
  const auto answer = get(target, {{"Accept", "text/csv"}});
  ASSERT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(answer.body, "\xEF\xBB\xBFid\r\na\r\nb\r\n");
  EXPECT_EQ(answer.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"wallet.accounts.csv\"");
  const auto made = events("export.made");
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(answer.header("X-Export-Position"), std::to_string(made[0]->position.value));
  const auto data = boost::json::parse(made[0]->data);
  EXPECT_EQ(data.at("sha256").as_string(), hex(sha256(answer.body).bytes));
  EXPECT_EQ(data.at("rows").to_number<int>(), 2);
  EXPECT_EQ(data.at("what").as_string(), "table wallet.accounts");
  EXPECT_NE(data.at("filter").as_string().find("select=id"), std::string::npos);
}

TEST_F(HttpExchangeTest, XlsxIsSentAndJsonIsNoExport) {
  EXPECT_TRUE(get("/v1/tables/wallet.accounts", {{"Accept", kXlsx}}).body.starts_with("PK"));
  EXPECT_EQ(get("/v1/tables/wallet.accounts").status, 200u);
  EXPECT_EQ(events("export.made").size(), 1u);
}

TEST_F(HttpExchangeTest, RefusedExportIsNotRecorded) {
  EXPECT_EQ(get("/v1/tables/wallet.accounts?x=eq.1", {{"Accept", "text/csv"}}).status, 422u);
  EXPECT_EQ(
      get("/v1/tables/wallet.accounts", {{"Accept", "text/csv"}, {"Prefer", "timezone=Mars/Base"}})
          .code(),
      "export.time_zone");
  EXPECT_TRUE(events("export.made").empty());
}

TEST_F(HttpExchangeTest, ImportAnswersWithAReportThatCanBeReadAgain) {
  const auto answer = import("id,backup,limit\na,\"\",0\na,\"\",0\nb,\"\",x\n");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto report = answer.json();
  EXPECT_EQ(report.at("ok").to_number<int>(), 1);
  EXPECT_EQ(report.at("failed").to_number<int>(), 2);
  EXPECT_EQ(report.at("rejected").at(1).at("pointer").as_string(), "/limit");
  const auto again = get("/v1/imports/" + std::string(report.at("import").as_string())).json();
  EXPECT_EQ(again.at("state").as_string(), "completed");
  EXPECT_EQ(again.at("rejected").at(0).at("code").as_string(), "wallet.exists");
  EXPECT_EQ(get("/v1/imports/00aa").code(), "import.unknown");
  EXPECT_EQ(get("/v1/imports/%2E%2E").code(), "import.unknown");
}

TEST_F(HttpExchangeTest, LinesTellRefusedRowsProgressAndTheReport) {
  std::string content = "id,backup,limit\n";
  for (int i = 0; i < 600; ++i) content += "w" + std::to_string(i % 599) + ",\"\",0\n";
  const auto answer = import(content, "command=wallet.open",
                             {{"Content-Type", "text/csv"}, {"Accept", "application/x-ndjson"}});
  ASSERT_EQ(answer.status, 200u);
  std::vector<std::string> kinds;
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);) {
    const auto object = boost::json::parse(line).as_object();
    kinds.emplace_back(object.contains("row") ? "row" : object.begin()->key());
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"progress", "progress", "row", "report"}));
}

TEST_F(HttpExchangeTest, DryRunAppendsNothing) {
  const auto before = head();
  const auto report = import("id,backup,limit\na,\"\",0\n", "command=wallet.open&dry_run=true");
  EXPECT_EQ(report.json().at("ok").to_number<int>(), 1);
  EXPECT_EQ(head(), before);
}

TEST_F(HttpExchangeTest, ContentMustBeWhatItsTypeSays) {
  const std::string rows = "id,backup,limit\na,\"\",0\n";
  EXPECT_EQ(import(rows, "command=wallet.open", {}).status, 415u);
  EXPECT_EQ(import(rows, "command=wallet.open", {{"Content-Type", "application/json"}}).status,
            415u);
  EXPECT_EQ(import(rows, "command=wallet.open", {{"Content-Type", kXlsx}}).status, 415u);
  EXPECT_EQ(import("PK\x03\x04", "command=wallet.open").status, 415u);
  EXPECT_EQ(import("PK\x03\x04", "command=wallet.open", {{"Content-Type", kXlsx}}).code(),
            "sheet.malformed");
}

TEST_F(HttpExchangeTest, WrongRequestsAreNamed) {
  EXPECT_EQ(import("a\nb\n", "").code(), "http.parameter");
  EXPECT_EQ(import("a\nb\n", "command=wallet.open&x=1").code(), "http.parameter");
  EXPECT_EQ(import("a\nb\n", "command=wallet.open&map=1").code(), "http.parameter");
  EXPECT_EQ(import("a\nb\n", "command=no.such").code(), "command.unknown");
  const auto header = import("a\nb\n");
  EXPECT_EQ(header.code(), "import.header");
  EXPECT_EQ(header.json().at("errors").as_array().size(), 4u);
}

TEST_F(HttpExchangeTest, FileLargerThanOtherBodiesIsTaken) {
  std::string content = "id,backup,limit\n";
  content += "a,\"" + std::string(900'000, 'x') + "\",0\n";
  for (int i = 0; i < 6; ++i) content += "a,\"" + std::string(900'000, 'y') + "\",0\n";
  ASSERT_GT(content.size(), HttpLimits().body_bytes_max);
  auto client = connect();
  client->try_send(RawClient::request("POST", "/v1/imports?command=wallet.open&dry_run=true",
                                      {{"Content-Type", "text/csv"}}, content));
  const auto answer = client->try_read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200u) << answer->body.substr(0, 300);
}

}  // namespace
}  // namespace opsledger::testing
