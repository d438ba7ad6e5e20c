// A schema that holds one of everything, and short ways to use schemas in tests.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "kernel/schema/schema.hpp"

namespace opsledger::testing {

inline std::shared_ptr<const Schema> schema_of(std::string_view text) {
  auto schema = Schema::parse(text);
  EXPECT_TRUE(schema.ok()) << schema.error().message;
  return *schema;
}

/// `{"struct":[F…]}` of fields given as JSON without braces around the list.
inline std::shared_ptr<const Schema> struct_of(std::string_view fields) {
  return schema_of("{\"struct\":[" + std::string(fields) + "]}");
}
/// One field `v` of the type.
inline std::shared_ptr<const Schema> value_of(std::string_view type) {
  return struct_of("{\"name\":\"v\",\"type\":" + std::string(type) + "}");
}

inline constexpr std::string_view kEverything =
    R"({"struct":[{"name":"b","type":"bool"},{"name":"i8","type":"i8"},{"name":"i16","type":"i16"},)"
    R"({"name":"i32","type":"i32"},{"name":"i64","type":"i64"},{"name":"u8","type":"u8"},)"
    R"({"name":"u16","type":"u16"},{"name":"u32","type":"u32"},{"name":"u64","type":"u64"},)"
    R"({"name":"f","type":"f64"},{"name":"s","type":"string"},{"name":"raw","type":"bytes"},)"
    R"({"name":"at","type":"time"},{"name":"day","type":"date"},{"name":"price","type":"money"},)"
    R"({"name":"rate","type":"decimal"},{"name":"state","type":{"enum":["open","closed"]}},)"
    R"({"name":"note","type":{"optional":"string"}},{"name":"list","type":{"list":"i32"}},)"
    R"({"name":"names","type":{"map":["string","i64"]}},{"name":"ids","type":{"map":["i32","bool"]}},)"
    R"({"name":"what","type":{"variant":[{"name":"text","type":"string"},)"
    R"({"name":"pair","type":{"struct":[{"name":"x","type":"i32"},{"name":"y","type":"i32"}]}}]}},)"
    R"({"name":"who","type":{"personal":"string"}}]})";

inline constexpr std::string_view kEverythingValue =
    R"({"b":true,"i8":-128,"i16":-32768,"i32":-2147483648,"i64":-9223372036854775808,"u8":255,)"
    R"("u16":65535,"u32":4294967295,"u64":18446744073709551615,"f":0.1,"s":"\"é上\n","raw":"AAEC",)"
    R"("at":"2026-11-11T12:04:00.250Z","day":"2024-02-29","price":{"minor":1999,"currency":"CNY"},)"
    R"("rate":"2.550","state":"closed","note":null,"list":[1,-2,3],"names":{"a":1,"b":-1},)"
    R"("ids":{"-7":true,"3":false},"what":{"pair":{"x":1,"y":2}},"who":"王"})";

}  // namespace opsledger::testing
