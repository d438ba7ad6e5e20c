// Bytes -> JSON text, JSON tree, or nothing but the check.
#include <boost/json/value_stack.hpp>
#include <optional>

#include "kernel/schema/base64.hpp"
#include "kernel/schema/schema.hpp"
#include "kernel/schema/walk.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kSealedText = "<personal>", kErasedText = "<erased>";

class TextSink : public NullSink {
 public:
  explicit TextSink(std::string* out) : out_(*out) {}
  void null() { out_.append("null"); }
  void boolean(bool value) { out_.append(value ? "true" : "false"); }
  void integer(std::int64_t value) { append_decimal(value, &out_); }
  void integer(std::uint64_t value) { append_decimal(value, &out_); }
  void number(double value) { append_double(value, &out_); }
  void string(std::string_view text) { append_json_string(text, &out_); }
  void bytes(BytesView bytes) {
    quoted([&] { append_base64(bytes, &out_); });
  }
  void time(Time value) {
    quoted([&] { append_rfc3339(value, &out_); });
  }
  void date(std::int32_t days) {
    quoted([&] { append_date(days, &out_); });
  }
  void decimal(const DecimalValue& v) {
    quoted([&] { append_decimal_value(v, &out_); });
  }
  void money(std::int64_t minor, std::string_view currency) {
    out_.append("{\"minor\":");
    append_decimal(minor, &out_);
    out_.append(",\"currency\":\"").append(currency).append("\"}");
  }
  void enumerator(const TypeNode& type, std::uint32_t i) { out_.append(type.enumerators_json[i]); }
  void sealed() { string(kSealedText); }
  void erased() { string(kErasedText); }
  void begin_list(std::uint32_t) { out_.push_back('['); }
  void element(std::uint32_t i) {
    if (i > 0) out_.push_back(',');
  }
  void end_list(std::uint32_t) { out_.push_back(']'); }
  void begin_map(std::uint32_t) { out_.push_back('{'); }
  void map_key(std::uint32_t i, std::string_view key) {
    element(i);
    string(key);
    out_.push_back(':');
  }
  void end_map(std::uint32_t) { out_.push_back('}'); }
  void begin_struct(const TypeNode&) { out_.push_back('{'); }
  void field(const TypeNode& type, std::uint32_t i) {
    out_.append(type.fields[i].json_key, i == 0 ? 1 : 0);
  }
  void end_struct(const TypeNode&) { out_.push_back('}'); }
  void begin_variant(const TypeNode& type, std::uint32_t i) {
    out_.push_back('{');
    out_.append(type.fields[i].json_key, 1);
  }
  void end_variant() { out_.push_back('}'); }

 private:
  template <class Write>
  void quoted(Write write) {
    out_.push_back('"');
    write();
    out_.push_back('"');
  }
  std::string& out_;
};

class TreeSink : public NullSink {
 public:
  TreeSink() { stack_.reset(); }
  boost::json::value release() { return stack_.release(); }

  void null() { stack_.push_null(); }
  void boolean(bool value) { stack_.push_bool(value); }
  void integer(std::int64_t value) { stack_.push_int64(value); }
  void integer(std::uint64_t value) {
    value <= INT64_MAX ? stack_.push_int64(static_cast<std::int64_t>(value))
                       : stack_.push_uint64(value);
  }
  void number(double value) { stack_.push_double(value); }
  void string(std::string_view text) { stack_.push_string(text); }
  void bytes(BytesView bytes) {
    text_of([&] { append_base64(bytes, &text_); });
  }
  void time(Time value) {
    text_of([&] { append_rfc3339(value, &text_); });
  }
  void date(std::int32_t days) {
    text_of([&] { append_date(days, &text_); });
  }
  void decimal(const DecimalValue& v) {
    text_of([&] { append_decimal_value(v, &text_); });
  }
  void money(std::int64_t minor, std::string_view currency) {
    stack_.push_key("minor");
    integer(minor);
    stack_.push_key("currency");
    string(currency);
    stack_.push_object(2);
  }
  void enumerator(const TypeNode& type, std::uint32_t i) { string(type.enumerators[i]); }
  void sealed() { string(kSealedText); }
  void erased() { string(kErasedText); }
  void end_list(std::uint32_t count) { stack_.push_array(count); }
  void map_key(std::uint32_t, std::string_view key) { stack_.push_key(key); }
  void end_map(std::uint32_t count) { stack_.push_object(count); }
  void field(const TypeNode& type, std::uint32_t i) { stack_.push_key(type.fields[i].name); }
  void end_struct(const TypeNode& type) { stack_.push_object(type.fields.size()); }
  void begin_variant(const TypeNode& type, std::uint32_t i) { field(type, i); }
  void end_variant() { stack_.push_object(1); }

 private:
  template <class Write>
  void text_of(Write write) {
    text_.clear();
    write();
    stack_.push_string(text_);
  }
  boost::json::value_stack stack_;
  std::string text_;
};

}  // namespace

bool skip_value(const TypeNode& type, PayloadReader& in) {
  NullSink sink;
  return Walker<NullSink>(in, sink).walk(type);
}

Error bytes_error(const PayloadReader& in) {
  return {Code::kCorrupt, "schema.bytes_invalid",
          "bytes do not fit their schema: " + std::string(in.problem()) + " (near byte " +
              std::to_string(in.offset()) + "); the writer is at fault"};
}

Result<boost::json::value> Schema::decode(BytesView bytes) const {
  TreeSink sink;
  PayloadReader in(bytes);
  if (!walk_all(root_, in, sink)) return bytes_error(in);
  return sink.release();
}

Status Schema::decode_to(BytesView bytes, std::string* json_text) const {
  return decode_value_to(root_, bytes, json_text);
}

Status Schema::check(BytesView bytes) const {
  NullSink sink;
  PayloadReader in(bytes);
  if (!walk_all(root_, in, sink)) return bytes_error(in);
  return {};
}

Status decode_value_to(const TypeNode& type, BytesView bytes, std::string* json_text) {
  const std::size_t before = json_text->size();
  TextSink sink(json_text);
  PayloadReader in(bytes);
  if (walk_all(type, in, sink)) return {};
  json_text->resize(before);
  return bytes_error(in);
}

Status split_fields(const TypeNode& struct_type, BytesView bytes, std::vector<BytesView>* fields) {
  fields->clear();
  PayloadReader in(bytes);
  for (const TypeNode::Field& field : struct_type.fields) {
    const char* from = in.at();
    if (!skip_value(*field.type, in)) return bytes_error(in);
    fields->emplace_back(from, static_cast<std::size_t>(in.at() - from));
  }
  if (in.remaining() != 0) {
    in.fail("bytes left over after the last field");
    return bytes_error(in);
  }
  return {};
}

}  // namespace opsledger
