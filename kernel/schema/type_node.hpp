// The tree of types that a schema text describes, with what encoding and decoding need computed
// once: quoted names, default bytes, least sizes.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger {

/// One type of sdk/SCHEMA.md. Built by Schema::parse, immutable afterwards.
struct TypeNode {
  enum class Kind {
    kBool,
    kI8,
    kI16,
    kI32,
    kI64,
    kU8,
    kU16,
    kU32,
    kU64,
    kF64,
    kString,
    kBytes,
    kTime,
    kDate,
    kMoney,
    kDecimal,
    kEnum,
    kOptional,
    kList,
    kMap,
    kVariant,
    kStruct,
    kPersonal,
  };
  /// A struct's field or a variant's alternative.
  struct Field {
    std::string name;
    std::unique_ptr<TypeNode> type;
    std::vector<std::string> aliases;
    boost::json::value default_value;  ///< meaningful when has_default
    bool has_default = false;
    Bytes default_bytes;  ///< default_value encoded
    std::string label_en, label_zh, doc;
    std::string json_key;  ///< `,"name":`; the first field is written without its comma
  };
  Kind kind{};
  std::vector<std::string> enumerators;       ///< kEnum
  std::vector<std::string> enumerators_json;  ///< the same, quoted and escaped
  std::unique_ptr<TypeNode> element;          ///< kOptional, kList, kPersonal, kMap (value)
  std::unique_ptr<TypeNode> key;              ///< kMap
  std::vector<Field> fields;                  ///< kStruct, kVariant (alternatives)
  std::size_t bytes_min = 0;                  ///< no value has fewer bytes

  bool is_integer() const { return kind >= Kind::kI8 && kind <= Kind::kU64; }
  /// The field called `name`, or null. Structs and variants.
  const Field* find(std::string_view name) const;
};

/// `"i64"` and back; precondition / nothing for what is no plain word in a schema text.
std::string_view scalar_name(TypeNode::Kind kind);
std::optional<TypeNode::Kind> scalar_kind(std::string_view name);
/// `i64`, `list of string`, `struct`: for error texts.
std::string describe(const TypeNode& type);
/// Canonical text of the structure alone: what a schema's identity is the digest of.
void append_structure(const TypeNode& type, std::string* out);

}  // namespace opsledger
