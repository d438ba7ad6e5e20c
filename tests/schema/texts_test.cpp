// Times, dates, decimals and base64 as text.
#include "kernel/schema/base64.hpp"
#include "kernel/schema/decimal.hpp"
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

TEST(Rfc3339, ReadsAnyOffset) {
  const Time expected{1'794'398'640'000'000};
  EXPECT_EQ(parse_rfc3339("2026-11-11T12:04:00Z"), expected);
  EXPECT_EQ(parse_rfc3339("2026-11-11t12:04:00z"), expected);
  EXPECT_EQ(parse_rfc3339("2026-11-11T20:04:00+08:00"), expected);
  EXPECT_EQ(parse_rfc3339("2026-11-11T03:34:00-08:30"), expected);
  EXPECT_EQ(parse_rfc3339("2026-11-11T12:04:00-00:00"), expected);
}

TEST(Rfc3339, ReadsUpToSixFractionDigits) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.5Z"), (Time{500'000}));
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.000001Z"), (Time{1}));
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.999999Z"), (Time{-1}));
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.1234567Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.123456789Z", FineFraction::kTruncate),
            (Time{123'456}));
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-11-11", "2026-11-11T12:04:00", "2026-11-11 12:04:00Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-11T24:00:00Z", "2026-11-11T12:60:00Z",
        "2026-12-31T23:59:60Z", "2026-11-11T12:04:00.Z", "2026-11-11T12:04:00+24:00",
        "2026-11-11T12:04:00+08", "2026-11-11T12:04:00Zx", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "+026-11-11T12:04:00Z",
        "2026-1-11T12:04:00Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, KnowsLeapYears) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z"));
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("1900-02-29T00:00:00Z"));
}

TEST(Rfc3339, WritesWhatItReads) {
  for (const char* text :
       {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z",
        "2026-11-11T20:04:00.250Z", "9999-12-31T23:59:59.999999Z"}) {
    EXPECT_EQ(rfc3339(*parse_rfc3339(text)), text);
  }
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z")->us, kTimeMinUs);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59.999999Z")->us, kTimeMaxUs);
}

TEST(Date, RoundTripsAndRefusesNoDates) {
  for (const char* text : {"0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31"}) {
    std::string again;
    append_date(*parse_date(text), &again);
    EXPECT_EQ(again, text);
  }
  EXPECT_EQ(parse_date("0001-01-01"), kDateMinDays);
  EXPECT_EQ(parse_date("9999-12-31"), kDateMaxDays);
  for (const char* text :
       {"", "2023-02-29", "2023-00-01", "2023-1-01", "2023-01-01T", "20230101"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

std::string decimal_text(DecimalValue value) {
  std::string text;
  append_decimal_value(value, &text);
  return text;
}

TEST(Decimal, KeepsEveryDigit) {
  for (const char* text :
       {"0", "0.00", "2.550", "-0.05", "-12", "9223372036854775807", "-9223372036854775808",
        "0.000000000000000001", "9.223372036854775807"}) {
    const auto value = parse_decimal(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(decimal_text(*value), text);
  }
  EXPECT_EQ(parse_decimal("2.550"), (DecimalValue{2550, 3}));
}

TEST(Decimal, RefusesWhatDoesNotFit) {
  for (const char* text :
       {"", "-", ".5", "5.", "1e3", "+1", "01", "1,5", " 1", "1.2.3", "--1", "9223372036854775808",
        "-9223372036854775809", "0.0000000000000000001", "NaN"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
}

TEST(Base64, FollowsTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    std::string encoded;
    append_base64(bytes, &encoded);
    EXPECT_EQ(encoded, text);
    Bytes decoded;
    EXPECT_TRUE(parse_base64(text, &decoded));
    EXPECT_EQ(decoded, bytes);
  }
}

TEST(Base64, RefusesOtherForms) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm-_", "=Zg="}) {
    Bytes decoded = "kept";
    EXPECT_FALSE(parse_base64(text, &decoded)) << text;
    EXPECT_EQ(decoded, "kept");
  }
}

TEST(JsonText, EscapesOnlyWhatMustBe) {
  std::string text;
  append_json_string("a\"b\\c\n\x01/é上", &text);
  EXPECT_EQ(text, "\"a\\\"b\\\\c\\n\\u0001/é上\"");
}

TEST(JsonText, EscapesAreFoundAtEveryPlaceOfALongText) {
  for (const char special : {'"', '\\', '\x1f', '\0'}) {
    const std::string plain = "!]\x7f\xc3\xa9 #[^`~!]\x7f\xc3\xa9 #[^`~";
    for (std::size_t at = 0; at <= plain.size(); ++at) {
      std::string text = plain;
      text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), special);
      std::string expected = text.substr(0, at);
      append_json_text(std::string(1, special), &expected);
      EXPECT_GT(expected.size(), at + 1);
      expected += text.substr(at + 1);
      std::string escaped;
      append_json_text(text, &escaped);
      EXPECT_EQ(escaped, expected) << at;
    }
  }
}

TEST(JsonText, KeepsNumbersOfTheirKind) {
  std::string text;
  append_json(boost::json::parse(R"({"b":[1,1.0,0.1,1e300,-0.0,18446744073709551615],"a":{}})"),
              &text);
  EXPECT_EQ(text, R"({"b":[1,1.0,0.1,1e+300,-0.0,18446744073709551615],"a":{}})");
}

TEST(JsonParse, ReadsTheNearestDouble) {
  for (const char* text : {"0.09999219179153443", "2.2250738585072014e-308", "1e23",
                           "9007199254740993.0", "0.1", "5e-324"}) {
    const auto parsed = parse_json(text);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->as_double(), std::strtod(text, nullptr)) << text;
  }
  EXPECT_EQ(*parse_json(R"({"a":[1,"x\u4e0a\n",true,null]})"),
            boost::json::parse(R"({"a":[1,"x上\n",true,null]})"));
}

TEST(JsonParse, NamesTheByteOfWhatIsNotJson) {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":1}x", "// c", "nul", "\"\xff\"", "01", "[1]]"}) {
    const auto parsed = parse_json(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, Code::kMalformed);
    EXPECT_THAT(parsed.error().message, ::testing::HasSubstr("at byte "));
  }
}

TEST(JsonParse, RefusesANameThatComesTwiceInOneObject) {
  for (const char* text : {R"({"a":1,"a":2})", R"([{"x":{"a":1,"b":2,"\u0061":3}}])",
                           R"({"a":{"a":{}},"b":[],"a":0})"}) {
    const auto parsed = parse_json(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(parsed.error().message, ::testing::HasSubstr("the name \"a\" twice"));
  }
  const char* apart = R"({"a":{"a":[{"a":1},{"a":2}],"b":1},"b":{"a":{},"ab":1,"b":{}},"ab":3})";
  ASSERT_TRUE(parse_json(apart).ok());
  EXPECT_EQ(*parse_json(apart), boost::json::parse(apart));
}

TEST(JsonParse, RefusesNumbersThatNoDoubleHolds) {
  for (const std::string& text : {std::string("1e400"), std::string("-1e400"),
                                  std::string(400, '9'), "1" + std::string(309, '0') + ".5"}) {
    EXPECT_FALSE(parse_json("{\"a\":" + text + "}").ok()) << text;
  }
  EXPECT_EQ(parse_json("1.7976931348623157e308")->as_double(), 1.7976931348623157e308);
  EXPECT_EQ(parse_json("1e-400")->as_double(), 0.0);
}

TEST(JsonParse, BoundsNesting) {
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']')).ok());
  EXPECT_FALSE(parse_json(std::string(33, '[') + std::string(33, ']')).ok());
}

TEST(JsonText, EscapesPointerTokens) {
  std::string pointer = "/data";
  append_pointer_token("a/b~c", &pointer);
  EXPECT_EQ(pointer, "/data/a~1b~0c");
}

}  // namespace
}  // namespace opsledger
