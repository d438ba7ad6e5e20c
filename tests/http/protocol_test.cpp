// HTTP itself: framing, limits, time-outs, bad clients.
#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

using std::chrono::milliseconds;

class ProtocolTest : public HttpTest {
 protected:
  Answer raw(std::string_view bytes) {
    auto client = connect();
    client->send(bytes);
    return client->read();
  }
};

TEST_F(ProtocolTest, KeepAliveServesManyRequestsOnOneConnection) {
  auto client = connect();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(client->get("/healthz").status, 200u);
}

TEST_F(ProtocolTest, PipelinedRequestsAreAnsweredInOrder) {
  auto client = connect();
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += RawClient::request("GET", "/healthz");
    requests += RawClient::request("GET", "/nowhere/" + std::to_string(i));
    requests += RawClient::request("POST", "/v1/events", {{"Content-Type", "application/json"}},
                                   R"({"events":[{"type":"misc.note"}]})");
  }
  client->send(requests);
  std::int64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client->read().status, 200u);
    EXPECT_NE(client->read().body.find("/nowhere/" + std::to_string(i)), std::string::npos);
    const auto position = client->read().json().at("first").as_int64();
    EXPECT_GT(position, last);
    last = position;
  }
}

TEST_F(ProtocolTest, RequestArrivingByteByByteIsServed) {
  auto client = connect();
  for (char c : RawClient::request("POST", "/v1/events", {{"Content-Type", "application/json"}},
                                   R"({"events":[{"type":"misc.note"}]})")) {
    client->send({&c, 1});
  }
  EXPECT_EQ(client->read().status, 201u);
}

TEST_F(ProtocolTest, ChunkedBodyIsRead) {
  const Answer answer =
      raw("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          "Transfer-Encoding: chunked\r\n\r\n"
          "b\r\n{\"events\":[\r\n16\r\n{\"type\":\"misc.note\"}]}\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status, 201u) << answer.body;
}

TEST_F(ProtocolTest, HalfClosedClientStillGetsItsAnswers) {
  auto client = connect();
  client->send(RawClient::request("GET", "/healthz") +
               RawClient::request("POST", "/v1/events", {{"Content-Type", "application/json"}},
                                  R"({"events":[{"type":"misc.note"}]})"));
  client->half_close();
  EXPECT_EQ(client->read().status, 200u);
  EXPECT_EQ(client->read().status, 201u);
  EXPECT_TRUE(client->closed());
}

TEST_F(ProtocolTest, HeadAnswersTheHeadersOfGet) {
  auto client = connect();
  client->send(RawClient::request("HEAD", "/healthz"));
  const Answer head_answer = client->read(true);
  EXPECT_EQ(head_answer.status, 200u);
  EXPECT_EQ(head_answer.header("Content-Length"), std::to_string(get("/healthz").body.size()));
  EXPECT_EQ(client->get("/healthz").status, 200u) << "the connection goes on";
}

TEST_F(ProtocolTest, Http10ClosesAfterTheAnswer) {
  auto client = connect();
  client->send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client->read().status, 200u);
  EXPECT_TRUE(client->closed());
}

TEST_F(ProtocolTest, ConnectionCloseIsHonoured) {
  auto client = connect();
  const Answer answer = client->get("/healthz", {{"Connection", "close"}});
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client->closed());
}

TEST_F(ProtocolTest, Expect100IsAnsweredBeforeTheBody) {
  auto client = connect();
  const std::string_view body = R"({"events":[{"type":"misc.note"}]})";
  client->send(
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  char text[64];
  const std::size_t size = client->socket().read_some(asio::buffer(text));
  EXPECT_EQ(std::string_view(text, size), "HTTP/1.1 100 Continue\r\n\r\n");
  client->send(body);
  EXPECT_EQ(client->read().status, 201u);
}

TEST_F(ProtocolTest, UnknownMethodIs501) {
  const auto client = connect();
  client->send(RawClient::request("FOO", "/v1/events"));
  const Answer answer = client->read();
  EXPECT_EQ(answer.status, 501u);
  EXPECT_EQ(answer.code(), "http.method_unknown");
}

TEST_F(ProtocolTest, EncodedPathIsThePathItStandsFor) {
  EXPECT_EQ(get("/v1/%65vents?limit=1").status, 200u);
  EXPECT_EQ(get("/%76%31/%65%76ents/1").status, 200u);
  EXPECT_EQ(get("/v1%2Fevents").status, 404u);
}

TEST_F(ProtocolTest, AFewEmptyLinesBeforeARequestAreIgnored) {
  const auto client = connect();
  client->send("\r\n\r\n" + RawClient::request("GET", "/healthz") + "\r\n");
  EXPECT_EQ(client->read().status, 200u);
  client->send("\r");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  client->send("\n" + RawClient::request("GET", "/healthz"));
  EXPECT_EQ(client->read().status, 200u);
  client->try_send("\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" +
                   RawClient::request("GET", "/healthz"));
  EXPECT_EQ(client->read().status, 400u);
}

TEST_F(ProtocolTest, ParameterThatHasOneValueIsRefusedWhenRepeated) {
  EXPECT_EQ(get("/v1/events?limit=1&limit=2").code(), "http.parameter");
  EXPECT_EQ(get("/v1/events?type=a.b&type=c.d&tag=a:1&tag=b:1").status, 200u);
}

TEST_F(ProtocolTest, UnknownPathIs404AndWrongMethodIs405WithAllow) {
  const Answer missing = get("/v2/events");
  EXPECT_EQ(missing.status, 404u);
  EXPECT_EQ(missing.code(), "http.not_found");
  auto client = connect();
  client->send(RawClient::request("DELETE", "/v1/events"));
  const Answer wrong = client->read();
  EXPECT_EQ(wrong.status, 405u);
  EXPECT_EQ(wrong.code(), "http.method_not_allowed");
  EXPECT_EQ(wrong.header("Allow"), "POST, GET, HEAD");
  EXPECT_EQ(get("/v1/events/query").header("Allow"), "POST");
}

TEST_F(ProtocolTest, BrokenTargetsAre400) {
  for (std::string_view target :
       {"/v1/events?type=%zz", "/v1/tables/%FF", "/v1/events?type=%C3%28", "v1/events", "/a b"}) {
    EXPECT_EQ(raw(RawClient::request("GET", target)).status, 400u) << target;
  }
}

TEST_F(ProtocolTest, AbsoluteTargetIsTheSameAsItsPathAndQuery) {
  EXPECT_EQ(raw("GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200u);
  EXPECT_EQ(
      raw("GET http://localhost/v1/events?limit=x HTTP/1.1\r\nHost: localhost\r\n\r\n").status,
      400u);
  EXPECT_EQ(raw("GET http:///nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 404u);
}

TEST_F(ProtocolTest, GarbageIs400AndTheConnectionEnds) {
  for (std::string_view bytes :
       {"\x16\x03\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\nNo colon\r\n\r\n"}) {
    auto client = connect();
    client->send(bytes);
    const Answer answer = client->read();
    EXPECT_EQ(answer.status, 400u) << bytes;
    EXPECT_EQ(answer.code(), "http.malformed");
    EXPECT_TRUE(client->closed());
  }
}

TEST_F(ProtocolTest, AmbiguousBodyLengthIsRefused) {
  EXPECT_EQ(raw("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .status,
            400u);
  EXPECT_EQ(raw("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                "Content-Length: 5\r\n\r\nabcde")
                .status,
            400u);
  EXPECT_EQ(
      raw("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n").status,
      400u);
}

TEST_F(ProtocolTest, CompressedBodyIs415) {
  EXPECT_EQ(post("/v1/events", "xx", {{"Content-Encoding", "gzip"}}).status, 415u);
}

TEST_F(ProtocolTest, ForeignHostIs421AndConfiguredHostIsServed) {
  EXPECT_EQ(get("/healthz", {{"Host", "evil.example"}}).status, 421u);
  EXPECT_EQ(get("/healthz", {{"Host", "evil.example"}}).code(), "http.host_refused");
  for (const char* host : {"localhost:1", "127.0.0.1", "[::1]:8080", "LOCALHOST"}) {
    EXPECT_EQ(get("/healthz", {{"Host", host}}).status, 200u) << host;
  }
  start({}, {"ops.example"});
  EXPECT_EQ(get("/healthz", {{"Host", "ops.example:443"}}).status, 200u);
}

TEST_F(ProtocolTest, MissingOrDoubleHostIs400) {
  EXPECT_EQ(raw("GET /healthz HTTP/1.1\r\n\r\n").status, 400u);
  EXPECT_EQ(raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: a\r\n\r\n").status, 400u);
}

TEST_F(ProtocolTest, RequestsOfForeignPagesAreRefused) {
  EXPECT_EQ(post("/v1/events", R"({"events":[{"type":"misc.note"}]})",
                 {{"Origin", "https://evil.example"}})
                .status,
            403u);
  EXPECT_EQ(post("/v1/events", R"({"events":[{"type":"misc.note"}]})", {{"Origin", "null"}}).status,
            403u);
  EXPECT_EQ(post("/v1/events", R"({"events":[{"type":"misc.note"}]})",
                 {{"Origin", "http://localhost:8080"}})
                .status,
            201u);
}

TEST_F(ProtocolTest, HeadersBeyondTheLimitAre431) {
  const Answer answer = get("/healthz", {{"X-Long", std::string(20'000, 'x')}});
  EXPECT_EQ(answer.status, 431u);
  EXPECT_EQ(answer.code(), "http.headers_too_large");
}

TEST_F(ProtocolTest, EndlessHeadersAreCutOff) {
  auto client = connect();
  ASSERT_TRUE(client->try_send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n"));
  const std::string line = "X-More: " + std::string(4'000, 'x') + "\r\n";
  for (int i = 0; i < 25'000 && client->try_send(line); ++i) {
  }
  EXPECT_LT(head(), 1'000u);  // still alive
  EXPECT_EQ(get("/healthz").status, 200u);
}

TEST_F(ProtocolTest, TargetBeyondTheLimitIs414) {
  EXPECT_EQ(get("/v1/events?type=" + std::string(9'000, 'x')).status, 414u);
}

TEST_F(ProtocolTest, BodyBeyondTheLimitIs413BeforeItIsSent) {
  auto client = connect();
  client->send(
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 5000000000\r\n\r\n");
  const Answer answer = client->read();
  EXPECT_EQ(answer.status, 413u);
  EXPECT_EQ(answer.code(), "http.too_large");
  EXPECT_TRUE(client->closed());
}

TEST_F(ProtocolTest, ChunkedBodyBeyondTheLimitIs413) {
  HttpLimits limits;
  limits.body_bytes_max = 100'000;
  start(limits);
  auto client = connect();
  client->send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100 && client->try_send("1000\r\n" + std::string(4'096, 'x') + "\r\n"); ++i) {
  }
  EXPECT_EQ(client->read().status, 413u);
}

TEST_F(ProtocolTest, BodiesTogetherBeyondTheBudgetAre503) {
  HttpLimits limits;
  limits.body_bytes_total_max = 1'000'000;
  start(limits);
  const std::string head_of_large =
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 700000\r\n\r\n";
  auto first = connect(), second = connect();
  first->send(head_of_large);
  std::this_thread::sleep_for(milliseconds(50));
  second->send(head_of_large);
  const Answer refused = second->read();
  EXPECT_EQ(refused.status, 503u);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  first->send(std::string(700'000, ' '));
  EXPECT_EQ(first->read().status, 400u);  // blanks are no JSON, but were read
  auto third = connect();
  third->send(head_of_large + std::string(700'000, ' '));
  EXPECT_EQ(third->read().status, 400u) << "the budget was given back";
}

TEST_F(ProtocolTest, SlowHeadersAre408) {
  HttpLimits limits;
  limits.header_timeout = milliseconds(150);
  start(limits);
  auto client = connect();
  client->send("GET /healthz HT");
  const Answer answer = client->read();
  EXPECT_EQ(answer.status, 408u);
  EXPECT_EQ(answer.code(), "http.timeout");
  EXPECT_TRUE(client->closed());
}

TEST_F(ProtocolTest, DribbledHeadersDoNotExtendTheirTime) {
  HttpLimits limits;
  limits.header_timeout = milliseconds(300);
  start(limits);
  auto client = connect();
  client->send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
  const auto begin = std::chrono::steady_clock::now();
  while (client->socket().available() == 0 &&
         std::chrono::steady_clock::now() - begin < std::chrono::seconds(5)) {
    client->try_send("X: y\r\n");
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(1'500));
  EXPECT_EQ(client->read().status, 408u);
}

TEST_F(ProtocolTest, SlowBodyIs408) {
  HttpLimits limits;
  limits.body_timeout = milliseconds(150);
  start(limits);
  auto client = connect();
  client->send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(client->read().status, 408u);
}

TEST_F(ProtocolTest, IdleConnectionIsClosedSilently) {
  HttpLimits limits;
  limits.idle_timeout = milliseconds(150);
  start(limits);
  auto fresh = connect();
  EXPECT_FALSE(fresh->try_read());
  auto used = connect();
  EXPECT_EQ(used->get("/healthz").status, 200u);
  EXPECT_FALSE(used->try_read());
}

TEST_F(ProtocolTest, ConnectionsBeyondTheLimitAre503AndPlacesComeBack) {
  HttpLimits limits;
  limits.connections_max = 3;
  start(limits);
  std::vector<std::unique_ptr<RawClient>> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(connect());
    ASSERT_EQ(open.back()->get("/healthz").status, 200u);
  }
  auto beyond = connect();
  const auto answer = beyond->try_read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503u);
  EXPECT_FALSE(answer->header("Retry-After").empty());
  open.clear();
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(get("/healthz").status, 200u);
}

TEST_F(ProtocolTest, FullWorkerQueueIs503) {
  HttpLimits limits;
  limits.queued_requests_max = 0;
  start(limits);
  const Answer answer = get("/v1/events");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.code(), "http.overloaded");
  EXPECT_EQ(get("/healthz").status, 200u) << "needs no worker";
}

TEST_F(ProtocolTest, StopFinishesTheRunningRequestAndClosesIdleConnections) {
  ledger->hold_durability(true);
  auto idle = connect(), busy = connect();
  ASSERT_EQ(idle->get("/healthz").status, 200u);
  busy->send(RawClient::request("POST", "/v1/events", {{"Content-Type", "application/json"}},
                                R"({"events":[{"type":"misc.note"}]})"));
  std::this_thread::sleep_for(milliseconds(100));
  const std::uint16_t port = server->port();
  std::thread stopping([&] { server->stop(); });
  EXPECT_TRUE(idle->closed());
  ledger->hold_durability(false);
  const Answer answer = busy->read();
  EXPECT_EQ(answer.status, 201u);
  EXPECT_EQ(answer.header("Connection"), "close");
  stopping.join();
  EXPECT_THROW(RawClient client(port), boost::system::system_error);
}

TEST_F(ProtocolTest, StopWithAStalledReaderIsBounded) {
  HttpLimits limits;
  limits.stop_timeout = milliseconds(200);
  start(limits);
  for (int i = 0; i < 10; ++i) append_notes(2'000, "n:1", std::string(300, 'x'));
  auto client = connect();
  client->send(RawClient::request("GET", "/v1/events", {{"Accept", "application/x-ndjson"}}));
  std::this_thread::sleep_for(milliseconds(100));
  const auto begin = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(ProtocolTest, PortInUseIsAClearError) {
  Services services{*ledger,     *ledger,   *registry, *schemas,
                    *raw_append, *renderer, *commands, *projections};
  HttpServer::Options options;
  options.port = server->port();
  HttpServer second(services, options);
  const Status status = second.start();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().reason, "http.listen");
  options.address = "not-an-address";
  EXPECT_EQ(HttpServer(services, options).start().error().reason, "http.address");
}

}  // namespace
}  // namespace opsledger::testing
