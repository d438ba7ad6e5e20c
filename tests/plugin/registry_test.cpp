// The registry: look-ups, and every reason to refuse a module.
#include "kernel/modules/registry.hpp"

#include "tests/plugin/declared_module.hpp"

namespace opsledger {
namespace {

using testing::declared;

std::shared_ptr<const Schema> schema(const std::string& fields) {
  return *Schema::parse("{\"struct\":[" + fields + "]}");
}

ModuleInfo order() {
  ModuleInfo info;
  info.name = "order";
  info.version = "1.0.0";
  info.prefixes = {"order", "invoice"};
  const auto fields = schema(R"({"name":"id","type":"string"},{"name":"sum","type":"money"},)"
                             R"({"name":"lines","type":{"list":"i32"}})");
  info.event_types = {{.type = "order.placed", .schema = fields, .owned = true},
                      {.type = "task.done", .schema = nullptr, .owned = false}};
  info.models = {{"order", {0, 1}}};
  info.commands = {{.type = "order.place", .schema = fields, .loads = {{0}}}};
  info.tables = {{.name = "orders",
                  .event_types = {0},
                  .row = fields,
                  .key_column = "key",
                  .indexes = {"sum"}}};
  return info;
}

TEST(Registry, FindsWhatModulesDeclare) {
  Registry registry;
  ASSERT_TRUE(registry.add(declared(order())).ok());
  EXPECT_EQ(registry.modules().size(), 1u);
  EXPECT_NE(registry.module("order"), nullptr);
  EXPECT_EQ(registry.module("invoice"), nullptr);
  EXPECT_EQ(registry.owner("invoice.sent"), registry.module("order"));
  EXPECT_EQ(registry.owner("task.done"), nullptr);
  EXPECT_EQ(registry.event_type("order.placed")->type, "order.placed");
  EXPECT_EQ(registry.event_type("order.lost"), nullptr);
  EXPECT_EQ(registry.event_type("task.done"), nullptr) << "only read, not owned";
  EXPECT_EQ(registry.command("order.place")->info().type, "order.place");
  EXPECT_EQ(registry.command("order.burn"), std::nullopt);
  EXPECT_EQ(registry.table("order.orders")->info().name, "orders");
  EXPECT_EQ(registry.table("orders"), std::nullopt);
}

TEST(Registry, KnowsTheKernelsOwnPrefixes) {
  for (const char* type : {"ledger.created", "schema.registered", "module.enabled", "projection.x",
                           "number.issued", "timer.fired", "grant.given", "access.denied",
                           "rule.fired", "import.started", "export.made", "schema"}) {
    EXPECT_TRUE(Registry::kernel_owned(type)) << type;
  }
  EXPECT_FALSE(Registry::kernel_owned("schemas.registered"));
  EXPECT_FALSE(Registry::kernel_owned("order.schema"));
}

TEST(Registry, RefusesASecondModuleOfTheNameOrPrefix) {
  Registry registry;
  ASSERT_TRUE(registry.add(declared(order())).ok());
  const Status again = registry.add(declared(order()));
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().reason, "module.refused");
  EXPECT_EQ(again.error().fields.size(), 3u);
  ModuleInfo other;
  other.name = "billing";
  other.version = "1.0.0";
  other.prefixes = {"billing", "invoice"};
  const Status overlap = registry.add(declared(other));
  ASSERT_FALSE(overlap.ok());
  EXPECT_EQ(overlap.error().fields[0].pointer, "/prefixes/invoice");
  EXPECT_THAT(overlap.error().message, ::testing::HasSubstr("belongs to module order"));
  EXPECT_EQ(registry.modules().size(), 1u);
  EXPECT_EQ(registry.owner("billing.x"), nullptr) << "a refused module leaves nothing behind";
}

struct Refusal {
  const char* pointer;
  const char* detail;
  void (*change)(ModuleInfo&);
};

class RegistryRefuses : public ::testing::TestWithParam<Refusal> {};

TEST_P(RegistryRefuses, NamingPlaceAndReason) {
  ModuleInfo info = order();
  GetParam().change(info);
  Registry registry;
  const Status added = registry.add(declared(info));
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().code, Code::kInvalid);
  ASSERT_EQ(added.error().fields.size(), 1u) << added.error().message;
  EXPECT_EQ(added.error().fields[0].pointer, GetParam().pointer);
  EXPECT_THAT(added.error().fields[0].detail, ::testing::HasSubstr(GetParam().detail));
  EXPECT_TRUE(registry.modules().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Modules, RegistryRefuses,
    ::testing::Values(
        Refusal{"/name", "expected [a-z]", [](ModuleInfo& m) { m.name = "Order"; }},
        Refusal{"/version", "expected a version", [](ModuleInfo& m) { m.version = ""; }},
        Refusal{"/prefixes/order", "twice", [](ModuleInfo& m) { m.prefixes.push_back("order"); }},
        Refusal{"/prefixes/a.b", "expected", [](ModuleInfo& m) { m.prefixes.push_back("a.b"); }},
        Refusal{"/prefixes/schema", "belongs to the kernel",
                [](ModuleInfo& m) { m.prefixes.push_back("schema"); }},
        Refusal{"/events/task.done", "none of the module's",
                [](ModuleInfo& m) {
                  m.event_types[1].owned = true;
                  m.event_types[1].schema = m.event_types[0].schema;
                }},
        Refusal{"/events/order.placed", "needs a schema",
                [](ModuleInfo& m) { m.event_types[0].schema = nullptr; }},
        Refusal{"/events/order.placed", "declared twice",
                [](ModuleInfo& m) { m.event_types.push_back(m.event_types[0]); }},
        Refusal{"/models/order", "event type number 9 of 2",
                [](ModuleInfo& m) { m.models[0].event_types = {9}; }},
        Refusal{"/models/order", "twice", [](ModuleInfo& m) { m.models.push_back(m.models[0]); }},
        Refusal{"/commands/task.done", "none of the module's",
                [](ModuleInfo& m) { m.commands[0].type = "task.done"; }},
        Refusal{"/commands/order.place", "needs a schema",
                [](ModuleInfo& m) { m.commands[0].schema = nullptr; }},
        Refusal{"/commands/order.place", "permission class",
                [](ModuleInfo& m) { m.commands[0].permission_class = 'X'; }},
        Refusal{"/commands/order.place", "declared twice",
                [](ModuleInfo& m) { m.commands.push_back(m.commands[0]); }},
        Refusal{"/commands/order.place", "a model that does not exist",
                [](ModuleInfo& m) { m.commands[0].loads = {{1}}; }},
        Refusal{"/tables/orders", "declared twice",
                [](ModuleInfo& m) { m.tables.push_back(m.tables[0]); }},
        Refusal{"/tables/all.orders", "expected a name",
                [](ModuleInfo& m) { m.tables[0].name = "all.orders"; }},
        Refusal{"/tables/orders", "needs a row schema",
                [](ModuleInfo& m) { m.tables[0].row = nullptr; }},
        Refusal{"/tables/orders", "event type number 2 of 2",
                [](ModuleInfo& m) { m.tables[0].event_types = {2}; }},
        Refusal{"/tables/orders/columns/limit", "query grammar",
                [](ModuleInfo& m) {
                  m.tables[0].row =
                      schema(R"({"name":"limit","type":"i32"},{"name":"sum","type":"money"})");
                }},
        Refusal{"/tables/orders/columns/as_of", "query grammar",
                [](ModuleInfo& m) { m.tables[0].key_column = "as_of"; }},
        Refusal{"/tables/orders/columns/total", "index on a column that does not exist",
                [](ModuleInfo& m) { m.tables[0].indexes = {"total"}; }},
        Refusal{"/tables/orders/columns/lines", "index on a list of i32",
                [](ModuleInfo& m) { m.tables[0].indexes = {"lines"}; }},
        Refusal{"/tables/orders/columns/sum", "indexed twice",
                [](ModuleInfo& m) {
                  m.tables[0].indexes = {"sum", "sum"};
                }},
        Refusal{"/tables/orders/columns/sum", "search in a column that is no text",
                [](ModuleInfo& m) { m.tables[0].search = {"sum"}; }},
        Refusal{"/tables/inbox", "needs the column person (text)",
                [](ModuleInfo& m) { m.tables[0].name = "inbox"; }},
        Refusal{"/tables/orders/columns/boss", "owner on a column that does not exist",
                [](ModuleInfo& m) { m.tables[0].owner_column = "boss"; }},
        Refusal{"/tables/orders/columns/unit", "department on a column that does not exist",
                [](ModuleInfo& m) { m.tables[0].department_column = "unit"; }}));

TEST(Registry, ReportsEveryReasonAtOnce) {
  ModuleInfo info = order();
  info.version = "";
  info.tables[0].indexes = {"nowhere"};
  info.commands[0].schema = nullptr;
  Registry registry;
  const Status added = registry.add(declared(info));
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fields.size(), 3u);
  EXPECT_THAT(added.error().message, ::testing::EndsWith("(and 2 more)"));
}

}  // namespace
}  // namespace opsledger
