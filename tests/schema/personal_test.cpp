#include "kernel/schema/personal_tokens.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kernel/schema/schema.hpp"

namespace opsledger {
namespace {

constexpr const char* kPerson =
    R"({"struct":[{"name":"id","type":"string"},{"name":"name","type":{"personal":"string"}},)"
    R"({"name":"phones","type":{"list":{"personal":"string"}}},)"
    R"({"name":"born","type":{"optional":{"personal":"date"}}},)"
    R"({"name":"kin","type":{"map":["string",{"personal":"i32"}]}},)"
    R"({"name":"size","type":"i64"}]})";
constexpr const char* kJson =
    R"({"id":"P-1","name":"王伟","phones":["138","139"],"born":"1990-02-03","kin":{"son":7},)"
    R"("size":42})";

class PersonalTokens : public ::testing::Test {
 protected:
  std::shared_ptr<const Schema> schema = Schema::parse(kPerson).value();
  Bytes clear = schema->encode(boost::json::parse(kJson)).value();

  Result<Bytes> replaced(const Bytes& from, const ReplaceToken& replace) {
    Bytes out;
    OPS_TRY(replace_tokens(schema->root(), from, replace, &out));
    return out;
  }
  std::string shown(const Bytes& bytes) {
    std::string json;
    EXPECT_TRUE(schema->decode_to(bytes, &json).ok());
    return json;
  }
};

TEST_F(PersonalTokens, EveryTokenIsMetOnceWithItsPlaceAndTheRestStays) {
  std::vector<std::string> places;
  const auto same = replaced(clear, [&](BytesView token, std::string_view place) -> Result<Bytes> {
    places.emplace_back(place);
    return Bytes(token);
  });
  EXPECT_EQ(same.value(), clear);
  EXPECT_EQ(places,
            (std::vector<std::string>{"/name", "/phones/0", "/phones/1", "/born", "/kin/0"}));
}

TEST_F(PersonalTokens, SealedErasedAndClearOnesAreShownAsWhatTheyAre) {
  const auto sealed = replaced(clear, [](BytesView, std::string_view place) -> Result<Bytes> {
    return place == "/name" ? Bytes("\1xyz") : Bytes(1, kPersonalErased);
  });
  ASSERT_TRUE(schema->check(*sealed).ok());
  EXPECT_EQ(shown(*sealed), R"({"id":"P-1","name":"<personal>","phones":["<erased>","<erased>"],)"
                            R"("born":"<erased>","kin":{"son":"<erased>"},"size":42})");
  EXPECT_EQ(boost::json::parse(shown(clear)), boost::json::parse(kJson));
}

TEST_F(PersonalTokens, NullStaysNullAndIsNotAskedAbout) {
  const auto bytes = schema->encode(
      boost::json::parse(R"({"id":"P-1","name":null,"phones":[],"kin":{},"size":1})"));
  const auto same = replaced(*bytes, [](BytesView, std::string_view) -> Result<Bytes> {
    return Error{Code::kInternal, "test", "asked about null"};
  });
  EXPECT_EQ(same.value(), *bytes);
}

TEST_F(PersonalTokens, BytesCutAnywhereAreRefused) {
  for (std::size_t size = 0; size < clear.size(); ++size) {
    const auto cut = replaced(clear.substr(0, size), [](BytesView token, std::string_view) {
      return Result<Bytes>(Bytes(token));
    });
    EXPECT_FALSE(cut.ok()) << size;
  }
  EXPECT_FALSE(replaced(clear + "x", [](BytesView token, std::string_view) {
                 return Result<Bytes>(Bytes(token));
               }).ok());
}

}  // namespace
}  // namespace opsledger
