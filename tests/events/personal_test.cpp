// Personal fields from a raw append to what a reader is shown.
#include <gtest/gtest.h>

#include "kernel/events/cloud_event.hpp"
#include "kernel/events/personal_events.hpp"
#include "kernel/schema/personal_tokens.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_record_store.hpp"
#include "tests/events/events_fixture.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing {
namespace {

class PersonalEvents : public EventsTest {
 protected:
  PersonalEvents() {
    const auto schema = Schema::parse(
        R"({"struct":[{"name":"id","type":"string"},{"name":"name","type":{"personal":"string"}}]})");
    ModuleInfo info;
    info.name = "org";
    info.version = "1.0.0";
    info.prefixes = {"person"};
    info.event_types = {{.type = "person.registered", .schema = *schema, .owned = true}};
    EXPECT_TRUE(registry_.add(declared(info)).ok());
    EXPECT_TRUE(schemas_.ensure(ledger_, "person.registered", 1, *schema).ok());
    std::array<unsigned char, MasterKey::kBytes> bytes{};
    keys_ = KeyStore::open(std::make_unique<MemoryRecordStore>(), MasterKey(bytes), "t").value();
    personal_ = std::make_unique<PersonalData>(*keys_);
  }

  Result<Proposal> parse(const std::string& tags, const std::string& name) {
    const auto body = R"({"events":[{"type":"person.registered","tags":)" + tags +
                      R"(,"data":{"id":"P-1","name":")" + name + R"("}}]})";
    return RawAppend(registry_, personal_.get()).parse(*parse_json(body), context_);
  }
  std::string shown(const PersonalReader* reader) {
    std::string text;
    EventRenderer(ledger_.id(), schemas_)
        .render(ledger_.get(ledger_.durable().position)->view(), &text, reader);
    return std::string(boost::json::parse(text).at("data").at("name").as_string());
  }
  void append_person(const std::string& name) {
    ASSERT_TRUE(append_and_wait(ledger_, *parse(R"(["person:P-1"])", name)).ok());
  }

  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<PersonalData> personal_;
};

TEST_F(PersonalEvents, AreStoredSealedAndShownToWhoMaySeeThem) {
  append_person("王伟");
  EXPECT_EQ(ledger_.get(ledger_.durable().position)->view().data.find("王伟"), Bytes::npos);
  EXPECT_EQ(shown(nullptr), "<personal>");
  const PersonalReader everybody{personal_.get(), true, ""};
  const PersonalReader herself{personal_.get(), false, "P-1"};
  const PersonalReader other{personal_.get(), false, "P-2"};
  EXPECT_EQ(shown(&everybody), "王伟");
  EXPECT_EQ(shown(&herself), "王伟");
  EXPECT_EQ(shown(&other), "<personal>");
}

TEST_F(PersonalEvents, OfAnErasedPersonAreErasedForEverybodyAndTheTreeStays) {
  append_person("王伟");
  const auto before = ledger_.durable().root;
  ASSERT_TRUE(personal_->erase("P-1").ok());
  const PersonalReader everybody{personal_.get(), true, ""};
  EXPECT_EQ(shown(&everybody), "<erased>");
  EXPECT_EQ(ledger_.durable().root, before);
  EXPECT_EQ(parse(R"(["person:P-1"])", "new").error().reason, "personal.erased");
}

TEST_F(PersonalEvents, MustNameOnePersonTheyAreAbout) {
  EXPECT_EQ(parse(R"(["sku:1"])", "x").error().reason, "personal.subject");
  EXPECT_EQ(parse(R"(["person:P-1","customer:C-1"])", "x").error().reason, "personal.subject");
  EXPECT_TRUE(parse(R"(["person:P-1","sku:1"])", "x").ok());
}

TEST_F(PersonalEvents, WithoutAKeyStoreAreRefused) {
  personal_.reset();
  EXPECT_EQ(parse(R"(["person:P-1"])", "x").error().reason, "personal.no_store");
}

TEST_F(PersonalEvents, LeaveNoDigestOfTheirValueInTheIdempotencyKey) {
  context_.idempotency_key = "k";
  const auto a = parse(R"(["person:P-1"])", "one")->key->request;
  EXPECT_EQ(a, parse(R"(["person:P-1"])", "two")->key->request);
  EXPECT_NE(a, parse(R"(["person:P-2"])", "one")->key->request);
}

TEST_F(PersonalEvents, WithheldValuesComeBackOnlyByTheirNumber) {
  const auto& schema = *registry_.event_type("person.registered")->schema;
  Bytes data = schema.encode({{"id", "P-1"}, {"name", "secret"}}).value();
  WithheldValues values;
  ASSERT_TRUE(withhold(schema, &data, &values).ok());
  EXPECT_EQ(data.find("secret"), Bytes::npos);
  const std::vector<std::string> tags{"person:P-1"};
  Bytes sealed = data;
  ASSERT_TRUE(seal_personal(schema, tags, values, personal_.get(), &sealed).ok());
  Bytes revealed;
  ASSERT_TRUE(
      PersonalReader({personal_.get(), true, ""}).reveal(schema.root(), sealed, &revealed).ok());
  EXPECT_NE(revealed.find("secret"), Bytes::npos);
  EXPECT_EQ(seal_personal(schema, tags, {}, personal_.get(), &data).error().reason,
            "personal.token");
  Bytes again = sealed;
  ASSERT_TRUE(seal_personal(schema, tags, {}, personal_.get(), &again).ok());
  EXPECT_EQ(again, sealed) << "what a module copied stays as it is";
}

}  // namespace
}  // namespace opsledger::testing
