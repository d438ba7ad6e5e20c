#include "kernel/schema/type_node.hpp"

#include "kernel/schema/json_text.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kScalarNames[] = {
    "bool", "i8",  "i16",    "i32",   "i64",  "u8",   "u16",   "u32",
    "u64",  "f64", "string", "bytes", "time", "date", "money", "decimal",
};

void append_fields(const TypeNode& type, bool variant, std::string* out) {
  out->append(variant ? "{\"variant\":[" : "{\"struct\":[");
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    out->append(i == 0 ? "{\"name\":" : ",{\"name\":");
    append_json_string(type.fields[i].name, out);
    out->append(",\"type\":");
    append_structure(*type.fields[i].type, out);
    out->push_back('}');
  }
  out->append("]}");
}

void append_enum(const TypeNode& type, std::string* out) {
  out->append("{\"enum\":[");
  for (std::size_t i = 0; i < type.enumerators_json.size(); ++i) {
    if (i > 0) out->push_back(',');
    out->append(type.enumerators_json[i]);
  }
  out->append("]}");
}

void append_wrapped(std::string_view name, const TypeNode& type, std::string* out) {
  out->append("{\"").append(name).append("\":");
  append_structure(*type.element, out);
  out->push_back('}');
}

}  // namespace

const TypeNode::Field* TypeNode::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string_view scalar_name(TypeNode::Kind kind) {
  return kScalarNames[static_cast<std::size_t>(kind)];
}

std::optional<TypeNode::Kind> scalar_kind(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kScalarNames); ++i) {
    if (kScalarNames[i] == name) return static_cast<TypeNode::Kind>(i);
  }
  return {};
}

std::string describe(const TypeNode& type) {
  switch (type.kind) {
    case TypeNode::Kind::kEnum:
      return "enum";
    case TypeNode::Kind::kOptional:
      return "optional " + describe(*type.element);
    case TypeNode::Kind::kList:
      return "list of " + describe(*type.element);
    case TypeNode::Kind::kMap:
      return "map of " + describe(*type.key) + " to " + describe(*type.element);
    case TypeNode::Kind::kVariant:
      return "variant";
    case TypeNode::Kind::kStruct:
      return "struct";
    case TypeNode::Kind::kPersonal:
      return "personal " + describe(*type.element);
    default:
      return std::string(scalar_name(type.kind));
  }
}

void append_structure(const TypeNode& type, std::string* out) {
  switch (type.kind) {
    case TypeNode::Kind::kEnum:
      return append_enum(type, out);
    case TypeNode::Kind::kOptional:
      return append_wrapped("optional", type, out);
    case TypeNode::Kind::kList:
      return append_wrapped("list", type, out);
    case TypeNode::Kind::kPersonal:
      return append_wrapped("personal", type, out);
    case TypeNode::Kind::kVariant:
      return append_fields(type, true, out);
    case TypeNode::Kind::kStruct:
      return append_fields(type, false, out);
    case TypeNode::Kind::kMap:
      out->append("{\"map\":[");
      append_structure(*type.key, out);
      out->push_back(',');
      append_structure(*type.element, out);
      out->append("]}");
      return;
    default:
      out->append("\"").append(scalar_name(type.kind)).append("\"");
  }
}

}  // namespace opsledger
