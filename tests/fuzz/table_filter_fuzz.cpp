#include "kernel/schema/json_parse.hpp"
#include "storage/base/assert.hpp"
#include "storage/core/validate.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/query/table_fixture.hpp"

namespace opsledger::fuzz {

namespace {

/// The table of the query tests, outside of a test.
class SmallTable : public testing::TableTest {
 public:
  SmallTable() {
    put("a", R"("age":30,"name":"Ann","price":"2.50","score":0.5,"done":true,"tags":["x","y"])");
    put("b", R"x("age":null,"name":"B%_*","state":"held","due":"2026-11-11","nick":"b, (c)")x");
    put("c", R"("age":-1,"name":"王","score":-1e300,"size":18446744073709551615)");
    put("d", R"("age":30,"name":"","state":"closed","done":false,"tags":["x"])");
    erase("c");
    put("e", R"("age":2147483647,"price":"-9223372036854775.808","nick":"\"")");
  }
  void TestBody() override {}
  using TableTest::snapshot;
};

QueryParameters split(BytesView text) {
  QueryParameters parameters;
  while (!text.empty()) {
    const BytesView pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const BytesView value = pair.substr(std::min(equals + 1, pair.size()));
    parameters.emplace_back(pair.substr(0, equals), value);
  }
  return parameters;
}

bool is_callers(Code code) {
  return code == Code::kInvalid || code == Code::kMalformed || code == Code::kUnsupported ||
         code == Code::kTooLarge;
}

}  // namespace

void fuzz_table_filter(BytesView input) {
  static const SmallTable table;
  if (!is_utf8(input)) return;  // parse_target (kernel/http/request.hpp) refuses it before
  const auto parameters = split(input);
  for (const Position as_of : {kHead, Position{3}}) {
    const auto page = read_table(table.snapshot(as_of), parameters, true);
    if (page.ok()) {
      OPS_ASSERT(parse_json(page->json).ok());
      OPS_ASSERT(page->total && *page->total >= page->rows);
    } else {
      OPS_ASSERT(is_callers(page.error().code));
    }
  }
}

}  // namespace opsledger::fuzz
