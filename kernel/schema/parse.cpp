// Schema text -> type tree. Hostile text costs no more than its length.
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/limits.hpp"
#include "kernel/schema/schema.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

class TypeParser {
 public:
  /// False after an error; `error()` names the place.
  bool type(const json::value& text, unsigned depth, const std::string& place, TypeNode* out);
  Error error() const {
    return {Code::kInvalid, "schema.text_invalid",
            "schema text: " + (place_.empty() ? "root" : place_) + ": " + why_ +
                "; sdk/SCHEMA.md has the format"};
  }
  bool fail(const std::string& place, std::string why) {
    place_ = place, why_ = std::move(why);
    return false;
  }

 private:
  using Kind = TypeNode::Kind;
  bool compound(std::string_view word, const json::value& of, unsigned depth,
                const std::string& place, TypeNode* out);
  bool wrapped(Kind kind, const json::value& of, unsigned depth, const std::string& place,
               TypeNode* out);
  bool enumerators(const json::value& of, const std::string& place, TypeNode* out);
  bool map(const json::value& of, unsigned depth, const std::string& place, TypeNode* out);
  bool fields(Kind kind, const json::value& of, unsigned depth, const std::string& place,
              TypeNode* out);
  bool field(const json::value& of, unsigned depth, const std::string& place, TypeNode* type);
  bool extra(std::string_view word, const json::value& of, const std::string& place,
             TypeNode::Field* field);
  bool label(const json::value& of, const std::string& place, TypeNode::Field* field);
  bool aliases(const json::value& of, const std::string& place, TypeNode::Field* field);
  bool default_value(const json::value& of, const std::string& place, TypeNode::Field* field);

  std::string place_, why_;
};

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (text.empty() || text.size() > schema_limits::kNameBytesMax || !letter(text[0])) return false;
  return std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_enumerator(std::string_view text) {
  return !text.empty() && text.size() <= schema_limits::kEnumeratorBytesMax &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::size_t scalar_bytes(TypeNode::Kind kind) {
  switch (kind) {
    case TypeNode::Kind::kI16:
    case TypeNode::Kind::kU16:
      return 2;
    case TypeNode::Kind::kI32:
    case TypeNode::Kind::kU32:
    case TypeNode::Kind::kDate:
      return 4;
    case TypeNode::Kind::kI64:
    case TypeNode::Kind::kU64:
    case TypeNode::Kind::kF64:
    case TypeNode::Kind::kTime:
      return 8;
    case TypeNode::Kind::kMoney:
      return 11;
    case TypeNode::Kind::kDecimal:
      return 9;
    default:
      return 1;  // bool, i8, u8, and all that begins with a length
  }
}

bool TypeParser::type(const json::value& text, unsigned depth, const std::string& place,
                      TypeNode* out) {
  if (depth > schema_limits::kDepthMax) {
    return fail(place, "nested deeper than " + std::to_string(schema_limits::kDepthMax));
  }
  if (text.is_string()) {
    const auto kind = scalar_kind(view(text.get_string()));
    if (!kind) return fail(place, "unknown type \"" + std::string(view(text.get_string())) + "\"");
    out->kind = *kind;
    out->bytes_min = scalar_bytes(*kind);
    return true;
  }
  if (!text.is_object() || text.get_object().size() != 1) {
    return fail(place, "expected a type: a word or an object with one member");
  }
  const auto& member = *text.get_object().begin();
  out->bytes_min = 1;
  return compound(member.key(), member.value(), depth, place, out);
}

bool TypeParser::compound(std::string_view word, const json::value& of, unsigned depth,
                          const std::string& place, TypeNode* out) {
  if (word == "enum") return enumerators(of, place, out);
  if (word == "optional") return wrapped(Kind::kOptional, of, depth, place, out);
  if (word == "list") return wrapped(Kind::kList, of, depth, place, out);
  if (word == "personal") return wrapped(Kind::kPersonal, of, depth, place, out);
  if (word == "map") return map(of, depth, place, out);
  if (word == "variant") return fields(Kind::kVariant, of, depth, place, out);
  if (word == "struct") return fields(Kind::kStruct, of, depth, place, out);
  return fail(place, "unknown type \"" + std::string(word) + "\"");
}

bool TypeParser::wrapped(Kind kind, const json::value& of, unsigned depth, const std::string& place,
                         TypeNode* out) {
  out->kind = kind;
  out->element = std::make_unique<TypeNode>();
  if (!type(of, depth + 1, place, out->element.get())) return false;
  if (kind == Kind::kList && out->element->bytes_min == 0) {
    return fail(place, "list of a type without bytes");
  }
  if (kind == Kind::kOptional && out->element->kind == Kind::kOptional) {
    return fail(place, "optional of optional: JSON cannot tell them apart");
  }
  return true;
}

bool TypeParser::enumerators(const json::value& of, const std::string& place, TypeNode* out) {
  out->kind = Kind::kEnum;
  if (!of.is_array() || of.get_array().empty() ||
      of.get_array().size() > schema_limits::kFieldsMax) {
    return fail(place, "enum: expected an array of 1 to 512 names");
  }
  for (const json::value& name : of.get_array()) {
    if (!name.is_string() || !is_enumerator(view(name.get_string()))) {
      return fail(place, "enum: expected names of 1 to 100 bytes without control characters");
    }
    out->enumerators.emplace_back(view(name.get_string()));
    append_json_string(out->enumerators.back(), &out->enumerators_json.emplace_back());
  }
  auto sorted = out->enumerators;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  return twice == sorted.end() || fail(place, "enum: \"" + *twice + "\" appears twice");
}

bool TypeParser::map(const json::value& of, unsigned depth, const std::string& place,
                     TypeNode* out) {
  out->kind = Kind::kMap;
  if (!of.is_array() || of.get_array().size() != 2) {
    return fail(place, "map: expected [key type, value type]");
  }
  out->key = std::make_unique<TypeNode>();
  out->element = std::make_unique<TypeNode>();
  if (!type(of.get_array()[0], depth + 1, place, out->key.get())) return false;
  if (out->key->kind != Kind::kString && !out->key->is_integer()) {
    return fail(place, "map: keys must be string or integer");
  }
  return type(of.get_array()[1], depth + 1, place, out->element.get());
}

bool TypeParser::fields(Kind kind, const json::value& of, unsigned depth, const std::string& place,
                        TypeNode* out) {
  out->kind = kind;
  if (!of.is_array() || of.get_array().size() > schema_limits::kFieldsMax) {
    return fail(place, "expected an array of at most 512 fields");
  }
  out->fields.reserve(of.get_array().size());
  for (const json::value& each : of.get_array()) {
    if (!field(each, depth, place, out)) return false;
  }
  if (kind == Kind::kVariant && out->fields.empty()) {
    return fail(place, "variant without alternatives");
  }
  if (kind == Kind::kStruct) out->bytes_min = 0;
  for (const TypeNode::Field& each : out->fields) {
    if (kind == Kind::kStruct) out->bytes_min += each.type->bytes_min;
  }
  return true;
}

bool TypeParser::field(const json::value& of, unsigned depth, const std::string& place,
                       TypeNode* owner) {
  if (!of.is_object()) return fail(place, "expected {\"name\":…,\"type\":…}");
  const json::object& object = of.get_object();
  const json::value* name = object.if_contains("name");
  const json::value* type_text = object.if_contains("type");
  if (!name || !name->is_string() || !is_name(view(name->get_string()))) {
    return fail(place, "field name must be a letter or _, then letters, digits, _, at most 64");
  }
  const std::string here = place + "/" + std::string(view(name->get_string()));
  if (owner->find(view(name->get_string()))) return fail(here, "appears twice");
  if (!type_text) return fail(here, "field without type");
  TypeNode::Field field;
  field.name = view(name->get_string());
  field.json_key = ",\"" + field.name + "\":";
  field.type = std::make_unique<TypeNode>();
  if (!type(*type_text, depth + 1, here, field.type.get())) return false;
  for (const auto& member : object) {
    if (member.key() == "name" || member.key() == "type") continue;
    if (owner->kind == Kind::kVariant || !extra(member.key(), member.value(), here, &field)) {
      return why_.empty() ? fail(here, "unexpected member \"" + std::string(member.key()) + "\"")
                          : false;
    }
  }
  owner->fields.push_back(std::move(field));
  return true;
}

bool TypeParser::extra(std::string_view word, const json::value& of, const std::string& place,
                       TypeNode::Field* field) {
  if (word == "default") return default_value(of, place, field);
  if (word == "alias") return aliases(of, place, field);
  if (word == "label") return label(of, place, field);
  if (word != "doc") return false;
  if (!of.is_string()) return fail(place, "doc must be a string");
  field->doc = view(of.get_string());
  return true;
}

bool TypeParser::label(const json::value& of, const std::string& place, TypeNode::Field* field) {
  if (!of.is_object()) return fail(place, "label must be an object");
  for (const auto& member : of.get_object()) {
    std::string* text = member.key() == "en"   ? &field->label_en
                        : member.key() == "zh" ? &field->label_zh
                                               : nullptr;
    if (!text || !member.value().is_string()) return fail(place, "label: expected en, zh texts");
    *text = view(member.value().get_string());
  }
  return true;
}

bool TypeParser::aliases(const json::value& of, const std::string& place, TypeNode::Field* field) {
  if (!of.is_array() || of.get_array().size() > schema_limits::kAliasesMax) {
    return fail(place, "alias must be an array of at most 16 names");
  }
  for (const json::value& alias : of.get_array()) {
    if (!alias.is_string() || !is_name(view(alias.get_string()))) {
      return fail(place, "alias must be a field name");
    }
    field->aliases.emplace_back(view(alias.get_string()));
  }
  return true;
}

bool TypeParser::default_value(const json::value& of, const std::string& place,
                               TypeNode::Field* field) {
  const Status encoded =
      encode_value(*field->type, of, "", UnknownFields::kRefuse, &field->default_bytes);
  if (!encoded.ok()) return fail(place, "default does not fit: " + encoded.error().message);
  field->default_value = of;
  field->has_default = true;
  return true;
}

}  // namespace

Result<std::shared_ptr<const Schema>> Schema::parse(std::string_view text) {
  TypeParser parser;
  if (text.size() > schema_limits::kTextBytesMax) {
    parser.fail("", "longer than " + std::to_string(schema_limits::kTextBytesMax) + " bytes");
    return parser.error();
  }
  const auto tree = parse_json(text, 8 * schema_limits::kDepthMax);
  if (!tree.ok()) {
    parser.fail("", tree.error().message);
    return parser.error();
  }
  auto schema = std::make_shared<Schema>();
  if (!parser.type(*tree, 1, "", &schema->root_)) return parser.error();
  if (schema->root_.kind != TypeNode::Kind::kStruct) {
    parser.fail("", "the top level must be a struct, not " + describe(schema->root_));
    return parser.error();
  }
  std::string structure;
  append_structure(schema->root_, &structure);
  const Hash digest = sha256(structure);
  std::copy_n(digest.bytes.begin(), schema->id_.bytes.size(), schema->id_.bytes.begin());
  schema->text_ = text;
  return std::shared_ptr<const Schema>(std::move(schema));
}

}  // namespace opsledger
