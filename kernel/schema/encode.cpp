#include "kernel/schema/encode.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "kernel/schema/base64.hpp"
#include "kernel/schema/decimal.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/limits.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "kernel/schema/time_text.hpp"
#include "kernel/schema/walk.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

std::string_view text_of(const json::value& value) {
  const json::string& text = value.get_string();
  return {text.data(), text.size()};
}

// "string \"tomorrow\"", "number 1.5", "array": what was there instead.
std::string shown(const json::value& value) {
  constexpr std::size_t kShownBytesMax = 40;
  std::string text;
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::object:
      return "an object";
    case json::kind::array:
      return "an array";
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::string: {
      std::string_view view = text_of(value).substr(0, kShownBytesMax);
      while (!is_utf8(view)) view.remove_suffix(1);
      append_json_string(view, &text);
      if (view.size() < text_of(value).size()) text.append("…");
      return "string " + text;
    }
    case json::kind::double_:
      append_double(value.get_double(), &text);
      break;
    case json::kind::int64:
      append_decimal(value.get_int64(), &text);
      break;
    case json::kind::uint64:
      append_decimal(value.get_uint64(), &text);
      break;
  }
  return "number " + text;
}

// Decimal text of a JSON number: exact for integers, else the shortest that reads back the same.
std::string number_text(const json::value& value) {
  char text[400];
  char* end = text;
  if (value.is_int64()) {
    end = std::to_chars(text, text + sizeof(text), value.get_int64()).ptr;
  } else if (value.is_uint64()) {
    end = std::to_chars(text, text + sizeof(text), value.get_uint64()).ptr;
  } else {
    end =
        std::to_chars(text, text + sizeof(text), value.get_double(), std::chars_format::fixed).ptr;
  }
  return {text, end};
}

}  // namespace

void Encoder::value(const TypeNode& type, const Value& json, const JsonPath* path) {
  using Kind = TypeNode::Kind;
  switch (type.kind) {
    case Kind::kBool:
      return boolean(json, path);
    case Kind::kI8:
      return integer<std::int8_t>(json, path);
    case Kind::kI16:
      return integer<std::int16_t>(json, path);
    case Kind::kI32:
      return integer<std::int32_t>(json, path);
    case Kind::kI64:
      return integer<std::int64_t>(json, path);
    case Kind::kU8:
      return integer<std::uint8_t>(json, path);
    case Kind::kU16:
      return integer<std::uint16_t>(json, path);
    case Kind::kU32:
      return integer<std::uint32_t>(json, path);
    case Kind::kU64:
      return integer<std::uint64_t>(json, path);
    case Kind::kF64:
      return number(json, path);
    case Kind::kString:
      return string(json, path);
    case Kind::kBytes:
      return bytes(json, path);
    case Kind::kTime:
      return time(json, path);
    case Kind::kDate:
      return date(json, path);
    case Kind::kMoney:
      return money(json, path);
    case Kind::kDecimal:
      return decimal(json, path);
    case Kind::kEnum:
      return enumerator(type, json, path);
    case Kind::kList:
      return list(type, json, path);
    case Kind::kMap:
      return map(type, json, path);
    case Kind::kVariant:
      return variant(type, json, path);
    case Kind::kStruct:
      return structure(type, json, path);
    case Kind::kPersonal:
      return personal(type, json, path);
    case Kind::kOptional:
      out_.push_back(json.is_null() ? '\0' : '\1');
      if (!json.is_null()) value(*type.element, json, path);
      return;
  }
}

void Encoder::boolean(const Value& json, const JsonPath* path) {
  if (!json.is_bool()) return expected("true or false", json, path);
  out_.push_back(json.get_bool() ? '\1' : '\0');
}

template <class T>
void Encoder::integer(const Value& json, const JsonPath* path) {
  using Limits = std::numeric_limits<T>;
  bool fits = false;
  T value{};
  if (json.is_int64()) {
    fits = std::in_range<T>(json.get_int64());
    value = static_cast<T>(json.get_int64());
  } else if (json.is_uint64()) {
    fits = std::in_range<T>(json.get_uint64());
    value = static_cast<T>(json.get_uint64());
  }
  if (fits) return append_fixed(value, &out_);
  expected("integer from " + std::to_string(Limits::min()) + " to " + std::to_string(Limits::max()),
           json, path);
}

void Encoder::number(const Value& json, const JsonPath* path) {
  if (!json.is_number()) return expected("number", json, path);
  const double value = json.is_double()  ? json.get_double()
                       : json.is_int64() ? static_cast<double>(json.get_int64())
                                         : static_cast<double>(json.get_uint64());
  if (!std::isfinite(value)) return error("expected finite number", path);
  append_fixed(value, &out_);
}

void Encoder::string(const Value& json, const JsonPath* path) {
  if (!json.is_string()) return expected("string", json, path);
  const std::string_view text = text_of(json);
  if (!is_utf8(text)) return error("expected UTF-8 string", path);
  length(text.size(), path);
  out_.append(text);
}

void Encoder::bytes(const Value& json, const JsonPath* path) {
  Bytes decoded;
  if (!json.is_string() || !parse_base64(text_of(json), &decoded)) {
    return expected("base64 string", json, path);
  }
  length(decoded.size(), path);
  out_.append(decoded);
}

void Encoder::time(const Value& json, const JsonPath* path) {
  const auto time = json.is_string() ? parse_rfc3339(text_of(json)) : std::nullopt;
  if (!time) return expected("RFC 3339 time", json, path);
  append_fixed(time->us, &out_);
}

void Encoder::date(const Value& json, const JsonPath* path) {
  const auto days = json.is_string() ? parse_date(text_of(json)) : std::nullopt;
  if (!days) return expected("date YYYY-MM-DD", json, path);
  append_fixed(*days, &out_);
}

void Encoder::money(const Value& json, const JsonPath* path) {
  if (!json.is_object()) {
    return expected("money {\"minor\":1999,\"currency\":\"CNY\"}", json, path);
  }
  const json::object& object = json.get_object();
  const JsonPath minor_path{path, "minor"}, currency_path{path, "currency"};
  const Value* minor = object.if_contains("minor");
  const Value* currency = object.if_contains("currency");
  minor ? integer<std::int64_t>(*minor, &minor_path)
        : error("required field is missing", &minor_path);
  for (const auto& member : object) {
    const JsonPath member_path{path, member.key()};
    if (member.key() != "minor" && member.key() != "currency") error("unknown field", &member_path);
  }
  if (!currency) return error("required field is missing", &currency_path);
  const bool fits =
      currency->is_string() && currency->get_string().size() == 3 &&
      text_of(*currency).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
  if (!fits) return expected("three letters A to Z (ISO 4217)", *currency, &currency_path);
  out_.append(text_of(*currency));
}

void Encoder::decimal(const Value& json, const JsonPath* path) {
  std::optional<DecimalValue> value;
  if (json.is_string()) value = parse_decimal(text_of(json));
  if (json.is_number()) value = parse_decimal(number_text(json));
  if (!value) return expected("decimal of at most 18 digits, such as \"2.550\"", json, path);
  append_fixed(value->unscaled, &out_);
  append_fixed(value->scale, &out_);
}

void Encoder::enumerator(const TypeNode& type, const Value& json, const JsonPath* path) {
  if (json.is_string()) {
    const auto found = std::ranges::find(type.enumerators, text_of(json));
    if (found != type.enumerators.end()) {
      return append_varint(static_cast<std::uint32_t>(found - type.enumerators.begin()), &out_);
    }
  }
  std::string names = "one of ";
  for (std::size_t i = 0; i < type.enumerators.size() && i < 12; ++i) {
    names.append(i == 0 ? "" : ", ").append(type.enumerators[i]);
  }
  if (type.enumerators.size() > 12) names.append(", …");
  expected(names, json, path);
}

void Encoder::list(const TypeNode& type, const Value& json, const JsonPath* path) {
  if (!json.is_array()) return expected("array", json, path);
  const json::array& array = json.get_array();
  length(array.size(), path);
  for (std::size_t i = 0; i < array.size(); ++i) {
    const JsonPath element{path, {}, i, true};
    value(*type.element, array[i], &element);
  }
}

void Encoder::structure(const TypeNode& type, const Value& json, const JsonPath* path) {
  if (!json.is_object()) return expected("object", json, path);
  const json::object& object = json.get_object();
  auto next = object.begin();  // members usually come in the order of the fields
  std::size_t used = 0;
  for (const TypeNode::Field& field : type.fields) {
    const JsonPath field_path{path, field.name};
    if (next != object.end() && next->key() == field.name) {
      value(*field.type, next->value(), &field_path);
      ++next, ++used;
      continue;
    }
    const Value* found = object.if_contains(field.name);
    for (std::size_t i = 0; !found && i < field.aliases.size(); ++i) {
      found = object.if_contains(field.aliases[i]);
    }
    if (!found) {
      missing(field, &field_path);
      continue;
    }
    value(*field.type, *found, &field_path);
    ++used;
  }
  if (used != object.size() && unknown_ == UnknownFields::kRefuse) {
    unknown_members(type, object, path);
  }
}

void Encoder::missing(const TypeNode::Field& field, const JsonPath* path) {
  if (field.has_default) {
    out_.append(field.default_bytes);
  } else if (field.type->kind == TypeNode::Kind::kOptional) {
    out_.push_back('\0');
  } else {
    error("required field is missing", path);
  }
}

void Encoder::unknown_members(const TypeNode& type, const json::object& object,
                              const JsonPath* path) {
  for (const auto& member : object) {
    const bool known = std::ranges::any_of(type.fields, [&](const TypeNode::Field& field) {
      return field.name == member.key() ||
             (!object.contains(field.name) &&
              std::ranges::find(field.aliases, std::string_view(member.key())) !=
                  field.aliases.end());
    });
    const JsonPath member_path{path, member.key()};
    if (!known) error("unknown field", &member_path);
  }
}

void Encoder::variant(const TypeNode& type, const Value& json, const JsonPath* path) {
  const bool one = json.is_object() && json.get_object().size() == 1;
  if (!one) return expected("object with exactly one member, the alternative", json, path);
  const auto& member = *json.get_object().begin();
  const JsonPath alternative{path, member.key()};
  const TypeNode::Field* found = type.find(member.key());
  if (found == nullptr) {
    std::string names = "unknown alternative; expected one of ";
    for (std::size_t i = 0; i < type.fields.size() && i < 12; ++i) {
      names.append(i == 0 ? "" : ", ").append(type.fields[i].name);
    }
    return error(std::move(names), &alternative);
  }
  append_varint(static_cast<std::uint32_t>(found - type.fields.data()), &out_);
  value(*found->type, member.value(), &alternative);
}

void Encoder::personal(const TypeNode& type, const Value& json, const JsonPath* path) {
  if (json.is_null()) return out_.push_back('\0');
  const std::size_t before = out_.size();
  out_.push_back(kPersonalClear);
  value(*type.element, json, path);
  const Bytes token = out_.substr(before);
  out_.resize(before);
  append_sized(token, &out_);
}

void Encoder::length(std::size_t count, const JsonPath* path) {
  if (count > UINT32_MAX) return error("longer than 4294967295", path);
  append_varint(static_cast<std::uint32_t>(count), &out_);
}

void Encoder::expected(std::string_view what, const Value& json, const JsonPath* path) {
  error("expected " + std::string(what) + ", got " + shown(json), path);
}

void Encoder::error(std::string detail, const JsonPath* path) {
  if (++errors_total_ > schema_limits::kFieldErrorsMax) return;
  std::vector<const JsonPath*> way;
  for (; path != nullptr; path = path->up) way.push_back(path);
  std::string pointer(base_);
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    append_pointer_token((*step)->is_index ? std::to_string((*step)->index) : (*step)->name,
                         &pointer);
  }
  errors_.push_back({std::move(pointer), std::move(detail)});
}

Status Encoder::finish() && {
  if (errors_.empty()) return {};
  Error error{Code::kInvalid, "schema.invalid", errors_[0].pointer + ": " + errors_[0].detail};
  if (errors_total_ > 1) {
    error.message += " (and " + std::to_string(errors_total_ - 1) + " more)";
  }
  error.fields = std::move(errors_);
  return error;
}

Status encode_value(const TypeNode& type, const json::value& json, std::string_view base,
                    UnknownFields unknown, Bytes* out) {
  const std::size_t before = out->size();
  Encoder encoder(base, unknown, out);
  encoder.value(type, json, nullptr);
  Status status = std::move(encoder).finish();
  if (!status.ok()) out->resize(before);
  return status;
}

Result<Bytes> Schema::encode(const json::value& json, std::string_view base,
                             UnknownFields unknown) const {
  Bytes out;
  OPS_TRY(encode_value(root_, json, base, unknown, &out));
  return out;
}

}  // namespace opsledger
