// Schemas interpreted at run time: JSON <-> bytes without the plugin that wrote them.
// The formats are fixed in sdk/SCHEMA.md.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/schema/type_node.hpp"
#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// What encode does with members of an object that the struct does not have.
enum class UnknownFields {
  kRefuse,  ///< a caller's mistake: each is an error (commands, appended events)
  kDrop,    ///< somebody else's event read by a module that knows only some of its fields
};

/// Immutable, shared freely between threads.
class Schema {
 public:
  /// Parses canonical schema text. Errors: kInvalid `schema.text_invalid` naming the place.
  static Result<std::shared_ptr<const Schema>> parse(std::string_view text);

  const SchemaId& id() const { return id_; }
  const std::string& text() const { return text_; }
  const TypeNode& root() const { return root_; }  ///< always kStruct

  /// JSON -> bytes. Unknown fields, wrong types, out-of-range numbers are errors (kInvalid
  /// `schema.invalid`), all of them collected in Error::fields (at most kFieldErrorsMax) with
  /// pointers below `base` (`/data` -> `/data/due_at: expected RFC 3339 time`). A missing field
  /// takes its alias' value, else its default, else an empty optional, else it is an error.
  Result<Bytes> encode(const boost::json::value& json, std::string_view base = "",
                       UnknownFields unknown = UnknownFields::kRefuse) const;
  /// Bytes -> JSON. Errors: kCorrupt `schema.bytes_invalid`. Optional fields that are empty are
  /// shown as null. `decode_to` appends JSON text without building a tree; on an error the text
  /// is as it was before.
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

/// Views of the top-level fields' bytes, in order, for whoever needs single columns.
/// Errors: kCorrupt `schema.bytes_invalid`.
Status split_fields(const TypeNode& struct_type, BytesView bytes, std::vector<BytesView>* fields);
/// JSON text of one value of any type (`split_fields` gives its bytes). Errors: as decode.
Status decode_value_to(const TypeNode& type, BytesView bytes, std::string* json_text);
/// JSON of one value -> bytes of any type, appended. Errors: as Schema::encode.
Status encode_value(const TypeNode& type, const boost::json::value& json, std::string_view base,
                    UnknownFields unknown, Bytes* out);

struct ConversionPlan;

/// How to turn a writer's bytes into a reader's. Immutable, thread safe.
class Resolution {
 public:
  /// Errors: kInvalid `schema.incompatible` naming the field and both types.
  static Result<std::shared_ptr<const Resolution>> make(std::shared_ptr<const Schema> writer,
                                                        std::shared_ptr<const Schema> reader);
  Resolution();
  ~Resolution();
  Resolution(const Resolution&) = delete;
  Resolution& operator=(const Resolution&) = delete;

  bool identity() const { return plan_ == nullptr; }  ///< bytes pass unchanged
  /// Appends the reader's bytes to `out`; on an error `out` is as it was before.
  /// Errors: kCorrupt `schema.bytes_invalid`, kInvalid `schema.name_unknown` (an enumerator or
  /// alternative that the reader does not have).
  Status convert(BytesView writer_bytes, Bytes* out) const;

 private:
  std::shared_ptr<const Schema> writer_, reader_;  // the plan points into both
  std::unique_ptr<const ConversionPlan> plan_;
};

}  // namespace opsledger
