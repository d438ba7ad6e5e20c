#include <gtest/gtest.h>

#include <opsledger/sdk.hpp>

#include "tests/sdk/samples.hpp"

namespace samples {
namespace {

using ops::schema_of;

TEST(Schema, EveryTypeHasItsName) {
  EXPECT_EQ(
      schema_of<Everything>(),
      R"({"struct":[{"name":"flag","type":"bool"},{"name":"i8","type":"i8"},)"
      R"({"name":"u16","type":"u16"},{"name":"i32","type":"i32"},{"name":"u64","type":"u64"},)"
      R"({"name":"number","type":"f64"},{"name":"text","type":"string"},)"
      R"({"name":"bytes","type":"bytes"},{"name":"time","type":"time"},)"
      R"({"name":"date","type":"date"},{"name":"money","type":"money"},)"
      R"({"name":"decimal","type":"decimal"},)"
      R"({"name":"color","type":{"enum":["red","green","blue"]}},)"
      R"({"name":"maybe","type":{"optional":"string"}},)"
      R"({"name":"points","type":{"list":{"struct":[{"name":"x","type":"i32"},)"
      R"({"name":"y","type":"i32"}]}}},{"name":"flags","type":{"list":"bool"}},)"
      R"({"name":"lists","type":{"map":["string",{"list":"i64"}]}},)"
      R"({"name":"colors","type":{"map":["i32",{"enum":["red","green","blue"]}]}},)"
      R"({"name":"either","type":{"variant":[{"name":"text","type":"string"},)"
      R"({"name":"point","type":{"struct":[{"name":"x","type":"i32"},{"name":"y","type":"i32"}]}},)"
      R"({"name":"decimal","type":"decimal"}]}},{"name":"person","type":{"personal":"string"}}]})");
}

struct Annotated {
  std::int32_t level = 3;
  void serialize(auto& ar) {
    ar(OPS_FIELD(level, "Level", "级别").doc("1 \"worst\"").alias("severity").defaulted());
  }
};

TEST(Schema, AnnotationsStandInTheOrderOfTheSchemaPage) {
  EXPECT_EQ(schema_of<Annotated>(),
            R"({"struct":[{"name":"level","type":"i32","default":3,"alias":["severity"],)"
            R"("label":{"en":"Level","zh":"级别"},"doc":"1 \"worst\""}]})");
}

struct Cereal {
  std::string id;
  void serialize(auto& ar) { ar(CEREAL_NVP(id)); }
};

TEST(Schema, CerealsOwnNamedPairsWorkToo) {
  EXPECT_EQ(schema_of<Cereal>(), R"({"struct":[{"name":"id","type":"string"}]})");
}

struct Tree {
  std::vector<Tree> children;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(children));
  }
};

TEST(Schema, TypeThatContainsItselfIsRefused) {
  EXPECT_THROW(schema_of<Tree>(), ops::DeclarationError);
}

TEST(Schema, DependsOnTypesNotOnValues) {
  EXPECT_EQ(schema_of<Everything>(), schema_of<Everything>());
  EXPECT_NE(schema_of<Point>(), schema_of<Cereal>());
}

}  // namespace
}  // namespace samples
