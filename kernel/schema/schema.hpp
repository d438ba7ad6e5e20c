// Schemas interpreted at run time: JSON <-> bytes without the plugin that wrote them.
// The formats are fixed in sdk/SCHEMA.md.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// A parsed type node; opaque outside kernel/schema except for reading the shape.
struct TypeNode {
  enum class Kind {
    kBool, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64, kF64, kString, kBytes, kTime, kDate,
    kMoney, kDecimal, kEnum, kOptional, kList, kMap, kVariant, kStruct, kPersonal,
  };
  struct Field {
    std::string name;
    std::unique_ptr<TypeNode> type;
    std::vector<std::string> aliases;
    boost::json::value default_value;  ///< null = none
    bool has_default = false;
    std::string label_en, label_zh, doc;
  };
  Kind kind{};
  std::vector<std::string> enumerators;  ///< kEnum
  std::unique_ptr<TypeNode> element;     ///< kOptional, kList, kPersonal, kMap (value)
  std::unique_ptr<TypeNode> key;         ///< kMap
  std::vector<Field> fields;             ///< kStruct, kVariant (alternatives)
};

/// Immutable, shared freely between threads.
class Schema {
 public:
  /// Parses canonical schema text. Errors: kInvalid naming the place.
  static Result<std::shared_ptr<const Schema>> parse(std::string_view text);

  const SchemaId& id() const { return id_; }
  const std::string& text() const { return text_; }
  const TypeNode& root() const { return root_; }  ///< always kStruct

  /// JSON -> bytes. Unknown fields, wrong types, out-of-range numbers are errors (kInvalid
  /// `schema.invalid`), all of them collected in Error::fields with pointers below `base`
  /// (`/data` -> `/data/due_at: expected RFC 3339 time`).
  Result<Bytes> encode(const boost::json::value& json, std::string_view base = "") const;
  /// Bytes -> JSON. Errors: kCorrupt. `decode_to` appends JSON text without building a tree.
  Result<boost::json::value> decode(BytesView bytes) const;
  Status decode_to(BytesView bytes, std::string* json_text) const;
  /// Whether the bytes are well formed under this schema.
  Status check(BytesView bytes) const;
  /// JSON Schema 2020-12 of the value, for OpenAPI and the command catalogue.
  boost::json::object json_schema() const;

 private:
  SchemaId id_{};
  std::string text_;
  TypeNode root_;
};

/// How to turn a writer's bytes into a reader's. Immutable, thread safe.
class Resolution {
 public:
  /// Errors: kInvalid `schema.incompatible` naming the field and both types.
  static Result<std::shared_ptr<const Resolution>> make(std::shared_ptr<const Schema> writer,
                                                        std::shared_ptr<const Schema> reader);
  bool identity() const { return identity_; }  ///< bytes pass unchanged
  /// Appends the reader's bytes to `out`. Errors: kCorrupt, kInvalid (unknown enumerator).
  Status convert(BytesView writer_bytes, Bytes* out) const;

 private:
  std::shared_ptr<const Schema> writer_, reader_;
  bool identity_ = false;
};

}  // namespace opsledger
