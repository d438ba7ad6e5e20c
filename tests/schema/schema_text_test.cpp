// Schema texts: identity, refusals, JSON Schema.
#include "tests/schema/schema_fixture.hpp"

namespace opsledger {
namespace {

using testing::kEverything;
using testing::schema_of;
using testing::struct_of;
using testing::value_of;

TEST(SchemaText, IdentityIsTheStructureAlone) {
  const auto bare = value_of("\"i32\"");
  const auto dressed = struct_of(
      R"({"name":"v","type":"i32","default":1,"alias":["w"],"label":{"en":"V","zh":"值"},"doc":"d"})");
  EXPECT_EQ(bare->id(), dressed->id());
  EXPECT_NE(bare->id(), value_of("\"i64\"")->id());
  EXPECT_NE(bare->id(), struct_of(R"({"name":"w","type":"i32"})")->id());
  EXPECT_EQ(dressed->root().fields[0].label_zh, "值");
  EXPECT_EQ(dressed->root().fields[0].doc, "d");
}

// SHA-256 of the text, first 16 bytes: changing this breaks every ledger.
TEST(SchemaText, IdentityIsGolden) {
  EXPECT_EQ(hex(value_of("\"i32\"")->id().bytes), "ffb3c2c2a539eb9404034c1617232b8b");
  EXPECT_EQ(hex(schema_of(kEverything)->id().bytes), "c3eb52c902c17362f31f630ad76f9ba2");
}

TEST(SchemaText, StructureIsTheCanonicalText) {
  std::string structure;
  append_structure(schema_of(kEverything)->root(), &structure);
  EXPECT_EQ(structure, kEverything);
  EXPECT_EQ(schema_of(kEverything)->text(), kEverything);
}

struct BadText {
  const char* text;
  const char* why;
};

class SchemaTextRefused : public ::testing::TestWithParam<BadText> {};

TEST_P(SchemaTextRefused, NamingThePlace) {
  const auto schema = Schema::parse(GetParam().text);
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.error().code, Code::kInvalid);
  EXPECT_EQ(schema.error().reason, "schema.text_invalid");
  EXPECT_THAT(schema.error().message, ::testing::HasSubstr(GetParam().why));
}

#define FIELD(type) R"({"struct":[{"name":"v","type":)" type "}]}"

INSTANTIATE_TEST_SUITE_P(
    Texts, SchemaTextRefused,
    ::testing::Values(
        BadText{"", "not JSON"}, BadText{"{", "not JSON"}, BadText{"1", "expected a type"},
        BadText{"\"i32\"", "the top level must be a struct, not i32"},
        BadText{FIELD("\"i128\""), "/v: unknown type \"i128\""},
        BadText{FIELD("{\"set\":\"i8\"}"), "/v: unknown type \"set\""},
        BadText{FIELD("{}"), "/v: expected a type"}, BadText{FIELD("{\"enum\":[]}"), "/v: enum"},
        BadText{FIELD("{\"enum\":[1]}"), "/v: enum"},
        BadText{FIELD("{\"enum\":[\"a\",\"a\"]}"), "\"a\" appears twice"},
        BadText{FIELD("{\"map\":[\"f64\",\"i8\"]}"), "keys must be string or integer"},
        BadText{FIELD("{\"map\":[\"string\"]}"), "expected [key type, value type]"},
        BadText{FIELD("{\"list\":{\"struct\":[]}}"), "list of a type without bytes"},
        BadText{FIELD("{\"optional\":{\"optional\":\"i8\"}}"), "optional of optional"},
        BadText{FIELD("{\"variant\":[]}"), "variant without alternatives"},
        BadText{FIELD("\"i8\",\"default\":300"), "/v: default does not fit"},
        BadText{FIELD("\"i8\",\"doc\":1"), "/v: doc must be a string"},
        BadText{FIELD("\"i8\",\"alias\":\"w\""), "/v: alias must be an array"},
        BadText{FIELD("\"i8\",\"label\":{\"fr\":\"w\"}"), "/v: label"},
        BadText{FIELD("\"i8\",\"min\":0"), "/v: unexpected member \"min\""},
        BadText{R"({"struct":[{"name":"v"}]})", "/v: field without type"},
        BadText{R"({"struct":[{"name":"1v","type":"i8"}]})", "field name must be"},
        BadText{R"({"struct":[{"type":"i8"}]})", "field name must be"},
        BadText{R"({"struct":[{"name":"v","type":"i8"},{"name":"v","type":"i8"}]})",
                "/v: appears twice"},
        BadText{R"({"struct":{}})", "expected an array"}));

TEST(SchemaText, NestsSixteenDeepAndNoDeeper) {
  const auto nested = [](int lists) {
    std::string type = "\"i8\"";
    for (int i = 0; i < lists; ++i) type = "{\"list\":" + type + "}";
    return Schema::parse("{\"struct\":[{\"name\":\"v\",\"type\":" + type + "}]}");
  };
  EXPECT_TRUE(nested(14).ok());
  ASSERT_FALSE(nested(15).ok());
  EXPECT_THAT(nested(15).error().message, ::testing::HasSubstr("nested deeper than 16"));
  EXPECT_FALSE(nested(10'000).ok());
}

TEST(JsonSchema, DescribesEveryType) {
  const auto json = schema_of(kEverything)->json_schema();
  EXPECT_EQ(json.at("type"), "object");
  EXPECT_EQ(json.at("additionalProperties"), false);
  const auto& properties = json.at("properties").as_object();
  EXPECT_EQ(properties.at("u8"),
            boost::json::parse(R"({"type":"integer","minimum":0,"maximum":255})"));
  EXPECT_EQ(properties.at("at"), boost::json::parse(R"({"type":"string","format":"date-time"})"));
  EXPECT_EQ(properties.at("state"),
            boost::json::parse(R"({"type":"string","enum":["open","closed"]})"));
  EXPECT_EQ(properties.at("note"),
            boost::json::parse(R"({"anyOf":[{"type":"string"},{"type":"null"}]})"));
  EXPECT_EQ(properties.at("what").at("oneOf").as_array().size(), 2u);
  EXPECT_EQ(properties.at("ids").at("propertyNames").at("pattern"), "^(0|-?[1-9][0-9]*)$");
  boost::json::array required = json.at("required").as_array();
  EXPECT_EQ(required.size(), schema_of(kEverything)->root().fields.size() - 1);
}

TEST(JsonSchema, CarriesLabelsDefaultsAndDocs) {
  const auto json =
      struct_of(R"({"name":"v","type":"i8","default":3,"label":{"en":"V","zh":"值"},"doc":"why"})")
          ->json_schema();
  EXPECT_EQ(json.at("properties").at("v"),
            boost::json::parse(R"({"type":"integer","minimum":-128,"maximum":127,"title":"V",)"
                               R"("x-label-zh":"值","description":"why","default":3})"));
  EXPECT_FALSE(json.contains("required"));
}

}  // namespace
}  // namespace opsledger
