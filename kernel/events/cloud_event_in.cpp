// CloudEvents 1.0 JSON, structured and batch, as a proposal.
#include "kernel/events/attributes.hpp"
#include "kernel/events/event_builder.hpp"
#include "kernel/schema/base64.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/time_text.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

bool is_json_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type.empty() || type == attributes::kJsonType || type.ends_with("+json");
}

// Attribute names: lower-case letters and digits; a letter first, as metadata keys have it.
bool is_attribute_name(std::string_view name) {
  if (name.empty() || name.size() > limits::kMetadataKeyBytesMax - attributes::kOrigin.size()) {
    return false;
  }
  if (name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == name.npos;
}

class CloudEventReader {
 public:
  CloudEventReader(const json::value& json, const std::string& base, EventBuilder* builder)
      : reader_(json, base, &builder->errors()), builder_(*builder), event_(builder->begin()) {
    if (const json::object* object = json.if_object()) object_ = object;
  }
  void read();

 private:
  void required();
  std::string required_text(std::string_view name);
  void times_and_names();
  void tags(std::string_view joined);
  void payload();
  void base64(const json::value& data);
  void others();
  void other(std::string_view name, const json::value& value);
  std::optional<std::string> attribute_text(const json::value& value, std::string_view name);
  void error(std::string_view name, std::string_view detail) {
    builder_.errors().add(reader_.pointer(name), std::string(detail));
  }

  ObjectReader reader_;
  EventBuilder& builder_;
  NewEvent event_;
  const json::object* object_ = nullptr;
  bool typed_ = false;
};

void CloudEventReader::read() {
  if (object_ == nullptr) return;
  required();
  times_and_names();
  payload();
  others();
  if (event_.metadata.size() > limits::kMetadataEntriesMax) {
    builder_.errors().add(
        reader_.base(),
        "more than " + std::to_string(limits::kMetadataEntriesMax) + " attributes to keep");
  }
  builder_.add(std::move(event_));
}

std::string CloudEventReader::required_text(std::string_view name) {
  const json::value* value = reader_.take(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  if (text != nullptr && !text->empty()) return std::string(view(*text));
  error(name, value == nullptr ? "required attribute is missing" : "expected a text, not empty");
  return {};
}

void CloudEventReader::required() {
  const std::string version = required_text("specversion");
  if (!version.empty() && version != "1.0") {
    error("specversion", "expected 1.0, got " + version + "; send CloudEvents 1.0");
  }
  const std::string id = builder_.name(required_text("id"), reader_.pointer("id"));
  const std::string source = required_text("source");
  const std::string type = required_text("type");
  if (!type.empty()) typed_ = builder_.type(type, reader_.pointer("type"), &event_);
  event_.metadata.emplace_back(attributes::kId, id);
  builder_.identity(source, id);
}

void CloudEventReader::times_and_names() {
  const json::value* time = reader_.take("time");
  if (time != nullptr && !time->is_null()) {
    const json::string* text = time->if_string();
    if (text != nullptr) event_.time = parse_rfc3339(view(*text), FineFraction::kTruncate);
    if (!event_.time) error("time", "expected RFC 3339 time");
  }
  tags(reader_.take_string("tags"));
  const std::string_view department = reader_.take_string("department");
  if (!department.empty()) {
    event_.department = builder_.name(department, reader_.pointer("department"));
  }
  const std::string_view correlation = reader_.take_string("correlationid");
  if (!correlation.empty()) {
    event_.correlation = builder_.name(correlation, reader_.pointer("correlationid"));
  }
}

void CloudEventReader::tags(std::string_view joined) {
  if (joined.empty()) return;
  while (true) {
    const std::size_t comma = joined.find(',');
    const std::string_view tag = joined.substr(0, comma);
    if (!is_tag(tag)) return error("tags", kTagExpected);
    event_.tags.emplace_back(tag);
    if (comma == joined.npos) break;
    joined.remove_prefix(comma + 1);
  }
  if (event_.tags.size() > limits::kTagsPerEventMax) {
    error("tags", "expected at most " + std::to_string(limits::kTagsPerEventMax) + " tags");
  }
}

void CloudEventReader::payload() {
  const std::string_view content_type = reader_.take_string(attributes::kDataContentType);
  const std::string_view schema = reader_.take_string(attributes::kDataSchema);
  const json::value* data = reader_.take("data");
  const json::value* encoded = reader_.take("data_base64");
  if (data != nullptr && encoded != nullptr) {
    return error("data_base64", "data and data_base64 exclude each other; send one of them");
  }
  if (!typed_) return;
  const bool owned = builder_.owned(event_);
  if (owned && (encoded != nullptr || !is_json_type(content_type))) {
    return error(encoded != nullptr ? "data_base64" : attributes::kDataContentType,
                 "events of " + event_.type + " have a schema: send data as application/json");
  }
  if (!owned && !content_type.empty() && content_type != attributes::kJsonType) {
    builder_.metadata(attributes::kDataContentType, content_type,
                      reader_.pointer(attributes::kDataContentType), &event_);
  }
  if (!owned && !schema.empty()) {
    builder_.metadata(attributes::kDataSchema, schema, reader_.pointer(attributes::kDataSchema),
                      &event_);
  }
  encoded != nullptr ? base64(*encoded) : builder_.data(data, reader_.pointer("data"), &event_);
}

void CloudEventReader::base64(const json::value& data) {
  Bytes bytes;
  const json::string* text = data.if_string();
  if (text == nullptr || !parse_base64(view(*text), &bytes)) {
    return error("data_base64", "expected base64 string");
  }
  append_json_string(view(*text), &event_.data);
  event_.metadata.emplace_back(attributes::kDataEncoding, "base64");
}

void CloudEventReader::others() {
  static constexpr std::string_view kRead[] = {
      "specversion",     "id",         "type", "time",        "tags", "department", "correlationid",
      "datacontenttype", "dataschema", "data", "data_base64",
  };
  for (const auto& member : *object_) {
    const std::string_view name = member.key();
    if (std::ranges::find(kRead, name) == std::end(kRead)) other(name, member.value());
  }
  const std::string& traceparent = builder_.context().traceparent;
  if (!traceparent.empty() && !object_->contains(attributes::kTraceparent)) {
    event_.metadata.emplace_back(attributes::kTraceparent, traceparent);
  }
}

void CloudEventReader::other(std::string_view name, const json::value& value) {
  if (!is_attribute_name(name)) {
    return error(name, "attribute names are lower-case letters and digits, a letter first");
  }
  const auto text = attribute_text(value, name);
  if (!text) return;
  std::string key(name);
  const auto& own = attributes::kLedgersOwn;
  if (std::ranges::find(own, name) != std::end(own)) {
    key.insert(0, attributes::kOrigin);
    if (object_->contains(key)) return;  // copied before: the first origin stays
  }
  builder_.metadata(key, *text, reader_.pointer(name), &event_);
}

// Nothing for null (as good as absent) and, with an error, for what is no attribute value.
std::optional<std::string> CloudEventReader::attribute_text(const json::value& value,
                                                            std::string_view name) {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::string:
      return std::string(view(value.get_string()));
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::int64:
      if (std::in_range<std::int32_t>(value.get_int64())) return std::to_string(value.get_int64());
      [[fallthrough]];
    default:
      error(name, "expected a text, true, false or an integer of 32 bits");
      return {};
  }
}

}  // namespace

Result<Proposal> RawAppend::parse_cloud_events(const json::value& body,
                                               const RequestContext& context) const {
  EventBuilder builder(registry_, personal_, context);
  if (const json::array* batch = body.if_array()) {
    OPS_TRY(check_count(batch->size(), ""));
    for (std::size_t i = 0; i < batch->size(); ++i) {
      CloudEventReader((*batch)[i], "/" + std::to_string(i), &builder).read();
    }
  } else {
    CloudEventReader(body, "", &builder).read();
  }
  return std::move(builder).finish(body);
}

}  // namespace opsledger
