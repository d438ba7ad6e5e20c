// JSON <-> bytes: golden bytes, round trips, exact errors.
#include "tests/schema/schema_fixture.hpp"

namespace opsledger {
namespace {

using testing::kEverything;
using testing::kEverythingValue;
using testing::schema_of;
using testing::struct_of;
using testing::value_of;

std::string encoded_hex(std::string_view type, std::string_view json) {
  auto bytes = value_of(type)->encode(boost::json::parse("{\"v\":" + std::string(json) + "}"));
  return bytes.ok() ? hex(*bytes) : bytes.error().message;
}

TEST(Encode, WritesTheBytesThatSchemaMdFixes) {
  EXPECT_EQ(encoded_hex("\"bool\"", "true"), "01");
  EXPECT_EQ(encoded_hex("\"i16\"", "-2"), "feff");
  EXPECT_EQ(encoded_hex("\"u32\"", "258"), "02010000");
  EXPECT_EQ(encoded_hex("\"f64\"", "1"), "000000000000f03f");
  EXPECT_EQ(encoded_hex("\"string\"", "\"ab\""), "026162");
  EXPECT_EQ(encoded_hex("\"bytes\"", "\"AAEC\""), "03000102");
  EXPECT_EQ(encoded_hex("\"time\"", "\"1970-01-01T00:00:00.000258Z\""), "0201000000000000");
  EXPECT_EQ(encoded_hex("\"date\"", "\"1969-12-31\""), "ffffffff");
  EXPECT_EQ(encoded_hex("\"money\"", R"({"currency":"CNY","minor":1})"), "0100000000000000434e59");
  EXPECT_EQ(encoded_hex("\"decimal\"", "\"2.550\""), "f60900000000000003");
  EXPECT_EQ(encoded_hex(R"({"enum":["a","b"]})", "\"b\""), "01");
  EXPECT_EQ(encoded_hex(R"({"optional":"u8"})", "null"), "00");
  EXPECT_EQ(encoded_hex(R"({"optional":"u8"})", "7"), "0107");
  EXPECT_EQ(encoded_hex(R"({"list":"u8"})", "[1,2]"), "020102");
  EXPECT_EQ(encoded_hex(R"({"map":["string","u8"]})", R"({"b":2,"a":1})"), "02016101016202");
  EXPECT_EQ(encoded_hex(R"({"map":["i8","u8"]})", R"({"10":2,"-1":1})"), "02ff010a02");
  EXPECT_EQ(encoded_hex(R"({"variant":[{"name":"a","type":"u8"},{"name":"b","type":"u8"}]})",
                        R"({"b":9})"),
            "0109");
  EXPECT_EQ(encoded_hex(R"({"personal":"string"})", "\"x\""), "03000178");
}

TEST(Encode, WritesLongLengthsAsVarints) {
  const auto schema = value_of("\"string\"");
  const auto bytes = schema->encode(boost::json::value{{"v", std::string(300, 'x')}});
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(hex(bytes->substr(0, 2)), "ac02");
  EXPECT_EQ(bytes->size(), 302u);
}

TEST(Encode, TakesNumbersForDecimals) {
  EXPECT_EQ(encoded_hex("\"decimal\"", "2.55"), encoded_hex("\"decimal\"", "\"2.55\""));
  EXPECT_EQ(encoded_hex("\"decimal\"", "7"), encoded_hex("\"decimal\"", "\"7\""));
  EXPECT_EQ(encoded_hex("\"decimal\"", "-0.001"), encoded_hex("\"decimal\"", "\"-0.001\""));
}

TEST(Codec, RoundTripsOneOfEverything) {
  const auto schema = schema_of(kEverything);
  const auto bytes = schema->encode(boost::json::parse(kEverythingValue));
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  EXPECT_TRUE(schema->check(*bytes).ok());
  std::string text = "kept ";
  ASSERT_TRUE(schema->decode_to(*bytes, &text).ok());
  EXPECT_EQ(text, "kept " + std::string(kEverythingValue));
  const auto tree = schema->decode(*bytes);
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(*tree, boost::json::parse(kEverythingValue));
  EXPECT_EQ(*schema->encode(*tree), *bytes);
}

TEST(Codec, GivesSingleFields) {
  const auto schema = schema_of(kEverything);
  const Bytes bytes = *schema->encode(boost::json::parse(kEverythingValue));
  std::vector<BytesView> fields;
  ASSERT_TRUE(split_fields(schema->root(), bytes, &fields).ok());
  ASSERT_EQ(fields.size(), schema->root().fields.size());
  std::string text;
  ASSERT_TRUE(decode_value_to(*schema->root().find("price")->type, fields[14], &text).ok());
  EXPECT_EQ(text, R"({"minor":1999,"currency":"CNY"})");
  EXPECT_FALSE(split_fields(schema->root(), bytes + "x", &fields).ok());
}

struct WrongValue {
  const char* type;
  const char* json;
  const char* detail;
};

class EncodeRefuses : public ::testing::TestWithParam<WrongValue> {};

TEST_P(EncodeRefuses, WithPointerAndBothValues) {
  const auto& [type, json, detail] = GetParam();
  const auto schema = value_of(type);
  const auto bytes =
      schema->encode(boost::json::parse(std::string("{\"v\":") + json + "}"), "/data");
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().code, Code::kInvalid);
  EXPECT_EQ(bytes.error().reason, "schema.invalid");
  ASSERT_EQ(bytes.error().fields.size(), 1u);
  EXPECT_EQ(bytes.error().fields[0].pointer, "/data/v");
  EXPECT_EQ(bytes.error().fields[0].detail, detail);
}

INSTANTIATE_TEST_SUITE_P(
    Values, EncodeRefuses,
    ::testing::Values(
        WrongValue{"\"bool\"", "1", "expected true or false, got number 1"},
        WrongValue{"\"i8\"", "128", "expected integer from -128 to 127, got number 128"},
        WrongValue{"\"u8\"", "-1", "expected integer from 0 to 255, got number -1"},
        WrongValue{"\"i32\"", "1.0",
                   "expected integer from -2147483648 to 2147483647, got number 1.0"},
        WrongValue{"\"i64\"", "9223372036854775808",
                   "expected integer from -9223372036854775808 to 9223372036854775807, got number "
                   "9223372036854775808"},
        WrongValue{"\"u64\"", "18446744073709551616",
                   "expected integer from 0 to 18446744073709551615, got number "
                   "18446744073709551616.0"},
        WrongValue{"\"f64\"", "\"1\"", "expected number, got string \"1\""},
        WrongValue{"\"string\"", "null", "expected string, got null"},
        WrongValue{"\"bytes\"", "\"AA\"", "expected base64 string, got string \"AA\""},
        WrongValue{"\"time\"", "\"tomorrow\"", "expected RFC 3339 time, got string \"tomorrow\""},
        WrongValue{"\"time\"", "0", "expected RFC 3339 time, got number 0"},
        WrongValue{"\"date\"", "\"2023-02-29\"",
                   "expected date YYYY-MM-DD, got string \"2023-02-29\""},
        WrongValue{"\"money\"", "1",
                   "expected money {\"minor\":1999,\"currency\":\"CNY\"}, got number 1"},
        WrongValue{"\"decimal\"", "\"1e3\"",
                   "expected decimal of at most 18 digits, such as \"2.550\", got string \"1e3\""},
        WrongValue{"\"decimal\"", "1e300",
                   "expected decimal of at most 18 digits, such as \"2.550\", got number 1e+300"},
        WrongValue{R"({"enum":["open","closed"]})", "\"shut\"",
                   "expected one of open, closed, got string \"shut\""},
        WrongValue{R"({"list":"i8"})", "{}", "expected array, got an object"},
        WrongValue{R"({"map":["string","i8"]})", "[]", "expected object, got an array"},
        WrongValue{R"({"struct":[]})", "true", "expected object, got true"},
        WrongValue{R"({"variant":[{"name":"a","type":"i8"}]})", "{}",
                   "expected object with exactly one member, the alternative, got an object"}));

std::vector<std::string> pointers(const Error& error) {
  std::vector<std::string> all;
  for (const FieldError& field : error.fields) all.push_back(field.pointer + ": " + field.detail);
  return all;
}

TEST(Encode, CollectsEveryErrorWithItsPlace) {
  const auto schema = struct_of(
      R"({"name":"id","type":"string"},{"name":"lines","type":{"list":{"struct":[)"
      R"({"name":"qty","type":"u8"},{"name":"price","type":"money"}]}}},)"
      R"({"name":"by","type":{"map":["i8","u8"]}},)"
      R"({"name":"what","type":{"variant":[{"name":"a","type":"i8"},{"name":"b","type":"i8"}]}})");
  const auto bytes = schema->encode(
      boost::json::parse(R"({"lines":[{"qty":1,"price":{"minor":1,"currency":"CNY"}},)"
                         R"({"qty":-1,"price":{"minor":1.5,"currency":"yen","x":0},"a/b":0}],)"
                         R"("by":{"1":300,"007":1,"999":1},"what":{"c":1},"more":[]})"),
      "/events/3/data");
  ASSERT_FALSE(bytes.ok());
  EXPECT_THAT(
      pointers(bytes.error()),
      ::testing::UnorderedElementsAre(
          "/events/3/data/id: required field is missing",
          "/events/3/data/lines/1/qty: expected integer from 0 to 255, got number -1",
          "/events/3/data/lines/1/price/minor: expected integer from -9223372036854775808 to "
          "9223372036854775807, got number 1.5",
          "/events/3/data/lines/1/price/x: unknown field",
          "/events/3/data/lines/1/price/currency: expected three letters A to Z (ISO 4217), got "
          "string \"yen\"",
          "/events/3/data/lines/1/a~1b: unknown field", "/events/3/data/by/007: expected i8 as key",
          "/events/3/data/by/999: expected i8 as key",
          "/events/3/data/by/1: expected integer from 0 to 255, got number 300",
          "/events/3/data/what/c: unknown alternative; expected one of a, b",
          "/events/3/data/more: unknown field"));
  EXPECT_EQ(bytes.error().message, "/events/3/data/id: required field is missing (and 10 more)");
}

TEST(Encode, BoundsTheNumberOfErrorsItReports) {
  boost::json::array wrong(1000, nullptr);
  const auto bytes = value_of(R"({"list":"i8"})")->encode(boost::json::value{{"v", wrong}});
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().fields.size(), 64u);
  EXPECT_THAT(bytes.error().message, ::testing::EndsWith("(and 999 more)"));
}

TEST(Encode, FillsDefaultsAndEmptyOptionals) {
  const auto schema = struct_of(
      R"({"name":"a","type":"i32","default":7},{"name":"b","type":{"optional":"string"}},)"
      R"({"name":"c","type":{"list":"i8"},"default":[1,2]})");
  std::string text;
  ASSERT_TRUE(schema->decode_to(*schema->encode(boost::json::object{}), &text).ok());
  EXPECT_EQ(text, R"({"a":7,"b":null,"c":[1,2]})");
}

TEST(Encode, TakesARenamedFieldUnderItsOldName) {
  const auto schema = struct_of(R"({"name":"site","type":"string","alias":["place","spot"]})");
  EXPECT_EQ(*schema->encode(boost::json::parse(R"({"spot":"north"})")), "\5north");
  const auto both = schema->encode(boost::json::parse(R"({"site":"north","place":"south"})"));
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().fields[0].pointer, "/place");
}

TEST(Encode, DropsUnknownFieldsWhenAsked) {
  const auto schema = value_of(R"({"list":{"struct":[{"name":"x","type":"u8"}]}})");
  const auto json = boost::json::parse(R"({"v":[{"x":1,"y":2}],"w":3})");
  EXPECT_FALSE(schema->encode(json).ok());
  EXPECT_EQ(*schema->encode(json, "", UnknownFields::kDrop), std::string("\1\1", 2));
}

TEST(Encode, RefusesInvalidUtf8) {
  const auto bytes = value_of("\"string\"")->encode(boost::json::value{{"v", "a\xff"}});
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().fields[0].detail, "expected UTF-8 string");
}

TEST(Decode, ShowsSealedPersonalValuesWithoutTheirBytes) {
  const auto schema = value_of(R"({"personal":"string"})");
  std::string text;
  ASSERT_TRUE(schema->decode_to(std::string("\3\1xy", 4), &text).ok());
  EXPECT_EQ(text, R"({"v":"<personal>"})");
  text.clear();
  ASSERT_TRUE(schema->decode_to(std::string("\0", 1), &text).ok());
  EXPECT_EQ(text, R"({"v":null})");
}

}  // namespace
}  // namespace opsledger
