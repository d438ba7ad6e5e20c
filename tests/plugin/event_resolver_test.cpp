// What a listener reads: identity without a copy, converted, upcast, skipped, poison.
#include "kernel/plugin/event_resolver.hpp"

#include "tests/plugin/sample_fixture.hpp"

namespace opsledger {
namespace {

using testing::put_bytes;

class EventResolverTest : public testing::SampleTest {
 protected:
  std::shared_ptr<const Schema> registered(const char* fields) {
    auto schema = *Schema::parse("{\"struct\":[" + std::string(fields) + "]}");
    EXPECT_TRUE(catalog_.ensure(ledger_, "sample.put", 1, schema).ok());
    return schema;
  }
  const EventView& append(const char* type, const SchemaId& schema, Bytes data) {
    NewEvent event;
    event.type = type;
    event.schema = schema;
    event.data = std::move(data);
    return *stored(0, std::move(event)).event;
  }
  const EventView& json(const char* type, Bytes data) { return append(type, {}, std::move(data)); }
  SchemaId current() { return sample_->info().event_types[0].schema->id(); }

  const std::vector<std::uint32_t> puts_{0}, all_{0, 1, 2};
};

TEST_F(EventResolverTest, PassesTheReadersOwnSchemaWithoutACopy) {
  const EventView event = append("sample.put", current(), put_bytes("a", 1));
  EventResolver resolver(*sample_, catalog_, puts_);
  const auto resolved = resolver.resolve({&event, 1});
  ASSERT_TRUE(resolved.ok());
  ASSERT_EQ(resolved->size(), 1u);
  EXPECT_EQ((*resolved)[0].data.data(), event.data.data());
  EXPECT_EQ((*resolved)[0].event, &event);
}

TEST_F(EventResolverTest, SkipsAndCountsWhatTheListenerDoesNotRead) {
  const std::vector<EventView> events{json("sample.gone", "{}"), json("other.noted", "{}"),
                                      json("misc.a.b", "{}"), json("miscellany.x", "{}")};
  EventResolver resolver(*sample_, catalog_, all_);
  const auto resolved = resolver.resolve(events);
  ASSERT_TRUE(resolved.ok());
  ASSERT_EQ(resolved->size(), 2u);
  EXPECT_EQ((*resolved)[0].type, 1u);
  EXPECT_EQ((*resolved)[1].type, 2u);
  EXPECT_EQ(resolver.skipped(), 2u);
}

TEST_F(EventResolverTest, ConvertsAnotherWritersSchema) {
  const auto writer = registered(
      R"({"name":"n","type":"i16"},{"name":"more","type":"bool"},{"name":"id","type":"string"})");
  Bytes data("\x07\x00\x01\x02xy", 6);
  const std::vector<EventView> events{append("sample.put", writer->id(), data),
                                      append("sample.put", current(), put_bytes("b", 2)),
                                      append("sample.put", writer->id(), data)};
  EventResolver resolver(*sample_, catalog_, puts_);
  for (int again = 0; again < 2; ++again) {
    const auto resolved = resolver.resolve(events);
    ASSERT_TRUE(resolved.ok()) << resolved.error().message;
    EXPECT_EQ((*resolved)[0].data, put_bytes("xy", 7));
    EXPECT_EQ((*resolved)[1].data, put_bytes("b", 2));
    EXPECT_EQ((*resolved)[2].data, put_bytes("xy", 7));
  }
}

TEST_F(EventResolverTest, EncodesJsonForATypedReaderAndDropsWhatItDoesNotKnow) {
  const EventView event = json("sample.put", R"({"n":5,"id":"a","colour":"red"})");
  EventResolver resolver(*sample_, catalog_, puts_);
  const auto resolved = resolver.resolve({&event, 1});
  ASSERT_TRUE(resolved.ok()) << resolved.error().message;
  EXPECT_EQ((*resolved)[0].data, put_bytes("a", 5));
}

TEST_F(EventResolverTest, ShowsTypedDataToAJsonReader) {
  const EventView event = append("misc.put", current(), put_bytes("a", 5));
  EventResolver resolver(*sample_, catalog_, all_);
  const auto resolved = resolver.resolve({&event, 1});
  ASSERT_TRUE(resolved.ok()) << resolved.error().message;
  EXPECT_EQ((*resolved)[0].data, R"({"id":"a","n":5})");
}

TEST_F(EventResolverTest, UpcastsAnOlderShape) {
  const auto older = registered(R"({"name":"id","type":"string"},{"name":"text","type":"string"})");
  const auto reordered =
      registered(R"({"name":"text","type":"string"},{"name":"id","type":"string"})");
  const std::vector<EventView> events{append("sample.put", older->id(), Bytes("\1a\4four")),
                                      append("sample.put", reordered->id(), Bytes("\3tre\1b"))};
  EventResolver resolver(*sample_, catalog_, puts_);
  const auto resolved = resolver.resolve(events);
  ASSERT_TRUE(resolved.ok()) << resolved.error().message;
  EXPECT_EQ((*resolved)[0].data, put_bytes("a", 4));
  EXPECT_EQ((*resolved)[1].data, put_bytes("b", 3));
}

TEST_F(EventResolverTest, NamesThePoisonEvent) {
  const auto foreign = registered(R"({"name":"id","type":"string"},{"name":"n","type":"f64"})");
  const EventView good = json("sample.put", R"({"id":"a","n":1})");
  EventResolver resolver(*sample_, catalog_, puts_);
  const auto refused = [&](const EventView& poison, const char* reason) {
    const std::vector<EventView> events{good, poison};
    const auto resolved = resolver.resolve(events);
    ASSERT_FALSE(resolved.ok());
    EXPECT_EQ(resolved.error().reason, reason);
    EXPECT_EQ(resolver.failed_at(), poison.position);
    EXPECT_THAT(resolved.error().message,
                ::testing::StartsWith("event " + std::to_string(poison.position.value) +
                                      " (sample.put): "));
    EXPECT_TRUE(resolver.resolve({events.data(), 1}).ok());
  };
  refused(append("sample.put", foreign->id(), Bytes("\1a") + Bytes(8, '\0')),
          "schema.incompatible");
  refused(json("sample.put", R"({"id":"a","n":"x"})"), "schema.invalid");
  refused(json("sample.put", R"({"id":"a"})"), "schema.invalid");
}

}  // namespace
}  // namespace opsledger
