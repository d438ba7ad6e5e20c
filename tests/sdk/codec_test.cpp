#include <gtest/gtest.h>

#include <opsledger/kit/print.hpp>
#include <opsledger/sdk.hpp>

#include <limits>

#include "tests/sdk/samples.hpp"
#include "tests/sdk/seed.hpp"

namespace samples {
namespace {

using ops::DecodeError;
using ops::from_bytes;
using ops::to_bytes;

std::string hex(std::string_view bytes) {
  std::string out;
  for (const unsigned char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", c);
    out += two;
  }
  return out;
}

struct Small {
  std::string id = "ab";
  std::int32_t n = -2;
  std::optional<bool> yes = true;
  std::vector<std::uint16_t> list{1, 256};
  Color color = Color::blue;
  ops::Decimal price = ops::Decimal::parse("2.55");
  ops::Money money = ops::Money::of(1999, "CNY");
  ops::Date date = ops::Date::of(1970, 1, 3);
  std::variant<std::string, bool> either = true;
  std::map<std::string, std::int8_t> map{{"k", 7}};
  void serialize(auto& ar) {
    ar(NVP(id), NVP(n), NVP(yes), NVP(list), NVP(color), NVP(price), NVP(money), NVP(date),
       NVP(either), NVP(map));
  }
};

TEST(Codec, BytesAreThoseOfTheSchemaPage) {
  EXPECT_EQ(hex(to_bytes(Small())),
            "026162"
            "feffffff"
            "0101"
            "0201000001"
            "02"
            "ff0000000000000002"
            "cf07000000000000434e59"
            "02000000"
            "0101"
            "01016b07");
}

TEST(Codec, RandomValuesComeBackTheSame) {
  std::mt19937_64 random(test_seed());
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = to_bytes(random_everything(random));
    ASSERT_EQ(hex(to_bytes(from_bytes<Everything>(bytes))), hex(bytes));
  }
}

TEST(Codec, SchemaDescribesTheBytes) {
  std::mt19937_64 random(test_seed());
  const auto schema = ops::Json::parse(ops::schema_of<Everything>());
  for (int i = 0; i < 200; ++i) {
    const Everything e = random_everything(random);
    const std::string bytes = to_bytes(e);
    ops::kit::SchemaPrinter printer(bytes);
    EXPECT_EQ(printer.value(schema)["text"].str(), e.text);
    EXPECT_TRUE(printer.at_end());
  }
}

TEST(Codec, EveryTruncationIsRefused) {
  std::mt19937_64 random(test_seed());
  const std::string bytes = to_bytes(random_everything(random));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_THROW(from_bytes<Everything>(std::string_view(bytes).substr(0, n)), DecodeError) << n;
  }
  EXPECT_THROW(from_bytes<Everything>(bytes + "x"), DecodeError);
}

TEST(Codec, DamagedBytesNeverCrash) {
  std::mt19937_64 random(test_seed());
  std::size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = to_bytes(random_everything(random));
    for (auto n = 1 + random() % 4; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    try {
      from_bytes<Everything>(bytes);
    } catch (const DecodeError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000u);
}

TEST(Codec, RandomBytesNeverCrash) {
  std::mt19937_64 random(test_seed());
  for (int i = 0; i < 50000; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_THROW(from_bytes<Everything>(bytes), DecodeError);
  }
}

struct Texts {
  std::vector<std::string> texts;
  void serialize(auto& ar) { ar(NVP(texts)); }
};
struct OneMap {
  std::map<std::string, bool> map;
  void serialize(auto& ar) { ar(NVP(map)); }
};
struct OneColor {
  Color color{};
  void serialize(auto& ar) { ar(NVP(color)); }
};
struct OneFlag {
  bool flag = false;
  void serialize(auto& ar) { ar(NVP(flag)); }
};
struct OneNumber {
  double number = 0;
  void serialize(auto& ar) { ar(NVP(number)); }
};

TEST(Codec, LengthBeyondTheBytesIsRefusedBeforeMemoryIsTaken) {
  EXPECT_THROW(from_bytes<Texts>("\xff\xff\xff\xff\x0f"), DecodeError);
  EXPECT_THROW(from_bytes<Texts>(std::string("\x01\xff\xff\xff\xff\x0f")), DecodeError);
}

TEST(Codec, LengthMustBeInItsShortestForm) {
  EXPECT_EQ(from_bytes<Texts>(std::string("\0", 1)).texts.size(), 0u);
  EXPECT_THROW(from_bytes<Texts>(std::string("\x80\0", 2)), DecodeError);
  EXPECT_THROW(from_bytes<Texts>(std::string("\x80\x80\x80\x80\x80\0", 6)), DecodeError);
}

TEST(Codec, MapKeysMustAscend) {
  EXPECT_EQ(from_bytes<OneMap>(std::string("\x02\x01"
                                           "a\x01\x01"
                                           "b\0",
                                           7))
                .map.size(),
            2u);
  EXPECT_THROW(from_bytes<OneMap>(std::string("\x02\x01"
                                              "b\x01\x01"
                                              "a\0",
                                              7)),
               DecodeError);
  EXPECT_THROW(from_bytes<OneMap>(std::string("\x02\x01"
                                              "a\x01\x01"
                                              "a\0",
                                              7)),
               DecodeError);
}

TEST(Codec, ValuesOutsideTheirTypeAreRefused) {
  EXPECT_THROW(from_bytes<OneColor>("\x03"), DecodeError);
  EXPECT_THROW(from_bytes<OneFlag>("\x02"), DecodeError);
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_THROW(to_bytes(OneNumber{infinite}), ops::ValueError);
  EXPECT_THROW(from_bytes<OneNumber>(std::string_view(reinterpret_cast<const char*>(&infinite), 8)),
               DecodeError);
  EXPECT_THROW(to_bytes(OneColor{static_cast<Color>(9)}), ops::ValueError);
}

}  // namespace
}  // namespace samples
