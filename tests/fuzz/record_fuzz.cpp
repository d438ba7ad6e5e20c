#include <boost/json.hpp>

#include "kernel/events/cloud_event.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/base/assert.hpp"
#include "storage/core/record.hpp"
#include "storage/core/validate.hpp"
#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {

namespace {

/// Every accessor stays inside the record.
void look_at_all(const EventView& event) {
  std::size_t bytes = event.id().size();
  for (const auto tag : event.tags()) {
    bytes += tag.size();
    OPS_ASSERT(event.has_tag(tag));
  }
  for (const auto& [key, value] : event.metadata()) bytes += key.size() + value.size();
  OPS_ASSERT(bytes <= 2 * event.encoded.size() + 20);
}

/// Whether its data is what whoever proposes has checked: JSON where it has no schema.
bool has_good_data(const EventView& event) {
  return !event.schema.is_json() || event.data.empty() || parse_json(event.data).ok();
}

void show(const EventView& event) {
  static const SchemaCatalog catalog;
  std::string text;
  EventRenderer({}, catalog).render(event, &text);
  OPS_ASSERT(parse_json(text, 64).ok());
}

}  // namespace

void fuzz_record(BytesView input) {
  EventView event;
  const bool loose = EventDecoder::decode(input, &event);
  if (loose) look_at_all(event);
  const auto strict = EventDecoder::decode_strict(input);
  OPS_ASSERT(loose || !strict.ok());
  if (!strict.ok()) return;
  OPS_ASSERT(strict->encoded == input);
  Proposal proposal;
  proposal.events = {to_new_event(*strict)};
  OPS_ASSERT(validate_proposal(proposal).ok());
  if (has_good_data(*strict)) show(*strict);
}

}  // namespace opsledger::fuzz
