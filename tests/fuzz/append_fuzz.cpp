#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kernel/events/raw_append.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/base/assert.hpp"
#include "storage/core/apply.hpp"
#include "storage/core/record.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/plugin/declared_module.hpp"

namespace opsledger::fuzz {

namespace {

const Registry& registry() {
  static const Registry filled = [] {
    const auto raised =
        Schema::parse(R"({"struct":[{"name":"id","type":"string"},{"name":"severity","type":"u8"},)"
                      R"({"name":"due_at","type":{"optional":"time"}}]})")
            .value();
    ModuleInfo info;
    info.name = "incident";
    info.version = "1.0.0";
    info.prefixes = {"incident"};
    info.event_types = {{.type = "incident.raised", .schema = raised, .owned = true}};
    Registry made;
    OPS_ASSERT(made.add(testing::declared(info)).ok());
    return made;
  }();
  return filled;
}

/// What the ledger would store of it reads back as what was meant.
void store(Proposal proposal) {
  const auto events = proposal.events;
  const auto prepared = prepare(proposal);
  if (!prepared.ok()) return;
  OPS_ASSERT(prepared->ends.size() == events.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const BytesView record(prepared->records.data() + begin, prepared->ends[i] - begin);
    const auto event = EventDecoder::decode_strict(record);
    OPS_ASSERT(event.ok() && event->type == events[i].type && event->data == events[i].data);
    begin = prepared->ends[i];
  }
}

}  // namespace

void fuzz_append(BytesView input) {
  const auto json = parse_json(input);
  if (!json.ok()) return;
  const RawAppend append(registry());
  RequestContext context;
  auto own = append.parse(*json, context);
  if (own.ok()) store(std::move(*own));
  context.idempotency_key = "k";
  auto cloud = append.parse_cloud_events(*json, context);
  if (cloud.ok()) store(std::move(*cloud));
}

}  // namespace opsledger::fuzz
