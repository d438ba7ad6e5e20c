#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kernel/schema/json_parse.hpp"
#include "storage/base/assert.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/schema/schema_fixture.hpp"

namespace opsledger::fuzz {

namespace {

/// A personal value is shown as a placeholder, so its JSON does not lead back to its bytes.
bool has_personal(const Schema& schema) {
  return schema.text().find("\"personal\"") != std::string::npos;
}

void bytes_to_json_and_back(const Schema& schema, BytesView bytes) {
  std::string text;
  const bool fits = schema.check(bytes).ok();
  OPS_ASSERT(schema.decode_to(bytes, &text).ok() == fits);
  const auto tree = schema.decode(bytes);
  OPS_ASSERT(tree.ok() == fits);
  if (!fits) return;
  const auto parsed = parse_json(text, 200);
  OPS_ASSERT(parsed.ok() && *parsed == *tree);
  if (has_personal(schema)) return;
  const auto again = schema.encode(*parsed);
  OPS_ASSERT(again.ok() && *again == bytes);
}

const Schema& everything() {
  static const auto schema = Schema::parse(testing::kEverything).value();
  return *schema;
}

const Schema& all_but_personal() {
  static const auto schema = [] {
    std::string text(testing::kEverything);
    const std::string_view personal = R"({"personal":"string"})";
    text.replace(text.find(personal), personal.size(), R"("string")");
    return Schema::parse(text).value();
  }();
  return *schema;
}

}  // namespace

void fuzz_schema_text(BytesView input) {
  const auto end = std::min(input.find('\n'), input.size());
  const auto schema = Schema::parse(input.substr(0, end));
  if (!schema.ok()) return;
  OPS_ASSERT((*schema)->text() == input.substr(0, end));
  OPS_ASSERT(!(*schema)->json_schema().empty());
  const auto self = Resolution::make(*schema, *schema);
  OPS_ASSERT(self.ok());
  if (end < input.size()) bytes_to_json_and_back(**schema, input.substr(end + 1));
}

void fuzz_codec(BytesView input) {
  bytes_to_json_and_back(everything(), input);
  bytes_to_json_and_back(all_but_personal(), input);
}

void fuzz_encode(BytesView input) {
  const auto json = parse_json(input);
  if (!json.ok()) return;
  for (const auto* schema : {&everything(), &all_but_personal()}) {
    const auto bytes = schema->encode(*json, "/data", UnknownFields::kDrop);
    if (bytes.ok()) bytes_to_json_and_back(*schema, *bytes);
  }
}

}  // namespace opsledger::fuzz
