// `{"events":[…],"condition"?}` -> proposal, or every error with its pointer.
#include "tests/events/events_fixture.hpp"

namespace opsledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using RawAppendTest = testing::EventsTest;

TEST_F(RawAppendTest, KeepsUnownedEventsAsJsonVerbatim) {
  context_.department = "north";
  context_.correlation = "case-1";
  context_.reason = "because";
  context_.traceparent = "00-a-b-01";
  const auto proposal = append(
      R"({"events":[{"type":"shop.sold","tags":["sku:1","order:7"],"data":{"z":1,"a":[0.10,null]},)"
      R"("time":"2026-11-11T20:04:00+08:00"},{"type":"shop.sold","department":"south"}]})");
  ASSERT_TRUE(proposal.ok()) << proposal.error().message;
  const NewEvent& event = proposal->events[0];
  EXPECT_EQ(event.type, "shop.sold");
  EXPECT_THAT(event.tags, ElementsAre("sku:1", "order:7"));
  EXPECT_TRUE(event.schema.is_json());
  EXPECT_EQ(event.data, R"({"z":1,"a":[0.1,null]})");
  EXPECT_EQ(event.time, (Time{1'794'398'640'000'000}));
  EXPECT_EQ(event.department, "north");
  EXPECT_EQ(event.actor, "wang");
  EXPECT_EQ(event.correlation, "case-1");
  EXPECT_EQ(event.metadata, (Metadata{{"reason", "because"}, {"traceparent", "00-a-b-01"}}));
  EXPECT_EQ(proposal->events[1].department, "south");
  EXPECT_EQ(proposal->events[1].data, "null");
  EXPECT_EQ(proposal->events[1].time, std::nullopt);
  EXPECT_FALSE(proposal->condition);
  EXPECT_FALSE(proposal->key);
}

TEST_F(RawAppendTest, EncodesOwnedEventsByTheirSchema) {
  const auto proposal =
      append(R"({"events":[{"type":"incident.raised","data":{"id":"I","severity":3}}]})");
  ASSERT_TRUE(proposal.ok()) << proposal.error().message;
  EXPECT_EQ(proposal->events[0].schema, raised_->id());
  EXPECT_EQ(proposal->events[0].data, std::string("\1I\3\0", 4));
}

TEST_F(RawAppendTest, ReadsTheCondition) {
  const auto proposal =
      append(R"({"events":[{"type":"a.b"}],"condition":{"query":{"items":[{"types":["a.b"],)"
             R"("tags":["k:v"]}]},"after":7}})");
  ASSERT_TRUE(proposal.ok()) << proposal.error().message;
  EXPECT_EQ(proposal->condition->after, Position{7});
  EXPECT_THAT(proposal->condition->query.items[0].types, ElementsAre("a.b"));
  EXPECT_THAT(proposal->condition->query.items[0].tags, ElementsAre("k:v"));
}

TEST_F(RawAppendTest, CollectsEveryErrorOfEveryEvent) {
  const auto proposal = append(
      R"({"events":[{"type":"incident.raised","data":{"id":1,"severity":300,"due_at":"soon"}},)"
      R"({"type":"incident.lost","data":{}},{"type":"schema.registered"},)"
      R"({"type":" Bad","tags":["nocolon","k:v","a:b,c"],"time":"now","id":"","colour":"red"},7,)"
      R"({"type":"a.b","tags":"k:v","department":3}],"more":1})");
  ASSERT_FALSE(proposal.ok());
  EXPECT_EQ(proposal.error().code, Code::kInvalid);
  EXPECT_EQ(proposal.error().reason, "schema.invalid");
  EXPECT_THAT(
      fields(proposal),
      ElementsAre("/events/0/data/id: expected string, got number 1",
                  "/events/0/data/severity: expected integer from 0 to 255, got number 300",
                  "/events/0/data/due_at: expected RFC 3339 time, got string \"soon\"",
                  "/events/1/type: module incident owns the prefix incident and has no event type "
                  "incident.lost; it has incident.raised, incident.closed",
                  StartsWith("/events/2/type: prefix schema belongs to the kernel"),
                  StartsWith("/events/3/type: expected 1 to 128 bytes"),
                  StartsWith("/events/3/tags/0: expected key:value"),
                  StartsWith("/events/3/tags/2: expected key:value"),
                  "/events/3/time: expected RFC 3339 time, microseconds at the finest",
                  "/events/3/id: expected a text of 1 to 200 bytes",
                  "/events/3/colour: unknown field", "/events/4: expected an object",
                  StartsWith("/events/4/type: expected 1 to 128 bytes"),
                  "/events/5/tags: expected an array of at most 64 texts",
                  "/events/5/department: expected a string", "/more: unknown field"));
}

TEST_F(RawAppendTest, ReportsTheReasonOfTheFirstError) {
  EXPECT_EQ(append(R"({"events":[{"type":"incident.lost"}]})").error().reason,
            "event.type_unknown");
  EXPECT_EQ(append(R"({"events":[{"type":"ledger.created"}]})").error().reason,
            "event.kernel_owned");
  EXPECT_EQ(append(R"({"events":[{"type":""}]})").error().reason, "event.invalid");
}

TEST_F(RawAppendTest, RefusesBodiesOfAnotherShape) {
  for (const char* body : {"[]", "null", "{}", R"({"events":{}})", R"({"events":[]})"}) {
    const auto proposal = append(body);
    ASSERT_FALSE(proposal.ok()) << body;
    EXPECT_EQ(proposal.error().code, Code::kInvalid);
    EXPECT_FALSE(proposal.error().fields.empty()) << body;
  }
}

TEST_F(RawAppendTest, RefusesMoreEventsThanOneAppendHolds) {
  boost::json::array events(16'385, boost::json::value{{"type", "a.b"}});
  const auto proposal =
      RawAppend(registry_).parse(boost::json::value{{"events", events}}, context_);
  ASSERT_FALSE(proposal.ok());
  EXPECT_EQ(proposal.error().code, Code::kTooLarge);
  EXPECT_THAT(proposal.error().message, HasSubstr("16385 events, at most 16384"));
}

TEST_F(RawAppendTest, BoundsTheErrorsItReports) {
  boost::json::array events(1'000, boost::json::value{{"type", ""}});
  const auto proposal =
      RawAppend(registry_).parse(boost::json::value{{"events", events}}, context_);
  EXPECT_EQ(proposal.error().fields.size(), 64u);
  EXPECT_THAT(proposal.error().message, HasSubstr("(and 999 more)"));
}

TEST_F(RawAppendTest, RefusesConditionsThatSayNothing) {
  const auto empty = append(R"({"events":[{"type":"a.b"}],"condition":{"query":{"items":[]}}})");
  EXPECT_EQ(empty.error().reason, "condition.empty");
  EXPECT_EQ(empty.error().fields[0].pointer, "/condition/query/items");
  EXPECT_THAT(
      fields(append(R"({"events":[{"type":"a.b"}],"condition":{"after":-1,"query":{"items":[{},)"
                    R"({"types":[" x"],"tags":["y"],"and":1}]},"why":0}})")),
      ElementsAre(StartsWith("/condition/query/items/0: names neither"),
                  StartsWith("/condition/query/items/1/types/0: expected"),
                  StartsWith("/condition/query/items/1/tags/0: expected"),
                  "/condition/query/items/1/and: unknown field",
                  "/condition/after: expected a position: an integer from 0",
                  "/condition/why: unknown field"));
  EXPECT_THAT(fields(append(R"({"events":[{"type":"a.b"}],"condition":{"after":1.0}})")),
              ElementsAre("/condition/query: required field is missing",
                          "/condition/after: expected a position: an integer from 0"));
}

TEST_F(RawAppendTest, TakesTheCallersKeyAndDigestsTheRequest) {
  context_.idempotency_key = "k-1";
  const auto one = append(R"({"events":[{"type":"a.b","data":1}]})");
  const auto same = append(R"({ "events" : [ {"type":"a.b", "data":1} ] })");
  const auto other = append(R"({"events":[{"type":"a.b","data":2}]})");
  EXPECT_EQ(one->key->key, "k-1");
  EXPECT_EQ(one->key->scope, "wang");
  EXPECT_EQ(one->key->request, same->key->request);
  EXPECT_NE(one->key->request, other->key->request);
  context_.department = "north";
  EXPECT_NE(append(R"({"events":[{"type":"a.b","data":1}]})")->key->request, one->key->request);
}

TEST_F(RawAppendTest, MakesAKeyOfTheCallersIds) {
  const auto one = append(R"({"events":[{"type":"a.b","id":"1"},{"type":"a.b","id":"2"}]})");
  ASSERT_TRUE(one.ok()) << one.error().message;
  EXPECT_EQ(one->events[1].metadata, (Metadata{{"id", "2"}}));
  ASSERT_TRUE(one->key);
  EXPECT_LE(one->key->key.size(), 200u);
  EXPECT_NE(one->key->key,
            append(R"({"events":[{"type":"a.b","id":"12"},{"type":"a.b","id":""}]})").ok()
                ? ""
                : append(R"({"events":[{"type":"a.b","id":"12"}]})")->key->key);
  context_.idempotency_key = "k-1";
  EXPECT_EQ(append(R"({"events":[{"type":"a.b","id":"1"}]})")->key->key, "k-1");
}

TEST(ParseQuery, ReadsItemsAndEverything) {
  EXPECT_TRUE(parse_query(*parse_json("{}"), "")->everything());
  EXPECT_TRUE(parse_query(*parse_json(R"({"items":[]})"), "")->everything());
  const auto query =
      parse_query(*parse_json(R"({"items":[{"types":["a.b","c.d"]},{"tags":["k:v"]}]})"), "");
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->items.size(), 2u);
}

TEST(ParseQuery, NamesEveryFault) {
  const auto query = parse_query(*parse_json(R"({"items":[1,{"types":{}}],"all":true})"), "/query");
  ASSERT_FALSE(query.ok());
  EXPECT_EQ(query.error().reason, "query.invalid");
  std::vector<std::string> pointers;
  for (const auto& field : query.error().fields) pointers.push_back(field.pointer);
  EXPECT_THAT(pointers, ElementsAre("/query/items/0", "/query/items/1/types", "/query/all"));
  boost::json::array items(65, boost::json::value{{"types", {"a.b"}}});
  EXPECT_FALSE(parse_query(boost::json::value{{"items", items}}, "").ok());
}

}  // namespace
}  // namespace opsledger
