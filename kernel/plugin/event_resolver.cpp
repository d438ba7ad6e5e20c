#include "kernel/plugin/event_resolver.hpp"

#include "kernel/schema/json_parse.hpp"

namespace opsledger {

namespace {

constexpr unsigned kStoredJsonDepthMax = 64;  // whoever appended had a smaller limit

// `task.*` and `*`, as a listener may name foreign types.
bool matches_pattern(std::string_view pattern, std::string_view type) {
  return pattern.ends_with('*') && type.starts_with(pattern.substr(0, pattern.size() - 1));
}

Error poison(const EventView& event, const Error& why) {
  Error error = why;
  error.message = "event " + std::to_string(event.position.value) + " (" + std::string(event.type) +
                  "): " + why.message;
  return error;
}

}  // namespace

EventResolver::EventResolver(PluginInstance& module, const SchemaCatalog& schemas,
                             std::span<const std::uint32_t> types)
    : module_(module), schemas_(schemas), types_(types) {}

Result<std::span<const PluginEvent>> EventResolver::resolve(std::span<const EventView> events) {
  events_.clear();
  spans_.clear();
  converted_.clear();
  last_name_ = {};
  last_type_ = kNone;
  for (const EventView& event : events) {
    const std::uint32_t type = type_of(event.type);
    if (type == kNone) {
      ++skipped_;
      continue;
    }
    if (Status status = deliver(type, event); !status.ok()) {
      failed_at_ = event.position;
      return poison(event, status.error());
    }
  }
  for (const Span& span : spans_) {
    events_[span.event].data = BytesView(converted_).substr(span.from, span.size);
  }
  return std::span<const PluginEvent>(events_);
}

std::uint32_t EventResolver::type_of(std::string_view type) {
  if (last_name_ == type) return last_type_;
  std::uint32_t best = kNone;
  std::size_t best_length = 0;
  for (const std::uint32_t index : types_) {
    const std::string& name = module_.info().event_types[index].type;
    if (name == type) {
      best = index;
      break;
    }
    if (matches_pattern(name, type) && name.size() > best_length) {
      best = index;
      best_length = name.size();
    }
  }
  last_name_ = type;
  last_type_ = best;
  return best;
}

Status EventResolver::deliver(std::uint32_t type, const EventView& event) {
  const auto& reader = module_.info().event_types[type].schema;
  events_.push_back({type, event.data, &event});
  if (reader ? reader->id() == event.schema : event.schema.is_json()) return {};
  const std::size_t from = converted_.size();
  OPS_TRY(convert(type, event));
  spans_.push_back({events_.size() - 1, from, converted_.size() - from});
  return {};
}

Status EventResolver::convert(std::uint32_t type, const EventView& event) {
  const auto& reader = module_.info().event_types[type].schema;
  if (!reader) return to_json(event);
  if (event.schema.is_json()) return from_json(*reader, event);
  return resolve_typed(type, event);
}

Status EventResolver::to_json(const EventView& event) {
  const auto writer = schemas_.find(event.schema);
  if (writer == nullptr) {
    return Error{Code::kCorrupt, "schema.unknown",
                 "schema " + hex(event.schema.bytes) +
                     " is not registered in this ledger; run "
                     "`opsledger verify`"};
  }
  return writer->decode_to(event.data, &converted_);
}

Status EventResolver::from_json(const Schema& reader, const EventView& event) {
  const auto data = parse_json(event.data, kStoredJsonDepthMax);
  if (!data.ok()) return Error{Code::kCorrupt, "schema.bytes_invalid", data.error().message};
  return encode_value(reader.root(), *data, "/data", UnknownFields::kDrop, &converted_);
}

Status EventResolver::resolve_typed(std::uint32_t type, const EventView& event) {
  const auto resolution =
      schemas_.resolution(event.schema, module_.info().event_types[type].schema);
  if (resolution.ok()) return (*resolution)->convert(event.data, &converted_);
  return upcast(type, event, resolution.error());
}

// The newest older shape that the data can be read as, then the module's own step from there.
Status EventResolver::upcast(std::uint32_t type, const EventView& event,
                             const Error& incompatible) {
  const auto& upcasts = module_.info().event_types[type].upcasts;
  for (std::uint32_t i = 0; i < upcasts.size(); ++i) {
    const auto resolution = schemas_.resolution(event.schema, upcasts[i].schema);
    if (!resolution.ok()) continue;
    Bytes older;
    OPS_TRY((*resolution)->convert(event.data, &older));
    OPS_TRY_ASSIGN(const Bytes newer, module_.upcast(type, i, older));
    converted_.append(newer);
    return {};
  }
  return incompatible;
}

}  // namespace opsledger
