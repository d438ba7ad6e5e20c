// JSON and schema texts (SCHEMA.md) → values and shapes of expressions.
#pragma once

#include <opsledger/detail/expression/arithmetic.hpp>
#include <opsledger/expression/shape.hpp>
#include <opsledger/json.hpp>

#include <charconv>

namespace ops::expr {
namespace detail {

/// To four places, half up; as text where no decimal can hold it (the language has no floating
/// kind, and only an expression that looks at the field should fail).
inline Value from_double(double number) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed).ptr;
  std::string_view digits(text, static_cast<std::size_t>(end - text));
  const auto point = digits.find('.');
  const auto kept = point == digits.npos ? digits : digits.substr(0, point + 2 + kPlaces);
  try {
    return rounded(Decimal::parse(kept), kPlaces);
  } catch (const ValueError&) {
    return std::string(digits);
  }
}

inline bool is_money(const Json& json) {
  const auto& members = json.object();
  return members.size() == 2 && json["currency"].str().size() == 3 && json["minor"].is_number();
}

/// Text that does not read as the kind stays text.
inline Value from_text(const std::string& text, const Shape& shape) {
  const auto kind = shape.kind();
  if (kind != Kind::kTime && kind != Kind::kDate && kind != Kind::kDecimal) return text;
  try {
    return read_as(*kind, text);
  } catch (const ValueError&) {
    return text;
  }
}

}  // namespace detail

/// Without a shape times, dates and decimals stay text (expressions read them where they stand
/// beside one); `{"minor":…,"currency":…}` is money everywhere. With a shape they become what the
/// shape says, and members that it does not have are left out.
inline Value value_of(const Json& json, const Shape& shape = {}) {
  if (json.is_array()) {
    List list;
    for (const Json& element : json.array()) list.push_back(value_of(element, shape.element()));
    return list;
  }
  if (json.is_object()) {
    if (detail::is_money(json)) return Money::of(json["minor"].integer(), json["currency"].str());
    Record record;
    for (const auto& [name, member] : json.object()) {
      if (shape.fields() == nullptr) {
        record.set(name, value_of(member));
      } else if (const auto found = shape.fields()->find(name); found != shape.fields()->end()) {
        record.set(name, value_of(member, found->second));
      }
    }
    return record;
  }
  if (json.is_string()) return detail::from_text(json.str(), shape);
  if (json.is_null()) return {};
  if (!json.is_number()) return json.boolean();
  const bool whole = json == Json(json.integer());
  if (!whole) return detail::from_double(json.number());
  return shape.kind() == Kind::kDecimal ? Value(Decimal(json.integer(), 0U))
                                        : Value(json.integer());
}

/// A record from an object; empty from anything else.
inline Record record_of(const Json& json, const Shape& shape = {}) {
  const Value value = value_of(json, shape);
  const Record* record = value.get<Record>();
  return record != nullptr ? *record : Record();
}

/// The shape of a type of SCHEMA.md, as JSON. Personal fields are not there: they are opaque.
inline Shape shape_of_type(const Json& type) {
  if (type.is_string()) {
    const std::string name = type.str();
    if (name == "bool") return Kind::kBool;
    if (name == "f64" || name == "decimal") return Kind::kDecimal;
    if (name == "string" || name == "bytes") return Kind::kText;
    if (name == "time") return Kind::kTime;
    if (name == "date") return Kind::kDate;
    return name == "money" ? Kind::kMoney : Kind::kInteger;
  }
  if (!type["optional"].is_null()) return shape_of_type(type["optional"]);
  if (!type["list"].is_null()) return Shape::list_of(shape_of_type(type["list"]));
  if (type["enum"].is_array()) {
    std::vector<std::string> values;
    for (const Json& value : type["enum"].array()) values.push_back(value.str());
    return Shape::one_of(std::move(values));
  }
  const bool is_struct = type["struct"].is_array();
  if (!is_struct && !type["variant"].is_array())
    return type["map"].is_null() ? Shape() : Kind::kRecord;
  Shape::Fields fields;
  for (const Json& field : (is_struct ? type["struct"] : type["variant"]).array()) {
    if (field["type"]["personal"].is_null()) {
      fields.emplace(field["name"].str(), shape_of_type(field["type"]));
    }
  }
  return Shape::record(std::move(fields));
}
/// Throws DecodeError when the text is no JSON.
inline Shape shape_of_schema(std::string_view text) {
  return shape_of_type(Json::parse(text));
}

}  // namespace ops::expr
