#include <boost/json.hpp>

#include "kernel/events/raw_append.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/base/assert.hpp"
#include "storage/core/validate.hpp"
#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {

void fuzz_query_json(BytesView input) {
  const auto json = parse_json(input);
  if (!json.ok()) {
    OPS_ASSERT(json.error().code == Code::kMalformed);
    return;
  }
  const auto query = parse_query(*json, "/query");
  if (!query.ok()) OPS_ASSERT(query.error().code == Code::kInvalid);
  if (query.ok()) static_cast<void>(validate_query(*query, "/query"));
}

}  // namespace opsledger::fuzz
