#include <fstream>
#include <set>

#include "tests/http/http_fixture.hpp"
#include "tests/support/sanitized.hpp"

namespace opsledger::testing {
namespace {

class EventsTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    before = head();
    append_note("n:1");
    append_note("n:2");
    append_note("n:1");
  }
  std::vector<std::string> positions(const Answer& answer) {
    std::vector<std::string> found;
    const auto list = answer.json();
    for (const auto& event : list.as_array()) {
      found.emplace_back(event.at("position").as_string());
    }
    return found;
  }
  std::string at(std::uint64_t offset) const { return std::to_string(before + offset); }

  std::uint64_t before = 0;
};

using ::testing::ElementsAre;

TEST_F(EventsTest, TypesAndTagsSelect) {
  EXPECT_THAT(positions(get("/v1/events?type=misc.note")), ElementsAre(at(1), at(2), at(3)));
  EXPECT_THAT(positions(get("/v1/events?type=misc.note&tag=n:1")), ElementsAre(at(1), at(3)));
  EXPECT_THAT(positions(get("/v1/events?tag=n:2")), ElementsAre(at(2)));
  EXPECT_THAT(positions(get("/v1/events?tag=n:2&tag=n:1")), ElementsAre());
  EXPECT_THAT(positions(get("/v1/events?type=other.one&type=misc.note&tag=n%3A2")),
              ElementsAre(at(2)));
}

TEST_F(EventsTest, AfterLimitAndDirectionPage) {
  EXPECT_THAT(positions(get("/v1/events?limit=2&after=" + at(0))), ElementsAre(at(1), at(2)));
  EXPECT_THAT(positions(get("/v1/events?limit=2&direction=backward")), ElementsAre(at(3), at(2)));
  EXPECT_THAT(positions(get("/v1/events?type=misc.note&direction=backward&after=" + at(3))),
              ElementsAre(at(2), at(1)));
  EXPECT_THAT(positions(get("/v1/events?limit=0")), ElementsAre());
  EXPECT_THAT(positions(get("/v1/events?after=999999")), ElementsAre());
}

TEST_F(EventsTest, DepartmentFiltersBeforeTheLimitCounts) {
  for (int i = 0; i < 3; ++i) {
    post("/v1/events", R"({"events":[{"type":"misc.note","department":"cs"}]})");
    append_note();
  }
  EXPECT_EQ(positions(get("/v1/events?department=cs&limit=2")).size(), 2u);
  EXPECT_EQ(positions(get("/v1/events?department=cs")).size(), 3u);
  EXPECT_EQ(positions(get("/v1/events?department=none")).size(), 0u);
}

TEST_F(EventsTest, WrongParametersAre400) {
  for (const char* query :
       {"after=x", "limit=-1", "direction=up", "tagg=n:1", "limit=99999999999999999999"}) {
    const Answer answer = get(std::string("/v1/events?") + query);
    EXPECT_EQ(answer.status, 400u) << query;
    EXPECT_EQ(answer.code(), "http.parameter") << query;
  }
}

TEST_F(EventsTest, ListIsACloudEventsBatchOrPlainJsonAsAsked) {
  EXPECT_EQ(get("/v1/events").header("Content-Type"), "application/cloudevents-batch+json");
  EXPECT_EQ(get("/v1/events", {{"Accept", "application/json"}}).header("Content-Type"),
            "application/json");
}

TEST_F(EventsTest, QueryByBodyTakesSeveralItems) {
  const Answer answer = post(
      "/v1/events/query",
      R"({"query":{"items":[{"tags":["n:2"]},{"types":["misc.note"],"tags":["n:1"]}]},"limit":2})");
  EXPECT_THAT(positions(answer), ElementsAre(at(1), at(2)));
  const Answer backward = post("/v1/events/query", R"({"direction":"backward","limit":1})");
  EXPECT_THAT(positions(backward), ElementsAre(at(3)));
}

TEST_F(EventsTest, WrongQueryBodyIs422WithPointers) {
  const auto pointer = [&](std::string_view body) {
    const Answer answer = post("/v1/events/query", body);
    EXPECT_EQ(answer.status, 422u) << body;
    return std::string(answer.json().at("errors").at(0).at("pointer").as_string());
  };
  EXPECT_EQ(pointer(R"({"after":"x"})"), "/after");
  EXPECT_EQ(pointer(R"({"limit":-1})"), "/limit");
  EXPECT_EQ(pointer(R"({"direction":7})"), "/direction");
  EXPECT_EQ(pointer(R"({"querry":{}})"), "/querry");
  EXPECT_TRUE(pointer(R"({"query":{"items":[{"tags":[7]}]}})").starts_with("/query/items/0"));
}

TEST_F(EventsTest, OneEventByPosition) {
  const Answer event = get("/v1/events/" + at(2));
  EXPECT_EQ(event.status, 200u);
  EXPECT_EQ(event.json().at("type").as_string(), "misc.note");
  EXPECT_EQ(get("/v1/events/999999").status, 404u);
  EXPECT_EQ(get("/v1/events/0").status, 404u);
  EXPECT_EQ(get("/v1/events/abc").status, 400u);
}

TEST_F(EventsTest, ArrayWithoutLimitIsOnePage) {
  HttpLimits limits;
  limits.events_page_default = 5;
  start(limits);
  append_notes(10);
  EXPECT_EQ(positions(get("/v1/events")).size(), 5u);
  EXPECT_EQ(positions(get("/v1/events?type=misc.note&limit=9")).size(), 9u);
}

TEST_F(EventsTest, LongArrayIsChunkedAndStillOneJsonArray) {
  HttpLimits limits;
  limits.slice_bytes = 2'000;
  start(limits);
  append_notes(500);
  const Answer answer = get("/v1/events?type=misc.note&limit=500");
  EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(positions(answer).size(), 500u);
}

TEST_F(EventsTest, ConnectionGoesOnAfterAChunkedAnswer) {
  HttpLimits limits;
  limits.slice_bytes = 2'000;
  start(limits);
  append_notes(500);
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client->get("/v1/events", {{"Accept", "application/x-ndjson"}}).status, 200u);
  }
}

TEST_F(EventsTest, Http10ReaderGetsAnUnframedStream) {
  HttpLimits limits;
  limits.slice_bytes = 2'000;
  start(limits);
  append_notes(500);
  auto client = connect();
  client->send("GET /v1/events HTTP/1.0\r\nAccept: application/x-ndjson\r\n\r\n");
  const Answer answer = client->read();
  EXPECT_TRUE(answer.header("Transfer-Encoding").empty());
  EXPECT_EQ(std::count(answer.body.begin(), answer.body.end(), '\n'),
            static_cast<std::ptrdiff_t>(head()));
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4'096;
}

TEST_F(EventsTest, StreamOfLinesHasEveryEventInOrderAndNeedsLittleMemory) {
  constexpr std::size_t kEvents = 60'000;
  for (std::size_t i = 0; i < kEvents / 2'000; ++i) {
    append_notes(2'000, "n:9", std::string(200, 'x'));
  }
  auto client = connect();
  client->send(RawClient::request("GET", "/v1/events?tag=n:9",
                                  {{"Accept", "application/x-ndjson"}, {"Connection", "close"}}));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // a reader that does not read
  const std::size_t stalled = resident_bytes();
  std::string buffer(1 << 16, '\0'), line;
  std::size_t lines = 0, bytes = 0;
  boost::system::error_code error;
  while (true) {
    const std::size_t size = client->socket().read_some(asio::buffer(buffer), error);
    if (error) break;
    bytes += size;
    for (std::size_t at = 0; (at = buffer.find("\"specversion\"", at)) < size; ++at) ++lines;
  }
  EXPECT_GT(bytes, kEvents * 300);
  EXPECT_GT(lines, kEvents * 99 / 100);  // a few are cut by the read buffer's edge
  const std::size_t grown = std::max(resident_bytes(), stalled) - stalled;
  EXPECT_LT(kSanitized ? 0 : grown, 12u << 20) << "of an answer of " << bytes;
}

TEST_F(EventsTest, StreamOfLinesIsCompleteAndParsesLineByLine) {
  append_notes(5'000, "n:8", "abc");
  const Answer answer = get("/v1/events?tag=n:8", {{"Accept", "application/x-ndjson"}});
  EXPECT_EQ(answer.header("Content-Type"), "application/x-ndjson");
  std::uint64_t expected = head() - 5'000;
  for (std::size_t begin = 0; begin < answer.body.size();) {
    const std::size_t end = answer.body.find('\n', begin);
    ASSERT_NE(end, std::string::npos);
    const auto event = boost::json::parse(answer.body.substr(begin, end - begin));
    ASSERT_EQ(event.at("position").as_string(), std::to_string(++expected));
    begin = end + 1;
  }
  EXPECT_EQ(expected, head());
}

TEST_F(EventsTest, ReaderThatStopsReadingIsDroppedAndOthersAreServed) {
  HttpLimits limits;
  limits.write_timeout = std::chrono::milliseconds(300);
  start(limits);
  for (int i = 0; i < 10; ++i) append_notes(2'000, "n:9", std::string(400, 'x'));
  auto stalled = connect();
  stalled->send(RawClient::request("GET", "/v1/events", {{"Accept", "application/x-ndjson"}}));
  EXPECT_EQ(get("/v1/events?limit=1").status, 200u);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (get("/metrics").body.find("opsledger_http_connections 1\n") == std::string::npos &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE(stalled->try_read()) << "the body was broken off";
}

TEST_F(EventsTest, QueryBeyondTheLedgersLimitsIs422) {
  std::string target = "/v1/events?";
  for (int i = 0; i < 70; ++i) target += "tag=n:" + std::to_string(i) + "&";
  EXPECT_EQ(get(target.substr(0, target.size() - 1)).status, 422u);
}

}  // namespace
}  // namespace opsledger::testing
