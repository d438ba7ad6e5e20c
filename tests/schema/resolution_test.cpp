// Reader and writer schemas that differ: by name, or an error that says why not.
#include "tests/schema/schema_fixture.hpp"

namespace opsledger {
namespace {

using testing::schema_of;
using testing::struct_of;
using testing::value_of;

// Encodes `json` as the writer, converts, and shows it as the reader; or the error.
std::string read_as(const std::shared_ptr<const Schema>& writer,
                    const std::shared_ptr<const Schema>& reader, std::string_view json) {
  const auto resolution = Resolution::make(writer, reader);
  if (!resolution.ok()) return resolution.error().reason + ": " + resolution.error().message;
  Bytes bytes;
  const Status converted =
      (*resolution)->convert(*writer->encode(boost::json::parse(json)), &bytes);
  if (!converted.ok()) return converted.error().reason + ": " + converted.error().message;
  std::string text;
  const Status decoded = reader->decode_to(bytes, &text);
  return decoded.ok() ? text : decoded.error().message;
}

std::string value_as(std::string_view writer, std::string_view reader, std::string_view json) {
  return read_as(value_of(writer), value_of(reader), "{\"v\":" + std::string(json) + "}");
}

TEST(Resolution, PassesSameStructuresUnchanged) {
  const auto resolution =
      Resolution::make(value_of("\"i32\""), struct_of(R"({"name":"v","type":"i32","default":4})"));
  ASSERT_TRUE(resolution.ok());
  EXPECT_TRUE((*resolution)->identity());
  Bytes out = "x";
  EXPECT_TRUE((*resolution)->convert(Bytes(4, '\1'), &out).ok());
  EXPECT_EQ(out, "x\1\1\1\1");
  EXPECT_FALSE((*resolution)->convert("abc", &out).ok());
}

TEST(Resolution, MatchesFieldsByNameInAnyOrder) {
  const auto writer = struct_of(
      R"({"name":"gone","type":{"list":"string"}},{"name":"a","type":"i32"},{"name":"b","type":"string"})");
  const auto reader = struct_of(R"({"name":"b","type":"string"},{"name":"a","type":"i32"})");
  EXPECT_EQ(read_as(writer, reader, R"({"gone":["x"],"a":7,"b":"y"})"), R"({"b":"y","a":7})");
}

TEST(Resolution, ReadsARenamedFieldThroughItsAlias) {
  const auto writer = struct_of(R"({"name":"place","type":"string"})");
  const auto reader = struct_of(R"({"name":"site","type":"string","alias":["spot","place"]})");
  EXPECT_EQ(read_as(writer, reader, R"({"place":"north"})"), R"({"site":"north"})");
}

TEST(Resolution, FillsWhatWasNotWritten) {
  const auto writer = struct_of(R"({"name":"a","type":"i32"})");
  const auto reader =
      struct_of(R"({"name":"n","type":{"optional":"string"}},{"name":"a","type":"i32"},)"
                R"({"name":"d","type":"string","default":"none"})");
  EXPECT_EQ(read_as(writer, reader, R"({"a":1})"), R"({"n":null,"a":1,"d":"none"})");
}

TEST(Resolution, WidensIntegers) {
  EXPECT_EQ(value_as("\"i8\"", "\"i64\"", "-5"), R"({"v":-5})");
  EXPECT_EQ(value_as("\"u8\"", "\"u16\"", "255"), R"({"v":255})");
  EXPECT_EQ(value_as("\"u32\"", "\"i64\"", "4294967295"), R"({"v":4294967295})");
  EXPECT_EQ(value_as("\"i32\"", "\"decimal\"", "-12"), R"({"v":"-12"})");
  EXPECT_EQ(value_as("\"u32\"", "\"decimal\"", "4294967295"), R"({"v":"4294967295"})");
  EXPECT_EQ(value_as("\"i8\"", R"({"optional":"i16"})", "-1"), R"({"v":-1})");
}

TEST(Resolution, ConvertsInsideContainers) {
  EXPECT_EQ(value_as(R"({"list":"i8"})", R"({"list":"i32"})", "[1,-2]"), R"({"v":[1,-2]})");
  EXPECT_EQ(value_as(R"({"map":["i8","i8"]})", R"({"map":["i64",{"optional":"i8"}]})",
                     R"({"-1":1,"2":2})"),
            R"({"v":{"-1":1,"2":2}})");
  EXPECT_EQ(value_as(R"({"optional":"i8"})", R"({"optional":"i16"})", "null"), R"({"v":null})");
  EXPECT_EQ(value_as(R"({"optional":"i8"})", R"({"optional":"i16"})", "3"), R"({"v":3})");
  EXPECT_EQ(value_as(R"({"struct":[{"name":"x","type":"i8"},{"name":"y","type":"i8"}]})",
                     R"({"struct":[{"name":"y","type":"i16"}]})", R"({"x":1,"y":2})"),
            R"({"v":{"y":2}})");
}

TEST(Resolution, MatchesEnumsAndVariantsByName) {
  const char* writer = R"({"enum":["open","closed","lost"]})";
  const char* reader = R"({"enum":["closed","open"]})";
  EXPECT_EQ(value_as(writer, reader, "\"open\""), R"({"v":"open"})");
  EXPECT_THAT(value_as(writer, reader, "\"lost\""),
              ::testing::StartsWith("schema.name_unknown: the event has \"lost\""));
  const char* written = R"({"variant":[{"name":"a","type":"i8"},{"name":"b","type":"i8"}]})";
  const char* read = R"({"variant":[{"name":"b","type":"i32"}]})";
  EXPECT_EQ(value_as(written, read, R"({"b":5})"), R"({"v":{"b":5}})");
  EXPECT_THAT(value_as(written, read, R"({"a":5})"), ::testing::StartsWith("schema.name_unknown"));
}

struct Pair {
  const char* writer;
  const char* reader;
};

class Incompatible : public ::testing::TestWithParam<Pair> {};

TEST_P(Incompatible, NamesFieldAndBothTypes) {
  const auto writer = value_of(GetParam().writer), reader = value_of(GetParam().reader);
  const auto resolution = Resolution::make(writer, reader);
  ASSERT_FALSE(resolution.ok());
  EXPECT_EQ(resolution.error().code, Code::kInvalid);
  EXPECT_EQ(resolution.error().reason, "schema.incompatible");
  EXPECT_THAT(resolution.error().message, ::testing::StartsWith("field /v"));
  EXPECT_THAT(resolution.error().message, ::testing::HasSubstr("written as "));
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, Incompatible,
    ::testing::Values(Pair{"\"i64\"", "\"i32\""}, Pair{"\"i8\"", "\"u16\""},
                      Pair{"\"u8\"", "\"i8\""}, Pair{"\"u64\"", "\"i64\""},
                      Pair{"\"u64\"", "\"decimal\""}, Pair{"\"i32\"", "\"f64\""},
                      Pair{"\"i32\"", "\"string\""}, Pair{"\"string\"", "\"bytes\""},
                      Pair{"\"time\"", "\"date\""}, Pair{R"({"optional":"i8"})", "\"i8\""},
                      Pair{R"({"list":"string"})", R"({"list":"i8"})"},
                      Pair{R"({"map":["string","i8"]})", R"({"map":["i8","i8"]})"},
                      Pair{R"({"map":["i8","i8"]})", R"({"map":["i8","string"]})"},
                      Pair{R"({"personal":"string"})", "\"string\""},
                      Pair{R"({"enum":["a"]})", "\"string\""}));

TEST(Resolution, NamesAFieldThatOnlyTheReaderHas) {
  const auto resolution = Resolution::make(struct_of(R"({"name":"a","type":"i8"})"),
                                           struct_of(R"({"name":"b","type":"i8"})"));
  ASSERT_FALSE(resolution.ok());
  EXPECT_THAT(resolution.error().message,
              ::testing::StartsWith("field /b: read as i8, not written, and has neither default"));
}

TEST(Resolution, RefusesHostileWriterBytesAndLeavesTheOutput) {
  const auto resolution =
      Resolution::make(value_of(R"({"map":["i8","i8"]})"), value_of(R"({"map":["i16","i8"]})"));
  ASSERT_TRUE(resolution.ok());
  for (const std::string& bytes : {std::string("\2\1\1\1\1"), std::string("\1\1"),
                                   std::string("\1\1\1x"), std::string("\xff\xff\xff\xff\x0f")}) {
    Bytes out = "kept";
    const Status status = (*resolution)->convert(bytes, &out);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, Code::kCorrupt);
    EXPECT_EQ(out, "kept");
  }
}

}  // namespace
}  // namespace opsledger
