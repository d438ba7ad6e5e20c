// CloudEvents 1.0 JSON in: attributes checked, nothing lost, nothing forged.
#include "tests/events/events_fixture.hpp"

namespace opsledger {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using CloudEventIn = testing::EventsTest;

TEST_F(CloudEventIn, TakesOneStructuredEvent) {
  const auto proposal =
      cloud(R"({"specversion":"1.0","id":"A-1","source":"/shop","type":"com.example.sold",)"
            R"("time":"2018-04-05T17:31:00.123456789Z","datacontenttype":"application/json",)"
            R"("subject":"123","tags":"sku:1,order:7","department":"north","correlationid":"c",)"
            R"("comexampleflag":true,"comexamplecount":5,"nothing":null,"data":{"n":1}})");
  ASSERT_TRUE(proposal.ok()) << proposal.error().message;
  const NewEvent& event = proposal->events[0];
  EXPECT_EQ(event.type, "com.example.sold");
  EXPECT_EQ(event.time->us % 1'000'000, 123'456);
  EXPECT_THAT(event.tags, ElementsAre("sku:1", "order:7"));
  EXPECT_EQ(event.department, "north");
  EXPECT_EQ(event.correlation, "c");
  EXPECT_EQ(event.data, R"({"n":1})");
  EXPECT_THAT(event.metadata,
              UnorderedElementsAre(std::pair("id", "A-1"), std::pair("originsource", "/shop"),
                                   std::pair("subject", "123"), std::pair("comexampleflag", "true"),
                                   std::pair("comexamplecount", "5")));
}

TEST_F(CloudEventIn, EncodesOwnedEventsAndSaysWhereTheyDoNotFit) {
  const auto good = cloud(R"({"specversion":"1.0","id":"1","source":"s","type":"incident.raised",)"
                          R"("data":{"id":"I","severity":1}})");
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_EQ(good->events[0].schema, raised_->id());
  const auto batch = cloud(
      R"([{"specversion":"1.0","id":"1","source":"s","type":"a.b"},)"
      R"({"specversion":"1.0","id":"2","source":"s","type":"incident.raised","data":{"id":7}}])");
  EXPECT_THAT(fields(batch), ElementsAre("/1/data/id: expected string, got number 7",
                                         "/1/data/severity: required field is missing"));
}

TEST_F(CloudEventIn, NamesEveryWrongAttribute) {
  EXPECT_THAT(
      fields(
          cloud(R"({"specversion":"0.3","source":"","type":1,"time":"x","tags":"bad","Upper":"x",)"
                R"("list":[],"real":1.5,"large":2147483648,"department":true})")),
      ElementsAre("/specversion: expected 1.0, got 0.3; send CloudEvents 1.0",
                  "/id: required attribute is missing", "/source: expected a text, not empty",
                  "/type: expected a text, not empty", "/time: expected RFC 3339 time",
                  StartsWith("/tags: expected key:value"), "/department: expected a string",
                  StartsWith("/Upper: attribute names are lower-case"),
                  StartsWith("/list: expected a text, true, false"),
                  StartsWith("/real: expected a text, true, false"),
                  StartsWith("/large: expected a text, true, false")));
  EXPECT_EQ(cloud("[]").error().code, Code::kInvalid);
  EXPECT_EQ(cloud("7").error().code, Code::kInvalid);
  EXPECT_THAT(fields(cloud("[7]")), ElementsAre("/0: expected an object"));
}

TEST_F(CloudEventIn, KeepsWhatTheLedgerSaysItselfAsOrigin) {
  const auto proposal =
      cloud(R"({"specversion":"1.0","id":"1","source":"/opsledger/x","type":"a.b","position":"7",)"
            R"("actor":"boss","recordedat":"2026-01-01T00:00:00Z","role":"director","key":"k",)"
            R"("originsource":"/first"})");
  ASSERT_TRUE(proposal.ok()) << proposal.error().message;
  EXPECT_EQ(proposal->events[0].actor, "wang");
  EXPECT_THAT(
      proposal->events[0].metadata,
      UnorderedElementsAre(std::pair("id", "1"), std::pair("originsource", "/first"),
                           std::pair("originposition", "7"), std::pair("originactor", "boss"),
                           std::pair("originrecordedat", "2026-01-01T00:00:00Z"),
                           std::pair("originrole", "director"), std::pair("originkey", "k")));
}

TEST_F(CloudEventIn, KeepsBinaryDataOfUnownedTypesAlone) {
  const std::string head = R"({"specversion":"1.0","id":"1","source":"s","type":)";
  const auto kept = cloud(head + R"("a.b","datacontenttype":"image/png","data_base64":"AAEC"})");
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(kept->events[0].data, "\"AAEC\"");
  EXPECT_THAT(kept->events[0].metadata,
              ::testing::IsSupersetOf(std::vector<std::pair<std::string, std::string>>{
                  {"dataencoding", "base64"}, {"datacontenttype", "image/png"}}));
  EXPECT_THAT(fields(cloud(head + R"("incident.raised","data_base64":"AAEC"})")),
              ElementsAre(StartsWith("/data_base64: events of incident.raised have a schema")));
  EXPECT_THAT(fields(cloud(head + R"("incident.raised","datacontenttype":"text/xml","data":""})")),
              ElementsAre(StartsWith("/datacontenttype: events of incident.raised")));
  EXPECT_THAT(fields(cloud(head + R"("a.b","data":1,"data_base64":"AAEC"})")),
              ElementsAre(StartsWith("/data_base64: data and data_base64 exclude")));
  EXPECT_THAT(fields(cloud(head + R"("a.b","data_base64":"A"})")),
              ElementsAre("/data_base64: expected base64 string"));
}

TEST_F(CloudEventIn, MakesAKeyOfSourceAndId) {
  const auto event = [&](const char* source, const char* id) {
    return cloud(R"({"specversion":"1.0","type":"a.b","source":")" + std::string(source) +
                 R"(","id":")" + id + "\"}")
        ->key->key;
  };
  EXPECT_EQ(event("s", "1"), event("s", "1"));
  EXPECT_NE(event("s", "1"), event("t", "1"));
  EXPECT_NE(event("s1", "1"), event("s", "11"));
  context_.idempotency_key = "mine";
  EXPECT_EQ(event("s", "1"), "mine");
}

TEST_F(CloudEventIn, RefusesMoreAttributesThanMetadataHolds) {
  boost::json::object event{{"specversion", "1.0"}, {"id", "1"}, {"source", "s"}, {"type", "a.b"}};
  for (int i = 0; i < 40; ++i) event["x" + std::to_string(i)] = "v";
  const auto proposal = RawAppend(registry_).parse_cloud_events(event, context_);
  EXPECT_THAT(fields(proposal), ElementsAre(": more than 32 attributes to keep"));
}

}  // namespace
}  // namespace opsledger
