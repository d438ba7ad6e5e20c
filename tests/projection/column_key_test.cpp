#include "kernel/projection/column_key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <random>

#include "kernel/schema/schema.hpp"
#include "tests/projection/engine_fixture.hpp"

namespace opsledger {
namespace {

std::shared_ptr<const Schema> one_field(const std::string& type) {
  return Schema::parse("{\"struct\":[{\"name\":\"v\",\"type\":" + type + "}]}").value();
}

Bytes key_of(const std::string& type, const std::string& json) {
  const auto schema = one_field(type);
  const auto bytes = schema->encode(boost::json::parse("{\"v\":" + json + "}"));
  EXPECT_TRUE(bytes.ok()) << type << " " << json;
  Bytes key;
  EXPECT_TRUE(append_column_key(*schema->root().fields[0].type, *bytes, &key)) << type << json;
  return key;
}

TEST(ColumnKey, GoldenBytesOfEveryTypeStayAsTheyAre) {
  const std::tuple<const char*, const char*, const char*> golden[] = {
      {R"({"optional":"i32"})", "null", "00"},
      {R"({"optional":"i32"})", "7", "018000000000000007"},
      {R"("bool")", "true", "0101"},
      {R"("i8")", "-1", "017fffffffffffffff"},
      {R"("i64")", "-9223372036854775808", "010000000000000000"},
      {R"("u64")", "18446744073709551615", "01ffffffffffffffff"},
      {R"("f64")", "0.0", "018000000000000000"},
      {R"("f64")", "-0.0", "018000000000000000"},
      {R"("f64")", "1.5", "01bff8000000000000"},
      {R"("f64")", "-1.5", "014007ffffffffffff"},
      {R"("string")", R"("ab")", "0161620000"},
      {R"("string")", R"("a\u0000b")", "016100ff620000"},
      {R"("bytes")", R"("/w==")", "01ff0000"},
      {R"("time")", R"("1970-01-01T00:00:01Z")", "0180000000000f4240"},
      {R"("date")", R"("1969-12-31")", "017fffffffffffffff"},
      {R"({"enum":["open","closed"]})", R"("closed")", "0100000001"},
      {R"("decimal")", R"("2.50")",
       "018000000000000000"
       "22b1c8c1227a0000"},
      {R"("decimal")", R"("2.5")",
       "018000000000000000"
       "22b1c8c1227a0000"},
      {R"("money")", R"({"minor":-1,"currency":"CNY"})", "01434e597fffffffffffffff"},
  };
  for (const auto& [type, json, expected] : golden) {
    EXPECT_EQ(hex(key_of(type, json)), expected) << type << " " << json;
  }
}

TEST(ColumnKey, OrderOfKeysIsOrderOfValues) {
  const std::pair<const char*, std::vector<const char*>> ascending[] = {
      {R"({"optional":"i16"})", {"null", "-32768", "-1", "0", "1", "32767"}},
      {R"("f64")", {"-1e300", "-1.5", "-1e-300", "0.0", "1e-300", "0.5", "2.0", "1e300"}},
      {R"("decimal")",
       {R"("-9223372036854775807")", R"("-1.000000000000000001")", R"("-1")", R"("0")",
        R"("0.000000000000000001")", R"("9.99")", R"("10")", R"("9223372036854775807")"}},
      {R"("string")",
       {R"("")", R"("\u0000")", R"("\u0000a")", R"("a")", R"("a\u0000")", R"("aa")", R"("b")",
        R"("é")", R"("中")"}},
      {R"("u8")", {"0", "1", "255"}},
  };
  for (const auto& [type, values] : ascending) {
    for (std::size_t i = 1; i < values.size(); ++i) {
      EXPECT_LT(key_of(type, values[i - 1]), key_of(type, values[i])) << type << " " << values[i];
    }
  }
}

TEST(ColumnKey, NoKeyIsAPrefixOfAnother) {
  std::mt19937_64 random(testing::test_seed());
  std::vector<Bytes> keys;
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (auto n = random() % 6; n > 0; --n) text.push_back("\0\1a\xff"[random() % 4]);
    append_text_key(text, &keys.emplace_back());
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (std::size_t i = 1; i < keys.size(); ++i) EXPECT_FALSE(keys[i].starts_with(keys[i - 1]));
}

TEST(ColumnKey, TypesWithoutOrderAndMalformedBytesAreRefused) {
  for (const auto* type : {R"({"list":"i8"})", R"({"map":["string","i8"]})",
                           R"({"struct":[{"name":"a","type":"i8"}]})", R"({"personal":"string"})",
                           R"({"optional":{"list":"i8"}})"}) {
    EXPECT_FALSE(has_column_key(*one_field(type)->root().fields[0].type)) << type;
  }
  const auto schema = one_field(R"("i64")");
  const auto& type = *schema->root().fields[0].type;
  Bytes key;
  EXPECT_FALSE(append_column_key(type, "1234567", &key));
  EXPECT_FALSE(append_column_key(type, "123456789", &key));
}

TEST(EndOfPrefix, IsTheSmallestBytesBeyondIt) {
  EXPECT_EQ(end_of_prefix("a"), "b");
  EXPECT_EQ(end_of_prefix("a\xff\xff"), "b");
  EXPECT_EQ(end_of_prefix("\xff"), "");
}

}  // namespace
}  // namespace opsledger
