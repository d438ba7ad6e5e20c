// Facts about channels and people, read from the ledger when a call needs them.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "kernel/effects/channel.hpp"
#include "kernel/events/personal_events.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// The event's data as JSON, whatever it is stored as; empty when it does not decode. Personal
/// fields that `reader` may not see are no texts.
boost::json::object event_data(const EventView& event, const SchemaCatalog& schemas,
                               const PersonalReader& reader = {});

/// A text member, or nothing when it is missing, null or no text.
std::string text_member(const boost::json::object& data, std::string_view name);

/// As it was defined last; nothing when it is unknown or retired.
Result<std::optional<ChannelFacts>> read_channel(const Ledger& ledger, const SchemaCatalog& schemas,
                                                 const std::string& channel);

/// From `person.registered` and what changed since.
Result<Contact> read_contact(const Ledger& ledger, const SchemaCatalog& schemas,
                             const PersonalReader& reader, const std::string& person);

}  // namespace opsledger
