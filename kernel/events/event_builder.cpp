#include "kernel/events/event_builder.hpp"

#include "kernel/events/attributes.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "kernel/schema/personal_tokens.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/sha256.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

std::string known_types(const ModuleInfo& info) {
  constexpr std::size_t kShownMax = 12;
  std::string names;
  std::size_t shown = 0;
  for (const EventTypeInfo& type : info.event_types) {
    if (!type.owned) continue;
    if (++shown > kShownMax) return names + ", …";
    names.append(shown == 1 ? "" : ", ").append(type.type);
  }
  return names.empty() ? "none" : names;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

NewEvent EventBuilder::begin() const {
  NewEvent event;
  event.actor = context_.actor;
  event.department = context_.department;
  event.correlation = context_.correlation;
  if (!context_.reason.empty()) event.metadata.emplace_back(attributes::kReason, context_.reason);
  return event;
}

bool EventBuilder::type(std::string_view type, const std::string& pointer, NewEvent* event) {
  if (!is_event_type(type)) {
    errors_.add(pointer, std::string(kTypeExpected));
    return false;
  }
  event->type = type;
  if (Registry::kernel_owned(type)) {
    errors_.add(pointer,
                "prefix " + std::string(prefix_of(type)) +
                    " belongs to the kernel: such events are written by the server alone",
                "event.kernel_owned");
    return false;
  }
  const auto owner = registry_.owner(type);
  if (owner == nullptr || registry_.event_type(type) != nullptr) return true;
  errors_.add(pointer,
              "module " + owner->info().name + " owns the prefix " + std::string(prefix_of(type)) +
                  " and has no event type " + std::string(type) + "; it has " +
                  known_types(owner->info()),
              "event.type_unknown");
  return false;
}

void EventBuilder::data(const json::value* data, const std::string& pointer, NewEvent* event) {
  const json::value nothing;
  if (data == nullptr) data = &nothing;
  const EventTypeInfo* type = registry_.event_type(event->type);
  if (type == nullptr) {
    text_.clear();
    append_json(*data, &text_);
    event->data = text_;
    return;
  }
  auto encoded = type->schema->encode(*data, pointer);
  if (!encoded.ok()) return errors_.add(encoded.error());
  event->schema = type->schema->id();
  event->data = std::move(*encoded);
  has_personal_ = has_personal_ || has_personal(type->schema->root());
}

Status EventBuilder::seal() {
  if (!has_personal_) return {};
  for (NewEvent& event : events_) {
    const EventTypeInfo* const type = registry_.event_type(event.type);
    if (type == nullptr) continue;
    OPS_TRY(seal_personal(*type->schema, event.tags, {}, personal_, &event.data));
  }
  return {};
}

/// What a retry must repeat. A digest of personal values would outlive their key: of events that
/// have any only what they are and about whom is compared.
Bytes EventBuilder::request_text(const json::value& body) const {
  Bytes text;
  if (!has_personal_) append_json(body, &text);
  for (const NewEvent& event : events_) {
    if (!has_personal_) break;
    append_sized(event.type, &text);
    for (const auto& tag : event.tags) append_sized(tag, &text);
  }
  append_sized(context_.department, &text);
  append_sized(context_.reason, &text);
  return text;
}

std::string EventBuilder::name(std::string_view text, const std::string& pointer) {
  if (text.size() > limits::kNameBytesMax || has_control(text) || !is_utf8(text)) {
    errors_.add(pointer, "expected at most " + std::to_string(limits::kNameBytesMax) +
                             " bytes of UTF-8 without control characters");
    return {};
  }
  return std::string(text);
}

void EventBuilder::metadata(std::string_view key, std::string_view value,
                            const std::string& pointer, NewEvent* event) {
  if (value.size() > limits::kMetadataValueBytesMax || !is_utf8(value)) {
    return errors_.add(
        pointer,
        "expected at most " + std::to_string(limits::kMetadataValueBytesMax) + " bytes of UTF-8");
  }
  event->metadata.emplace_back(key, value);
}

void EventBuilder::identity(std::string_view source, std::string_view id) {
  append_sized(source, &identities_);
  append_sized(id, &identities_);
}

Result<Proposal> EventBuilder::finish(const json::value& body) && {
  OPS_TRY(std::move(errors_).finish());
  OPS_TRY(seal());
  const Bytes request = request_text(body);
  Proposal proposal;
  proposal.events = std::move(events_);
  if (!context_.idempotency_key && identities_.empty()) return proposal;
  IdempotencyKey key;
  key.scope = context_.actor;
  key.key = context_.idempotency_key.value_or("ids:" + hex(sha256(identities_).bytes));
  key.request = sha256(request);
  proposal.key = std::move(key);
  return proposal;
}

Status check_count(std::size_t events, const std::string& pointer) {
  if (events == 0) {
    return Error{Code::kInvalid,
                 "event.invalid",
                 "an append needs at least one event",
                 {{pointer, "expected at least one event"}}};
  }
  if (events <= limits::kProposalEventsMax) return {};
  return Error{Code::kTooLarge, "proposal.too_many_events",
               "one append holds " + std::to_string(events) + " events, at most " +
                   std::to_string(limits::kProposalEventsMax) + " are allowed: split it"};
}

}  // namespace opsledger
