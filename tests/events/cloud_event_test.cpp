// CloudEvents out: golden texts, and what comes in goes out again.
#include "kernel/events/cloud_event.hpp"

#include "storage/memory/memory_ledger.hpp"
#include "tests/events/events_fixture.hpp"

namespace opsledger {
namespace {

class CloudEventOut : public testing::EventsTest {
 protected:
  struct StillClock : Clock {
    Time now() const override { return {1'794'398'640'250'000}; }
  };
  std::string rendered(NewEvent event) {
    Proposal proposal;
    proposal.events = {std::move(event)};
    return rendered(std::move(proposal));
  }
  std::string rendered(Proposal proposal) {
    const auto outcome = append_and_wait(ledger_, std::move(proposal));
    EXPECT_TRUE(outcome.ok()) << outcome.error().message;
    std::string text = "kept";
    EventRenderer(ledger_.id(), catalog_).render(ledger_.get(outcome->last)->view(), &text);
    EXPECT_TRUE(parse_json(text.substr(4)).ok()) << text;
    return text.substr(4);
  }
  StillClock clock_;
  MemoryLedger ledger_{clock_, {.id = {{1, 2, 0xff}}}};
  SchemaCatalog catalog_;
};

constexpr const char* kLedger = "/opsledger/0102ff00000000000000000000000000";

TEST_F(CloudEventOut, ShowsABareEvent) {
  NewEvent event;
  event.type = "a.b";
  event.actor = "wang";
  event.data = R"({"n":1.50})";
  EXPECT_EQ(rendered(event), std::string(R"({"specversion":"1.0","id":"1","source":")") + kLedger +
                                 R"(","type":"a.b","time":"2026-11-11T12:04:00.250Z",)"
                                 R"("datacontenttype":"application/json","position":"1",)"
                                 R"("recordedat":"2026-11-11T12:04:00.250Z","actor":"wang",)"
                                 R"("data":{"n":1.50}})");
}

TEST_F(CloudEventOut, ShowsEverythingAboutATypedEvent) {
  ASSERT_TRUE(catalog_.ensure(ledger_, "incident.raised", 1, raised_).ok());
  NewEvent event;
  event.type = "incident.raised";
  event.tags = {"site:北", "incident:I"};
  event.department = "north";
  event.actor = "wang";
  event.time = Time{1'000'000};
  event.correlation = "case";
  event.causation = Position{1};
  event.module = "incident@1.0.0";
  event.schema = raised_->id();
  event.data = std::string("\1I\3\0", 4);
  event.metadata = {{"id", "A \"1\""}, {"reason", "why"}, {"on_behalf_of", "li"}};
  EXPECT_EQ(rendered(event),
            std::string(R"({"specversion":"1.0","id":"A \"1\"","source":")") + kLedger +
                R"(/incident","type":"incident.raised","time":"1970-01-01T00:00:01Z",)"
                R"("datacontenttype":"application/json","dataschema":"urn:opsledger:schema:)" +
                hex(raised_->id().bytes) +
                R"(","position":"2","recordedat":"2026-11-11T12:04:00.250Z",)"
                R"("tags":"incident:I,site:北","department":"north","actor":"wang",)"
                R"("correlationid":"case","causationposition":"1","module":"incident@1.0.0",)"
                R"("onbehalfof":"li","reason":"why",)"
                R"("data":{"id":"I","severity":3,"due_at":null}})");
}

TEST_F(CloudEventOut, ShowsBytesOfAnUnknownSchemaAsBase64) {
  SchemaCatalog other;
  ASSERT_TRUE(other.ensure(ledger_, "incident.raised", 1, raised_).ok());
  NewEvent event;
  event.type = "a.b";
  event.schema = raised_->id();
  event.data = std::string("\0\1\2", 3);
  EXPECT_THAT(rendered(event), ::testing::EndsWith(R"(,"data_base64":"AAEC"})"));
}

TEST_F(CloudEventOut, ShowsBytesThatDoNotDecodeAsBase64) {
  ASSERT_TRUE(catalog_.ensure(ledger_, "incident.raised", 1, raised_).ok());
  NewEvent event;
  event.type = "incident.raised";
  event.schema = raised_->id();
  event.data = "\x7f";
  EXPECT_THAT(rendered(event), ::testing::EndsWith(R"(,"data_base64":"fw=="})"));
}

TEST_F(CloudEventOut, EscapesTheDepartmentInTheSource) {
  NewEvent event;
  event.type = "a.b";
  event.department = "北 \"x\"/y";
  event.data = "1";
  EXPECT_THAT(rendered(event),
              ::testing::HasSubstr(std::string(kLedger) + "/%E5%8C%97%20%22x%22%2Fy\""));
}

TEST_F(CloudEventOut, ShowsNoNameTwiceWhateverTheMetadata) {
  NewEvent event;
  event.type = "a.b";
  event.data = "1";
  event.metadata = {{"source", "forged"}, {"data", "forged"}, {"a_b", "1"}, {"ab", "2"}};
  const std::string text = rendered(event);  // parses, so no name stands there twice
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("forged")));
  EXPECT_THAT(text, ::testing::HasSubstr(R"("ab":"1")"));
}

TEST_F(CloudEventOut, GivesBackWhatCameIn) {
  const auto in = parse_json(
      R"({"specversion":"1.0","id":"A-1","source":"/shop","type":"com.example.sold",)"
      R"("time":"2018-04-05T17:31:00Z","datacontenttype":"image/png","subject":"s",)"
      R"("dataschema":"urn:x","tags":"order:7,sku:1","comexample":"e","data_base64":"AAEC"})");
  auto proposal = RawAppend(registry_).parse_cloud_events(*in, context_);
  ASSERT_TRUE(proposal.ok()) << proposal.error().message;
  const auto out = parse_json(rendered(std::move(*proposal)));
  for (const auto& member : in->as_object()) {
    const std::string name = member.key() == "source" ? "originsource" : std::string(member.key());
    EXPECT_EQ(out->at(name), member.value()) << name;
  }
}

TEST_F(CloudEventOut, CanBeAppendedAgain) {
  ASSERT_TRUE(catalog_.ensure(ledger_, "incident.raised", 1, raised_).ok());
  NewEvent event;
  event.type = "incident.raised";
  event.tags = {"incident:I"};
  event.schema = raised_->id();
  event.data = std::string("\1I\3\0", 4);
  event.module = "incident@1.0.0";
  const auto copy = RawAppend(registry_).parse_cloud_events(*parse_json(rendered(event)), context_);
  ASSERT_TRUE(copy.ok()) << copy.error().message;
  EXPECT_EQ(copy->events[0].data, event.data);
  EXPECT_EQ(copy->events[0].schema, event.schema);
  EXPECT_EQ(copy->events[0].tags, event.tags);
}

}  // namespace
}  // namespace opsledger
