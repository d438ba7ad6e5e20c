// Bytes that no honest writer made: refused with a reason, never read past, never costly.
#include <cstdlib>
#include <random>

#include "kernel/schema/json_parse.hpp"
#include "tests/schema/schema_fixture.hpp"

namespace opsledger {
namespace {

using testing::kEverything;
using testing::kEverythingValue;
using testing::schema_of;
using testing::value_of;

struct Hostile {
  const char* type;
  const char* bytes_hex;
  const char* problem;
};

class DecodeRefuses : public ::testing::TestWithParam<Hostile> {};

TEST_P(DecodeRefuses, WithTheReason) {
  const auto& [type, bytes_hex, problem] = GetParam();
  Bytes bytes;
  ASSERT_TRUE(unhex(bytes_hex, &bytes));
  const auto schema = value_of(type);
  const Status checked = schema->check(bytes);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, Code::kCorrupt);
  EXPECT_EQ(checked.error().reason, "schema.bytes_invalid");
  EXPECT_THAT(checked.error().message, ::testing::HasSubstr(problem));
  std::string text = "kept";
  EXPECT_FALSE(schema->decode_to(bytes, &text).ok());
  EXPECT_EQ(text, "kept");
  EXPECT_FALSE(schema->decode(bytes).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, DecodeRefuses,
    ::testing::Values(
        Hostile{"\"bool\"", "02", "bool is neither 0 nor 1"},
        Hostile{"\"bool\"", "", "bytes end inside a value"},
        Hostile{"\"i64\"", "01020304050607", "bytes end inside a value"},
        Hostile{"\"i8\"", "0101", "bytes left over"},
        Hostile{"\"f64\"", "000000000000f07f", "not finite"},
        Hostile{"\"f64\"", "010000000000f07f", "not finite"},
        Hostile{"\"string\"", "0261", "count is more than the bytes that remain"},
        Hostile{"\"string\"", "ffffffff0f", "count is more than the bytes that remain"},
        Hostile{"\"string\"", "ffffffff1f", "not a shortest varint"},
        Hostile{"\"string\"", "808080808001", "not a shortest varint"},
        Hostile{"\"string\"", "8000", "not a shortest varint"},
        Hostile{"\"string\"", "80", "bytes end inside a value"},
        Hostile{"\"string\"", "01ff", "not UTF-8"}, Hostile{"\"string\"", "03eda080", "not UTF-8"},
        Hostile{"\"time\"", "ffffffffffffff7f", "years 1 to 9999"},
        Hostile{"\"date\"", "ffffff7f", "years 1 to 9999"},
        Hostile{"\"money\"", "0100000000000000636e79", "currency"},
        Hostile{"\"decimal\"", "010000000000000013", "scale"},
        Hostile{R"({"enum":["a"]})", "01", "enum index"},
        Hostile{R"({"optional":"u8"})", "0201", "optional marker"},
        Hostile{R"({"list":"i64"})", "02000000000000000000", "count is more than the bytes"},
        Hostile{R"({"map":["string","u8"]})", "02016101016101", "strictly ascending"},
        Hostile{R"({"map":["string","u8"]})", "02016201016101", "strictly ascending"},
        Hostile{R"({"map":["i8","u8"]})", "020101ff01", "strictly ascending"},
        Hostile{R"({"map":["string","u8"]})", "0101ff01", "not UTF-8"},
        Hostile{R"({"variant":[{"name":"a","type":"u8"}]})", "0101", "variant index"},
        Hostile{R"({"personal":"u8"})", "0100", "bytes end inside a value"},
        Hostile{R"({"personal":"u8"})", "03000101", "bytes left over in a personal value"}));

unsigned seed() {
  const char* given = std::getenv("OPSLEDGER_SEED");
  const unsigned value = given ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
  ::testing::Test::RecordProperty("seed", static_cast<int>(value));
  return value;
}

// Whatever is accepted must survive a round trip through both JSON forms; nothing may crash (the
// sanitizer builds run this too).
void decode_and_compare(const Schema& schema, const Bytes& bytes) {
  std::string text;
  const bool fits = schema.check(bytes).ok();
  ASSERT_EQ(schema.decode_to(bytes, &text).ok(), fits);
  const auto tree = schema.decode(bytes);
  ASSERT_EQ(tree.ok(), fits);
  if (!fits) return;
  ASSERT_EQ(*parse_json(text), *tree) << text;
}

TEST(HostileBytes, MutatedValuesAreRefusedOrRead) {
  const unsigned used = seed();
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(used));
  std::mt19937 random(used);
  const auto schema = schema_of(kEverything);
  const Bytes honest = *schema->encode(boost::json::parse(kEverythingValue));
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes = honest;
    for (unsigned n = 1 + random() % 3; n > 0; --n) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) bytes.resize(random() % (bytes.size() + 1));
    decode_and_compare(*schema, bytes);
    if (HasFatalFailure()) return;
  }
}

TEST(HostileBytes, NoiseIsRefusedOrRead) {
  const unsigned used = seed();
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(used));
  std::mt19937 random(used);
  const auto schema =
      value_of(R"({"list":{"variant":[{"name":"a","type":{"map":["string","u8"]}},)"
               R"({"name":"b","type":{"list":{"optional":"u16"}}},{"name":"c","type":"bytes"}]}})");
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 6);
    decode_and_compare(*schema, bytes);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace opsledger
