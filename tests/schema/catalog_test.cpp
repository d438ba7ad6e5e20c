// The schemas a ledger holds: registered once, found again after a restart.
#include <thread>

#include "kernel/schema/catalog.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/schema/schema_fixture.hpp"

namespace opsledger {
namespace {

using testing::struct_of;
using testing::value_of;

class CatalogTest : public ::testing::Test {
 protected:
  struct StillClock : Clock {
    Time now() const override { return {1'000'000}; }
  };
  StillClock clock_;
  MemoryLedger ledger_{clock_};
};

TEST_F(CatalogTest, RegistersASchemaOnce) {
  SchemaCatalog catalog;
  const auto schema = value_of("\"i32\"");
  EXPECT_EQ(catalog.find(schema->id()), nullptr);
  ASSERT_TRUE(catalog.ensure(ledger_, "order.placed", 1, schema).ok());
  ASSERT_TRUE(catalog.ensure(ledger_, "order.placed", 1, schema).ok());
  EXPECT_EQ(ledger_.durable().position, Position{1});
  EXPECT_EQ(catalog.find(schema->id()), schema);
  EXPECT_EQ(catalog.find(SchemaId{}), nullptr);
}

TEST_F(CatalogTest, RegistrationSaysWhatItIs) {
  SchemaCatalog catalog;
  const auto schema = value_of("\"i32\"");
  ASSERT_TRUE(catalog.ensure(ledger_, "order.placed", 3, schema).ok());
  const auto event = ledger_.get(Position{1});
  ASSERT_TRUE(event.ok());
  EXPECT_EQ((*event)->type, "schema.registered");
  EXPECT_TRUE((*event)->has_tag("schema:" + hex(schema->id().bytes)));
  const auto data = boost::json::parse((*event)->data);
  EXPECT_EQ(data, boost::json::value({{"id", hex(schema->id().bytes)},
                                      {"type", "order.placed"},
                                      {"version", 3},
                                      {"text", schema->text()}}));
}

TEST_F(CatalogTest, KnowsSchemasAfterARestart) {
  const auto schema = struct_of(R"({"name":"v","type":"i32","label":{"en":"V","zh":"值"}})");
  ASSERT_TRUE(SchemaCatalog().ensure(ledger_, "order.placed", 1, schema).ok());
  SchemaCatalog again;
  ASSERT_TRUE(again.load(ledger_).ok());
  const auto found = again.find(schema->id());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->text(), schema->text());
  ASSERT_TRUE(again.ensure(ledger_, "order.placed", 1, schema).ok());
  EXPECT_EQ(ledger_.durable().position, Position{1});
}

TEST_F(CatalogTest, AMissReadsWhatOthersRegisteredMeanwhile) {
  SchemaCatalog one, other;
  ASSERT_TRUE(one.load(ledger_).ok());
  const auto schema = value_of("\"date\"");
  ASSERT_TRUE(other.ensure(ledger_, "order.placed", 1, schema).ok());
  ASSERT_NE(one.find(schema->id()), nullptr);
}

TEST_F(CatalogTest, RacingCallersRegisterOnce) {
  const auto schema = value_of("\"u8\"");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      SchemaCatalog catalog;
      EXPECT_TRUE(catalog.ensure(ledger_, "order.placed", 1, schema).ok());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ledger_.durable().position, Position{1});
}

TEST_F(CatalogTest, RefusesARegistrationThatContradictsItself) {
  NewEvent event;
  event.type = "schema.registered";
  event.tags = {"schema:00000000000000000000000000000001"};
  event.data = R"({"text":"{\"struct\":[]}"})";
  Proposal proposal;
  proposal.events = {event};
  ASSERT_TRUE(append_and_wait(ledger_, proposal).ok());
  const Status loaded = SchemaCatalog().load(ledger_);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, Code::kCorrupt);
  EXPECT_THAT(loaded.error().message, ::testing::HasSubstr("position 1"));
}

TEST_F(CatalogTest, MakesAResolutionOnceAndNamesUnknownWriters) {
  SchemaCatalog catalog;
  const auto writer = value_of("\"i32\""), reader = value_of("\"i64\"");
  ASSERT_TRUE(catalog.ensure(ledger_, "order.placed", 1, writer).ok());
  const auto first = catalog.resolution(writer->id(), reader);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(*first, *catalog.resolution(writer->id(), reader));
  const auto unknown = catalog.resolution(reader->id(), reader);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().reason, "schema.unknown");
}

}  // namespace
}  // namespace opsledger
