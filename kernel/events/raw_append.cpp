#include "kernel/events/raw_append.hpp"

#include "kernel/events/attributes.hpp"
#include "kernel/events/event_builder.hpp"
#include "kernel/schema/time_text.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

void read_event(const json::value& json, const std::string& base, EventBuilder* builder) {
  NewEvent event = builder->begin();
  ObjectReader reader(json, base, &builder->errors());
  const bool typed = builder->type(reader.take_string("type"), reader.pointer("type"), &event);
  if (const json::value* tags = reader.take("tags")) {
    event.tags = read_texts(*tags, reader.pointer("tags"), limits::kTagsPerEventMax, is_tag,
                            kTagExpected, &builder->errors(), "event.invalid");
  }
  const json::value* data = reader.take("data");
  if (typed) builder->data(data, reader.pointer("data"), &event);
  if (const json::value* time = reader.take("time")) {
    const json::string* text = time->if_string();
    if (text != nullptr) event.time = parse_rfc3339({text->data(), text->size()});
    if (!event.time) {
      builder->errors().add(reader.pointer("time"),
                            "expected RFC 3339 time, microseconds at the finest");
    }
  }
  const std::string_view department = reader.take_string("department");
  if (!department.empty()) {
    event.department = builder->name(department, reader.pointer("department"));
  }
  if (reader.take("id") != nullptr) {
    const std::string id = builder->name(reader.take_string("id"), reader.pointer("id"));
    if (id.empty())
      builder->errors().add(reader.pointer("id"), "expected a text of 1 to 200 bytes");
    event.metadata.emplace_back(attributes::kId, id);
    builder->identity("", id);
  }
  const std::string& traceparent = builder->context().traceparent;
  if (!traceparent.empty()) event.metadata.emplace_back(attributes::kTraceparent, traceparent);
  reader.refuse_others();
  builder->add(std::move(event));
}

AppendCondition read_condition(const json::value& json, FieldErrors* errors) {
  AppendCondition condition;
  ObjectReader reader(json, "/condition", errors);
  if (const json::value* query = reader.take("query")) {
    auto parsed = parse_query(*query, reader.pointer("query"));
    if (!parsed.ok()) {
      errors->add(parsed.error());
    } else if (parsed->everything()) {
      errors->add("/condition/query/items",
                  "a condition without items would match everything: name types or tags, or leave "
                  "the condition out",
                  "condition.empty");
    } else {
      condition.query = std::move(*parsed);
    }
  } else {
    errors->add(reader.pointer("query"), "required field is missing");
  }
  if (const json::value* after = reader.take("after")) {
    if (after->is_uint64()) {
      condition.after = Position{after->get_uint64()};
    } else if (after->is_int64() && after->get_int64() >= 0) {
      condition.after = Position{static_cast<std::uint64_t>(after->get_int64())};
    } else {
      errors->add(reader.pointer("after"), "expected a position: an integer from 0");
    }
  }
  reader.refuse_others();
  return condition;
}

}  // namespace

RawAppend::RawAppend(const Registry& registry, PersonalData* personal)
    : registry_(registry), personal_(personal) {}

Result<Proposal> RawAppend::parse(const json::value& body, const RequestContext& context) const {
  EventBuilder builder(registry_, personal_, context);
  ObjectReader reader(body, "", &builder.errors());
  const json::value* events = reader.take("events");
  const json::array* array = events == nullptr ? nullptr : events->if_array();
  if (array == nullptr) {
    builder.errors().add("/events", "expected an array of events");
  } else {
    OPS_TRY(check_count(array->size(), "/events"));
    for (std::size_t i = 0; i < array->size(); ++i) {
      read_event((*array)[i], "/events/" + std::to_string(i), &builder);
    }
  }
  std::optional<AppendCondition> condition;
  if (const json::value* given = reader.take("condition")) {
    condition = read_condition(*given, &builder.errors());
  }
  reader.refuse_others();
  OPS_TRY_ASSIGN(Proposal proposal, std::move(builder).finish(body));
  proposal.condition = std::move(condition);
  return proposal;
}

}  // namespace opsledger
