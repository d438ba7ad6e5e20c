// JSON Schema 2020-12 of a type, for OpenAPI and forms. Labels travel as `title` and `x-label-zh`.
#include <boost/json/array.hpp>
#include <limits>

#include "kernel/schema/schema.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

json::object of_type(const TypeNode& type);

template <class T>
json::object integer() {
  return {{"type", "integer"},
          {"minimum", std::numeric_limits<T>::min()},
          {"maximum", std::numeric_limits<T>::max()}};
}

json::object formatted(std::string_view format) {
  return {{"type", "string"}, {"format", format}};
}

json::object money() {
  return {{"type", "object"},
          {"properties",
           {{"minor", integer<std::int64_t>()},
            {"currency", {{"type", "string"}, {"pattern", "^[A-Z]{3}$"}}}}},
          {"required", {"minor", "currency"}},
          {"additionalProperties", false}};
}

json::object decimal() {
  return {{"type", json::array{"string", "number"}},
          {"pattern", "^-?(0|[1-9][0-9]*)(\\.[0-9]{1,18})?$"}};
}

json::object enumeration(const TypeNode& type) {
  json::array names;
  for (const std::string& name : type.enumerators) names.emplace_back(name);
  return {{"type", "string"}, {"enum", std::move(names)}};
}

json::object optional(const TypeNode& type) {
  return {{"anyOf", json::array{of_type(*type.element), json::object{{"type", "null"}}}}};
}

json::object map(const TypeNode& type) {
  json::object schema{{"type", "object"}, {"additionalProperties", of_type(*type.element)}};
  if (type.key->is_integer()) schema["propertyNames"] = {{"pattern", "^(0|-?[1-9][0-9]*)$"}};
  return schema;
}

json::object variant(const TypeNode& type) {
  json::array alternatives;
  for (const TypeNode::Field& field : type.fields) {
    alternatives.push_back(json::object{{"type", "object"},
                                        {"properties", {{field.name, of_type(*field.type)}}},
                                        {"required", json::array{json::value(field.name)}},
                                        {"additionalProperties", false}});
  }
  return {{"oneOf", std::move(alternatives)}};
}

json::object property(const TypeNode::Field& field) {
  json::object schema = of_type(*field.type);
  if (!field.label_en.empty()) schema["title"] = field.label_en;
  if (!field.label_zh.empty()) schema["x-label-zh"] = field.label_zh;
  if (!field.doc.empty()) schema["description"] = field.doc;
  if (field.has_default) schema["default"] = field.default_value;
  return schema;
}

json::object structure(const TypeNode& type) {
  json::object properties;
  json::array required;
  for (const TypeNode::Field& field : type.fields) {
    properties[field.name] = property(field);
    const bool may_miss = field.has_default || field.type->kind == TypeNode::Kind::kOptional;
    if (!may_miss) required.emplace_back(field.name);
  }
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  return schema;
}

json::object of_type(const TypeNode& type) {
  using Kind = TypeNode::Kind;
  switch (type.kind) {
    case Kind::kBool:
      return {{"type", "boolean"}};
    case Kind::kI8:
      return integer<std::int8_t>();
    case Kind::kI16:
      return integer<std::int16_t>();
    case Kind::kI32:
      return integer<std::int32_t>();
    case Kind::kI64:
      return integer<std::int64_t>();
    case Kind::kU8:
      return integer<std::uint8_t>();
    case Kind::kU16:
      return integer<std::uint16_t>();
    case Kind::kU32:
      return integer<std::uint32_t>();
    case Kind::kU64:
      return integer<std::uint64_t>();
    case Kind::kF64:
      return {{"type", "number"}};
    case Kind::kString:
      return {{"type", "string"}};
    case Kind::kBytes:
      return {{"type", "string"}, {"contentEncoding", "base64"}};
    case Kind::kTime:
      return formatted("date-time");
    case Kind::kDate:
      return formatted("date");
    case Kind::kMoney:
      return money();
    case Kind::kDecimal:
      return decimal();
    case Kind::kEnum:
      return enumeration(type);
    case Kind::kOptional:
      return optional(type);
    case Kind::kList:
      return {{"type", "array"}, {"items", of_type(*type.element)}};
    case Kind::kMap:
      return map(type);
    case Kind::kVariant:
      return variant(type);
    case Kind::kStruct:
      return structure(type);
    case Kind::kPersonal:
      return of_type(*type.element);
  }
  return {};
}

}  // namespace

json::object Schema::json_schema() const {
  return of_type(root_);
}

}  // namespace opsledger
