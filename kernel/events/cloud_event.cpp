#include "kernel/events/cloud_event.hpp"

#include <algorithm>
#include <utility>

#include "kernel/events/attributes.hpp"
#include "kernel/schema/base64.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/personal_tokens.hpp"
#include "kernel/schema/time_text.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

// `,"name":"` … `"`; names are ours or checked metadata keys, never in need of escapes.
void open(std::string_view name, std::string* out) {
  out->append(",\"").append(name).append("\":\"");
}

void attribute(std::string_view name, std::string_view value, std::string* out) {
  if (value.empty()) return;
  out->append(",\"").append(name).append("\":");
  append_json_string(value, out);
}

void attribute(std::string_view name, Position value, std::string* out) {
  open(name, out);
  append_decimal(value.value, out);
  out->push_back('"');
}

void attribute(std::string_view name, Time value, std::string* out) {
  if (!time_in_range(value)) return;
  open(name, out);
  append_rfc3339(value, out);
  out->push_back('"');
}

void tags_attribute(const EventView& event, std::string* out) {
  if (event.tag_count() == 0) return;
  open("tags", out);
  bool first = true;
  for (const std::string_view tag : event.tags()) {
    if (!std::exchange(first, false)) out->push_back(',');
    append_json_text(tag, out);
  }
  out->push_back('"');
}

// A path segment of a URI reference (RFC 3986): everything but unreserved characters as %XX.
void append_segment(std::string_view text, std::string* out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out->push_back('/');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out->push_back(c);
    } else {
      out->append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
}

// `order@1.0.0` -> `order`.
std::string_view module_name(const EventView& event) {
  return event.module.substr(0, event.module.find('@'));
}

/// Names that the event's own fields are shown under, and what is never shown.
constexpr std::string_view kTaken[] = {
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "datacontenttype",
    "dataschema",
    "position",
    "recordedat",
    "tags",
    "department",
    "actor",
    "correlationid",
    "causationposition",
    "module",
    "data",
    attributes::kDataEncoding,
    attributes::kKey,
};

bool same_name(std::string_view key, std::string_view name) {
  std::size_t at = 0;
  for (const char c : key) {
    if (c == '_') continue;
    if (at == name.size() || name[at++] != c) return false;
  }
  return at == name.size();
}

/// Whether metadata `key` would be shown under a name that is taken: no reader is told two things
/// under one name. What comes in over HTTP is renamed before (attributes::kLedgersOwn).
bool is_taken(const EventView& event, std::string_view key, std::string_view name) {
  if (std::ranges::find(kTaken, name) != std::end(kTaken)) return true;
  for (const auto& entry : event.metadata()) {
    if (entry.first == key) return false;
    if (same_name(entry.first, name)) return true;
  }
  return false;
}

void metadata_attributes(const EventView& event, std::string* out) {
  std::string name;
  for (const auto& [key, value] : event.metadata()) {
    name.assign(key);
    std::erase(name, '_');
    if (is_taken(event, key, name)) continue;
    attribute(name, value, out);
  }
}

void data_base64(BytesView bytes, std::string* out) {
  open("data_base64", out);
  append_base64(bytes, out);
  out->push_back('"');
}

Status append_data(const Schema& schema, BytesView data, const PersonalReader* personal,
                   std::string* out) {
  if (personal == nullptr || !has_personal(schema.root())) return schema.decode_to(data, out);
  Bytes revealed;
  OPS_TRY(personal->reveal(schema.root(), data, &revealed));
  return schema.decode_to(revealed, out);
}

}  // namespace

EventRenderer::EventRenderer(const LedgerId& ledger, const SchemaCatalog& schemas)
    : source_prefix_("/opsledger/" + hex(ledger.bytes)), schemas_(schemas) {}

void EventRenderer::render(const EventView& event, std::string* out,
                           const PersonalReader* personal) const {
  out->append("{\"specversion\":\"1.0\"");
  render_context(event, out);
  render_data(event, personal, out);
  out->push_back('}');
}

void EventRenderer::render_context(const EventView& event, std::string* out) const {
  const auto caller_id = event.metadata(attributes::kId);
  caller_id ? attribute("id", *caller_id, out) : attribute("id", event.position, out);
  open("source", out);
  out->append(source_prefix_);
  const std::string_view origin = event.module.empty() ? event.department : module_name(event);
  if (!origin.empty()) append_segment(origin, out);
  out->push_back('"');
  attribute("type", event.type, out);
  attribute("time", event.time, out);
  attribute("datacontenttype",
            event.metadata(attributes::kDataContentType).value_or(attributes::kJsonType), out);
  if (event.schema.is_json()) {
    attribute("dataschema", event.metadata(attributes::kDataSchema).value_or(""), out);
  } else {
    open("dataschema", out);
    out->append(attributes::kTypedSchemaPrefix).append(hex(event.schema.bytes)).push_back('"');
  }
  attribute("position", event.position, out);
  attribute("recordedat", event.recorded_at, out);
  tags_attribute(event, out);
  attribute("department", event.department, out);
  attribute("actor", event.actor, out);
  attribute("correlationid", event.correlation, out);
  if (event.causation.value != 0) attribute("causationposition", event.causation, out);
  attribute("module", event.module, out);
  metadata_attributes(event, out);
}

void EventRenderer::render_data(const EventView& event, const PersonalReader* personal,
                                std::string* out) const {
  if (!event.schema.is_json()) {
    const auto writer = schemas_.find(event.schema);
    const std::size_t before = out->size();
    out->append(",\"data\":");
    if (writer && append_data(*writer, event.data, personal, out).ok()) return;
    out->resize(before);
    return data_base64(event.data, out);
  }
  if (event.data.empty()) return;
  if (!is_utf8(event.data)) return data_base64(event.data, out);
  const bool encoded = event.metadata(attributes::kDataEncoding).value_or("") == "base64";
  out->append(encoded ? ",\"data_base64\":" : ",\"data\":").append(event.data);
}

}  // namespace opsledger
