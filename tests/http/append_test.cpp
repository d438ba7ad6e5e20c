#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

constexpr std::string_view kNote =
    R"({"events":[{"type":"misc.note","tags":["n:1"],"data":{"text":"x"}}]})";

constexpr std::string_view kOnlyNote = R"({"events":[{"type":"misc.note","tags":["n:1"]}],)"
                                       R"("condition":{"query":{"items":[{"tags":["n:1"]}]}}})";

class AppendTest : public HttpTest {
 protected:
  /// Two appends of which one is allowed, the second while the first is accepted and not durable.
  void send_two(RawClient& first, RawClient& second) {
    const Headers json{{"Content-Type", "application/json"}};
    first.send(RawClient::request("POST", "/v1/events", json, kOnlyNote));
    while (ledger->accepted().position == ledger->durable().position) std::this_thread::yield();
    second.send(RawClient::request("POST", "/v1/events", json, kOnlyNote));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::uint64_t events_of(std::string_view type) {
    const auto answer = get("/v1/events?type=" + std::string(type));
    return answer.json().as_array().size();
  }
};

TEST_F(AppendTest, AcceptedEventsAnswer201WithTheirPositions) {
  const auto before = head();
  const Answer answer = post("/v1/events", kNote);
  EXPECT_EQ(answer.status, 201u) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.json().at("first").to_number<std::uint64_t>(), before + 1);
  EXPECT_EQ(answer.json().at("last").to_number<std::uint64_t>(), before + 1);
}

TEST_F(AppendTest, FailedConditionIs409AndStoresNothing) {
  const auto body = [&](std::uint64_t after) {
    return R"({"events":[{"type":"misc.note","tags":["n:1"]}],"condition":{"query":{"items":)"
           R"([{"types":["misc.note"],"tags":["n:1"]}]},"after":)" +
           std::to_string(after) + "}}";
  };
  EXPECT_EQ(post("/v1/events", body(0)).status, 201u);
  const Answer refused = post("/v1/events", body(0));
  EXPECT_EQ(refused.status, 409u);
  EXPECT_EQ(refused.code(), "append.conflict");
  EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(events_of("misc.note"), 1u);
  EXPECT_EQ(post("/v1/events", body(head())).status, 201u);
}

TEST_F(AppendTest, ConflictIsToldOnlyWhenItsCauseIsDurable) {
  ledger->hold_durability(true);
  const auto first = connect(), second = connect();
  send_two(*first, *second);
  EXPECT_EQ(second->socket().available(), 0u);
  ledger->hold_durability(false);
  EXPECT_EQ(second->read().code(), "append.conflict");
  EXPECT_EQ(first->read().status, 201u);
}

TEST_F(AppendTest, ConflictWhoseCauseIsLostIs503) {
  ledger->hold_durability(true);
  ledger->fail_next_sync();
  const auto first = connect(), second = connect();
  send_two(*first, *second);
  ledger->hold_durability(false);
  EXPECT_EQ(second->read().status, 503u);
  EXPECT_GE(first->read().status, 500u);
}

TEST_F(AppendTest, LargeBodyIsReadOnAWorkerWithTheSameOutcome) {
  HttpLimits limits;
  limits.inline_body_bytes_max = 0;
  start(limits);
  append_notes(10);
  const std::string body = R"({"events":[{"type":"misc.note"}],"condition":{"query":)"
                           R"({"items":[{"tags":["n:1"]}]},"after":1}})";
  EXPECT_EQ(post("/v1/events", body).code(), "append.conflict");
}

TEST_F(AppendTest, ConditionWithoutItemsIsRefused) {
  const Answer answer =
      post("/v1/events", R"({"events":[{"type":"misc.note"}],"condition":{"query":{"items":[]}}})");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.code(), "condition.empty");
}

TEST_F(AppendTest, DataThatDoesNotFitTheOwnersSchemaIs422WithPointers) {
  const Answer answer =
      post("/v1/events",
           R"({"events":[{"type":"wallet.deposited","data":{"id":"a","amount":"much"}}]})");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.code(), "schema.invalid");
  const auto problem = answer.json();
  EXPECT_EQ(problem.at("errors").at(0).at("pointer").as_string(), "/events/0/data/amount");
  EXPECT_EQ(problem.at("status").to_number<int>(), 422);
}

TEST_F(AppendTest, KernelOwnedTypesAreRefused) {
  const Answer answer = post("/v1/events", R"({"events":[{"type":"schema.registered"}]})");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.code(), "event.kernel_owned");
}

TEST_F(AppendTest, MalformedJsonNamesTheByte) {
  const Answer answer = post("/v1/events", R"({"events":[{"type":}]})");
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(answer.code(), "json.malformed");
  EXPECT_NE(answer.body.find("at byte 19"), std::string::npos) << answer.body;
}

TEST_F(AppendTest, CutOffEmptyAndTrailingJsonAreMalformed) {
  for (std::string_view body : {R"({"events":[)", "", R"({} x)"}) {
    EXPECT_EQ(post("/v1/events", body).code(), "json.malformed") << body;
  }
}

TEST_F(AppendTest, JsonThatReadersUnderstandDifferentlyIsRefused) {
  for (std::string_view data : {R"({"a":1,"a":2})", "1e400", "[-1e999]"}) {
    const std::string body =
        R"({"events":[{"type":"misc.note","data":)" + std::string(data) + "}]}";
    const Answer answer = post("/v1/events", body);
    EXPECT_EQ(answer.status, 400u) << body;
    EXPECT_EQ(answer.code(), "json.malformed") << body;
  }
  EXPECT_EQ(post("/v1/events", R"({"events":[{"type":"misc.note","type":"misc.other"}]})").status,
            400u);
}

TEST_F(AppendTest, NumbersReadBackAsTheNearestDouble) {
  const std::string text = "[0.30000000000000004,2.2250738585072014e-308,9007199254740993.5]";
  const Answer answer =
      post("/v1/events", R"({"events":[{"type":"misc.note","data":)" + text + "}]}");
  ASSERT_EQ(answer.status, 201u) << answer.body;
  const auto position = std::to_string(answer.json().at("first").to_number<std::uint64_t>());
  const std::string event = get("/v1/events/" + position).body;
  EXPECT_NE(event.find(R"("data":[0.30000000000000004,2.2250738585072014e-308,9007199254740994)"),
            std::string::npos)
      << event;
}

TEST_F(AppendTest, JsonNestedDeeperThanTheLimitIs400) {
  const auto nested = [](int depth) {
    return R"({"events":[{"type":"misc.note","data":)" + std::string(depth, '[') +
           std::string(depth, ']') + "}]}";
  };
  EXPECT_EQ(post("/v1/events", nested(28)).status, 201u);
  EXPECT_EQ(post("/v1/events", nested(40)).code(), "json.malformed");
  EXPECT_EQ(post("/v1/events", nested(100'000)).code(), "json.malformed");
}

TEST_F(AppendTest, InvalidUtf8Is400) {
  const std::string body = "{\"events\":[{\"type\":\"misc.note\",\"data\":\"\xC3\x28\"}]}";
  const Answer answer = post("/v1/events", body);
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(answer.code(), "json.malformed");
}

TEST_F(AppendTest, BodyOfTheWrongShapeIs422) {
  EXPECT_EQ(post("/v1/events", "[]").status, 422u);
  EXPECT_EQ(post("/v1/events", "{}").status, 422u);
  EXPECT_EQ(
      post("/v1/events", "{}", {{"Content-Type", "application/cloudevents-batch+json"}}).status,
      422u);
}

TEST_F(AppendTest, OtherMediaTypesAre415) {
  for (std::string_view type : {"text/plain", "application/xml", ""}) {
    const Answer answer = post("/v1/events", kNote, {{"Content-Type", std::string(type)}});
    EXPECT_EQ(answer.status, 415u) << type;
    EXPECT_EQ(answer.code(), "http.media_type");
  }
  EXPECT_EQ(post("/v1/events", kNote, {{"Content-Type", "Application/JSON; charset=utf-8"}}).status,
            201u);
}

TEST_F(AppendTest, RetryWithTheSameKeyReturnsTheFirstOutcomeThoughTheConditionNowFails) {
  const std::string body = R"({"events":[{"type":"misc.note","tags":["n:7"]}],"condition":)"
                           R"({"query":{"items":[{"tags":["n:7"]}]}}})";
  const Answer first = post("/v1/events", body, {{"Idempotency-Key", "\"k-1\""}});
  EXPECT_EQ(first.status, 201u) << first.body;
  const Answer again = post("/v1/events", body, {{"Idempotency-Key", "k-1"}});
  EXPECT_EQ(again.status, 201u) << again.body;
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(first.header("Idempotent-Replayed"), "");
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  const Answer other = post("/v1/events", kNote, {{"Idempotency-Key", "k-1"}});
  EXPECT_EQ(other.status, 422u);
  EXPECT_EQ(other.code(), "idempotency.mismatch");
}

TEST_F(AppendTest, BrokenContextHeadersAre400) {
  EXPECT_EQ(post("/v1/events", kNote, {{"Idempotency-Key", ""}}).status, 400u);
  EXPECT_EQ(post("/v1/events", kNote, {{"Idempotency-Key", std::string(201, 'k')}}).status, 400u);
  EXPECT_EQ(post("/v1/events", kNote, {{"X-Department", "%E4%B"}}).status, 400u);
  EXPECT_EQ(post("/v1/events", kNote, {{"X-Reason", "%FF"}}).status, 400u);
}

TEST_F(AppendTest, DepartmentAndTraceparentOfTheRequestAreRecorded) {
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  post("/v1/events", kNote, {{"X-Department", "%E5%AE%A2%E6%9C%8D"}, {"traceparent", trace}});
  const auto event = ledger->get({head()});
  EXPECT_EQ(event.value()->department, "客服");
  EXPECT_EQ(event.value()->metadata("traceparent"), trace);
  post("/v1/events", kNote, {{"traceparent", "00-zz"}});
  EXPECT_FALSE(ledger->get({head()}).value()->metadata("traceparent"));
}

TEST_F(AppendTest, LargeBodyIsParsedOnAWorker) {
  std::string body = R"({"events":[)";
  for (int i = 0; i < 2'000; ++i) {
    if (i > 0) body += ',';
    body += R"({"type":"misc.note","tags":["n:1"],"data":{"text":"abcdefghijklmnopqrstuvwxyz"}})";
  }
  body += "]}";
  const Answer answer = post("/v1/events", body);
  EXPECT_EQ(answer.status, 201u) << answer.body;
  EXPECT_EQ(answer.json().at("last").to_number<std::uint64_t>() -
                answer.json().at("first").to_number<std::uint64_t>(),
            1'999u);
}

TEST_F(AppendTest, AnswerWaitsUntilTheEventIsDurable) {
  ledger->hold_durability(true);
  auto client = connect();
  client->send(
      RawClient::request("POST", "/v1/events", {{"Content-Type", "application/json"}}, kNote));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(client->socket().available(), 0u);
  ledger->hold_durability(false);
  EXPECT_EQ(client->read().status, 201u);
}

TEST_F(AppendTest, FailedSyncIsNeverAnswered201) {
  ledger->fail_next_sync();
  EXPECT_EQ(post("/v1/events", kNote).status, 500u);
  const Answer later = post("/v1/events", kNote);
  EXPECT_EQ(later.status, 503u);
  EXPECT_FALSE(later.header("Retry-After").empty());
}

// CloudEvents

TEST_F(AppendTest, StructuredCloudEventIsAppendedAndReadBack) {
  const Answer answer =
      post("/v1/events",
           R"({"specversion":"1.0","id":"e-1","source":"/shop","type":"misc.note",)"
           R"("time":"2026-11-11T20:04:00+08:00","tags":"n:1,m:2","data":{"text":"中"}})",
           {{"Content-Type", "application/cloudevents+json; charset=utf-8"}});
  ASSERT_EQ(answer.status, 201u) << answer.body;
  const Answer event = get("/v1/events/" + std::to_string(head()));
  EXPECT_EQ(event.header("Content-Type"), "application/cloudevents+json");
  EXPECT_EQ(event.json().at("id").as_string(), "e-1");
  EXPECT_EQ(event.json().at("specversion").as_string(), "1.0");
  EXPECT_EQ(event.json().at("time").as_string(), "2026-11-11T12:04:00Z");
  EXPECT_EQ(event.json().at("tags").as_string(), "m:2,n:1");
  EXPECT_EQ(event.json().at("data").at("text").as_string(), "中");
  EXPECT_EQ(event.json().at("position").as_string(), std::to_string(head()));
}

TEST_F(AppendTest, SameSourceAndIdTwiceIsStoredOnce) {
  const std::string_view event =
      R"({"specversion":"1.0","id":"e-1","source":"/shop","type":"misc.note"})";
  const Headers headers{{"Content-Type", "application/cloudevents+json"}};
  const Answer first = post("/v1/events", event, headers);
  EXPECT_EQ(post("/v1/events", event, headers).body, first.body);
  EXPECT_EQ(events_of("misc.note"), 1u);
}

TEST_F(AppendTest, BatchOfCloudEventsIsAllOrNothing) {
  const Headers headers{{"Content-Type", "application/cloudevents-batch+json"}};
  const Answer good = post("/v1/events",
                           R"([{"specversion":"1.0","id":"1","source":"/s","type":"misc.note"},)"
                           R"({"specversion":"1.0","id":"2","source":"/s","type":"misc.note"}])",
                           headers);
  EXPECT_EQ(good.status, 201u) << good.body;
  const Answer bad = post("/v1/events",
                          R"([{"specversion":"1.0","id":"3","source":"/s","type":"misc.note"},)"
                          R"({"specversion":"1.0","id":"4","source":"/s"}])",
                          headers);
  EXPECT_EQ(bad.status, 422u);
  EXPECT_EQ(events_of("misc.note"), 2u);
}

TEST_F(AppendTest, BinaryModeCloudEventTakesAttributesFromHeaders) {
  const Answer answer = post("/v1/events", R"({"text":"x"})",
                             {{"ce-specversion", "1.0"},
                              {"ce-id", "b-1"},
                              {"ce-source", "/shop"},
                              {"ce-type", "misc.note"},
                              {"ce-tags", "city:%E6%B7%B1%E5%9C%B3"}});
  ASSERT_EQ(answer.status, 201u) << answer.body;
  const auto event = get("/v1/events/" + std::to_string(head())).json();
  EXPECT_EQ(event.at("id").as_string(), "b-1");
  EXPECT_EQ(event.at("tags").as_string(), "city:深圳");
  EXPECT_EQ(event.at("data").at("text").as_string(), "x");
}

TEST_F(AppendTest, BinaryModeCloudEventWithBytesKeepsThemAsBase64) {
  const Answer answer = post("/v1/events", std::string_view("\x00\xFF\x01", 3),
                             {{"Content-Type", "application/octet-stream"},
                              {"ce-specversion", "1.0"},
                              {"ce-id", "b-2"},
                              {"ce-source", "/shop"},
                              {"ce-type", "misc.note"}});
  ASSERT_EQ(answer.status, 201u) << answer.body;
  EXPECT_NE(get("/v1/events/" + std::to_string(head())).body.find("AP8B"), std::string::npos);
}

}  // namespace
}  // namespace opsledger::testing
