#include "kernel/plugin/abi_events.hpp"

#include "kernel/schema/json_text.hpp"
#include "kernel/schema/payload_writer.hpp"

namespace opsledger {

namespace {

Bytes tags_bytes(const EventView& event) {
  Bytes bytes;
  for (const std::string_view tag : event.tags()) append_sized(tag, &bytes);
  return bytes;
}

std::string metadata_json(const EventView& event) {
  std::string text = "{";
  for (const auto& [key, value] : event.metadata()) {
    if (text.size() > 1) text.push_back(',');
    append_json_string(key, &text);
    text.push_back(':');
    append_json_string(value, &text);
  }
  return text.append("}");
}

ops_event abi_event(const PluginEvent& from) {
  ops_event event{};
  event.type = from.type;
  event.position = from.event->position.value;
  event.recorded_at_us = from.event->recorded_at.us;
  event.time_us = from.event->time.us;
  event.data = view_of(from.data);
  event.type_name = view_of(from.event->type);
  event.department = view_of(from.event->department);
  event.actor = view_of(from.event->actor);
  return event;
}

}  // namespace

AbiEvents::AbiEvents(const ModuleInfo& info, std::span<const PluginEvent> events) {
  events_.reserve(events.size());
  for (const PluginEvent& event : events) {
    events_.push_back(abi_event(event));
    const EventTypeInfo& type = info.event_types[event.type];
    if (!type.wants_tags && !type.wants_metadata) continue;
    extras_.push_back({events_.size() - 1, type.wants_tags ? tags_bytes(*event.event) : Bytes(),
                       type.wants_metadata ? metadata_json(*event.event) : std::string()});
    if (type.wants_tags) events_.back().tag_count = event.event->tag_count();
  }
  for (const Extra& extra : extras_) {
    events_[extra.event].tags = view_of(extra.tags);
    events_[extra.event].metadata = view_of(extra.metadata);
  }
  span_ = {events_.data(), static_cast<std::uint32_t>(events_.size()), sizeof(ops_event)};
}

AbiEnvelope::AbiEnvelope(const PluginEnvelope& envelope) {
  for (const std::string& id : envelope.ids) ids_.push_back(view_of(id));
  envelope_.size = sizeof(envelope_);
  envelope_.id_count = static_cast<std::uint32_t>(ids_.size());
  envelope_.position = envelope.position.value;
  envelope_.time_us = envelope.time.us;
  envelope_.actor = view_of(envelope.actor);
  envelope_.role = view_of(envelope.role);
  envelope_.department = view_of(envelope.department);
  envelope_.reason = view_of(envelope.reason);
  envelope_.correlation = view_of(envelope.correlation);
  envelope_.number = view_of(envelope.number);
  envelope_.ids = ids_.data();
  envelope_.timer_id = view_of(envelope.timer_id);
  envelope_.late_by_us = envelope.late_by.count();
  envelope_.scope = view_of(envelope.scope);
}

}  // namespace opsledger
