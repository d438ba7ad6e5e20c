// JSON values -> payload bytes under a type.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "kernel/schema/schema.hpp"

namespace opsledger {

/// The way from the root to a value, kept on the stack: text is made only when there is an error.
struct JsonPath {
  const JsonPath* up = nullptr;
  std::string_view name;  ///< a member, unless `is_index`
  std::size_t index = 0;
  bool is_index = false;
};

/// One encoding. Appends to `out` as it goes; after an error what was appended means nothing.
class Encoder {
 public:
  Encoder(std::string_view base, UnknownFields unknown, Bytes* out)
      : base_(base), unknown_(unknown), out_(*out) {}

  void value(const TypeNode& type, const boost::json::value& json, const JsonPath* path);
  /// Success, or kInvalid `schema.invalid` with all field errors.
  Status finish() &&;

 private:
  using Value = boost::json::value;
  void boolean(const Value& json, const JsonPath* path);
  template <class T>
  void integer(const Value& json, const JsonPath* path);
  void number(const Value& json, const JsonPath* path);
  void string(const Value& json, const JsonPath* path);
  void bytes(const Value& json, const JsonPath* path);
  void time(const Value& json, const JsonPath* path);
  void date(const Value& json, const JsonPath* path);
  void money(const Value& json, const JsonPath* path);
  void decimal(const Value& json, const JsonPath* path);
  void enumerator(const TypeNode& type, const Value& json, const JsonPath* path);
  void list(const TypeNode& type, const Value& json, const JsonPath* path);
  void map(const TypeNode& type, const Value& json, const JsonPath* path);
  void variant(const TypeNode& type, const Value& json, const JsonPath* path);
  void structure(const TypeNode& type, const Value& json, const JsonPath* path);
  void personal(const TypeNode& type, const Value& json, const JsonPath* path);
  void missing(const TypeNode::Field& field, const JsonPath* path);
  void unknown_members(const TypeNode& type, const boost::json::object& object,
                       const JsonPath* path);
  void length(std::size_t count, const JsonPath* path);
  void expected(std::string_view what, const Value& json, const JsonPath* path);
  void error(std::string detail, const JsonPath* path);

  std::string_view base_;
  UnknownFields unknown_;
  Bytes& out_;
  std::vector<FieldError> errors_;
  std::size_t errors_total_ = 0;
};

}  // namespace opsledger
