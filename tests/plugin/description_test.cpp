// Descriptions: nothing in them is trusted, older and newer shapes are read.
#include "kernel/plugin/description.hpp"

namespace opsledger {
namespace {

constexpr const char* kSchema = R"({"struct":[{"name":"v","type":"i32"}]})";

ops_view view(const char* text) {
  return {text, std::strlen(text)};
}
template <class T>
ops_array array(std::vector<T>& elements) {
  return {elements.data(), static_cast<std::uint32_t>(elements.size()), sizeof(T)};
}

/// One module with one of everything; tests break one thing.
class DescriptionTest : public ::testing::Test {
 protected:
  DescriptionTest() {
    events.push_back({view("m.done"), 1, OPS_EVENT_OWNED, view(kSchema), {}, {}});
    events.push_back({view("task.*"), 1, 0, view(""), {}, {}});
    ops_model model{};
    model.name = view("state");
    model.event_type_count = 2;
    model.event_types = indices;
    model.create = [](void*, const ops_host*, void**) -> ops_status { return OPS_OK; };
    model.fold = [](void*, const ops_host*, void*, const ops_events*) -> ops_status {
      return OPS_OK;
    };
    model.destroy = [](void*, void*) {};
    models.push_back(model);
    ops_load load{};
    load.tags = [](void*, const ops_host*, ops_view, const ops_states*,
                   std::uint32_t) -> ops_status { return OPS_OK; };
    loads.push_back(load);
    ops_command command{};
    command.type = view("m.do");
    command.schema = view(kSchema);
    command.permission_class = 'C';
    command.decide = [](void*, const ops_host*, ops_view, const ops_states*, std::uint32_t,
                        const ops_envelope*) -> ops_status { return OPS_OK; };
    commands.push_back(command);
    ops_table table{};
    table.name = view("rows");
    table.event_type_count = 1;
    table.event_types = indices;
    table.schema = view(kSchema);
    table.apply = [](void*, const ops_host*, const ops_events*) -> ops_status { return OPS_OK; };
    tables.push_back(table);
    modules.resize(1);
    modules[0].name = view("m");
    modules[0].version = view("1.0.0");
  }
  Result<std::vector<DescribedModule>> read() {
    for (ops_command& command : commands) command.loads = array(loads);
    modules[0].event_types = array(events);
    modules[0].models = array(models);
    modules[0].commands = array(commands);
    modules[0].tables = array(tables);
    library.size = sizeof(library);
    if (library.modules.stride == 0) library.modules = array(modules);
    return read_description(library, Hash{});
  }
  std::string refusal() {
    const auto described = read();
    EXPECT_FALSE(described.ok());
    if (described.ok()) return "";
    EXPECT_EQ(described.error().reason, "plugin.description_invalid");
    return described.error().message;
  }

  std::uint32_t indices[2] = {0, 1};
  std::vector<ops_event_type> events;
  std::vector<ops_model> models;
  std::vector<ops_load> loads;
  std::vector<ops_command> commands;
  std::vector<ops_table> tables;
  std::vector<ops_module> modules;
  ops_library library{};
};

using ::testing::HasSubstr;

TEST_F(DescriptionTest, IsReadCompletely) {
  const auto described = read();
  ASSERT_TRUE(described.ok()) << described.error().message;
  const ModuleInfo& info = (*described)[0].info;
  EXPECT_EQ(info.prefixes, std::vector<std::string>{"m"});
  EXPECT_TRUE(info.event_types[0].owned);
  EXPECT_NE(info.event_types[0].schema, nullptr);
  EXPECT_EQ(info.event_types[1].schema, nullptr);
  EXPECT_EQ(info.models[0].event_types, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(info.commands[0].loads.size(), 1u);
}

TEST_F(DescriptionTest, TakesLongerElementsOfANewerPlugin) {
  struct Longer {
    ops_module module;
    std::uint64_t unknown;
  };
  std::vector<Longer> longer(2);
  ASSERT_TRUE(read().ok());
  longer[0] = {modules[0], 1};
  longer[1] = {modules[0], 2};
  longer[1].module.name = view("other");
  library.modules = array(longer);
  const auto described = read();
  ASSERT_TRUE(described.ok()) << described.error().message;
  EXPECT_EQ((*described)[1].info.name, "other");
}

TEST_F(DescriptionTest, RefusesElementsShorterThanTheFirstAbi) {
  ASSERT_TRUE(read().ok());
  library.modules.stride = 16;
  EXPECT_THAT(refusal(), HasSubstr("modules: entries of 16 bytes"));
}

TEST_F(DescriptionTest, RefusesNullArraysAndAbsurdCounts) {
  models[0].event_types = nullptr;
  EXPECT_THAT(refusal(), HasSubstr("modules/0/models/0: null with 2 entries"));
  models[0].event_types = indices;
  models[0].event_type_count = 1'000'000;
  EXPECT_THAT(refusal(), HasSubstr("1000000 entries, at most 1024"));
}

TEST_F(DescriptionTest, RefusesIndicesOutOfRange) {
  indices[1] = 2;
  EXPECT_THAT(refusal(), HasSubstr("modules/0/models/0: index 2 of 2"));
  indices[1] = 1;
  loads[0].model = 1;
  EXPECT_THAT(refusal(), HasSubstr("modules/0/commands/0/loads: model index 1 of 1"));
}

TEST_F(DescriptionTest, RefusesNullCallbacks) {
  commands[0].decide = nullptr;
  EXPECT_THAT(refusal(), HasSubstr("modules/0/commands/0: callback decide is null"));
  tables[0].apply = nullptr;
  models[0].destroy = nullptr;
  EXPECT_THAT(refusal(), HasSubstr("callback destroy is null"));
}

TEST_F(DescriptionTest, RefusesBadSchemasNamingThePlace) {
  tables[0].schema = view("{\"struct\":[{\"name\":\"v\",\"type\":\"i7\"}]}");
  EXPECT_THAT(refusal(), HasSubstr("modules/0/tables/0/schema: schema text: /v: unknown type"));
}

TEST_F(DescriptionTest, RefusesBadTexts) {
  events[0].type = {nullptr, 4};
  EXPECT_THAT(refusal(), HasSubstr("modules/0/event_types/0: text of 4 bytes is null"));
  events[0].type = {"m.\xff", 3};
  EXPECT_THAT(refusal(), HasSubstr("text is not UTF-8"));
  events[0].type = view("m.*");
  EXPECT_THAT(refusal(), HasSubstr("\"m.*\" is no event type"));
  events[0].type = view("m.done");
  commands[0].grants = view("[");
  EXPECT_THAT(refusal(), HasSubstr("commands/0/grants: not JSON"));
}

TEST_F(DescriptionTest, RefusesALibraryWithoutModules) {
  library.modules = {nullptr, 0, sizeof(ops_module)};
  EXPECT_THAT(refusal(), HasSubstr("at least one module"));
}

TEST_F(DescriptionTest, RefusesAnOlderShapeWithoutItsSchema) {
  std::vector<ops_upcast> upcasts(1);
  upcasts[0].upcast = [](void*, const ops_host*, ops_view) -> ops_status { return OPS_OK; };
  events[0].upcasts = array(upcasts);
  EXPECT_THAT(refusal(), HasSubstr("event_types/0/upcasts/0: an older shape needs a schema"));
  upcasts[0].upcast = nullptr;
  upcasts[0].schema = view(kSchema);
  EXPECT_THAT(refusal(), HasSubstr("callback upcast is null"));
}

}  // namespace
}  // namespace opsledger
