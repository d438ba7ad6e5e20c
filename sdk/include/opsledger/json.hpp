// A JSON value of any shape: events of other modules read without a struct of their own.
#pragma once

#include <opsledger/detail/json_text.hpp>

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ops {

/// Immutable but by assignment. Look-ups never fail: what is not there is null.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool v) : value_(v) {}
  Json(double v) : value_(v) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Json(I v) : value_(static_cast<std::int64_t>(v)) {}
  Json(const char* v) : value_(std::string(v)) {}
  Json(std::string v) : value_(std::move(v)) {}
  Json(Array v) : value_(std::move(v)) {}
  Json(Object v) : value_(std::move(v)) {}

  /// Throws DecodeError naming the place; nesting is at most kDepthMax.
  static Json parse(std::string_view text);
  static constexpr std::size_t kDepthMax = 64;

  bool is_null() const { return value_.index() == 0; }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const {
    return std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<double>(value_);
  }

  /// The member, or null.
  const Json& operator[](std::string_view key) const {
    const auto* object = std::get_if<Object>(&value_);
    if (object == nullptr) return null();
    const auto found = object->find(key);
    return found == object->end() ? null() : found->second;
  }
  /// The value, or `otherwise` when it is of another kind.
  std::string str(std::string otherwise = "") const { return get(std::move(otherwise)); }
  bool boolean(bool otherwise = false) const { return get(otherwise); }
  std::int64_t integer(std::int64_t otherwise = 0) const { return get(otherwise); }
  double number(double otherwise = 0) const {
    const auto* whole = std::get_if<std::int64_t>(&value_);
    return whole != nullptr ? static_cast<double>(*whole) : get(otherwise);
  }
  const Array& array() const {
    static const Array empty;
    const auto* v = std::get_if<Array>(&value_);
    return v != nullptr ? *v : empty;
  }
  const Object& object() const {
    static const Object empty;
    const auto* v = std::get_if<Object>(&value_);
    return v != nullptr ? *v : empty;
  }
  std::string dump() const {
    std::string out;
    append(out);
    return out;
  }
  friend bool operator==(const Json& a, const Json& b) { return a.value_ == b.value_; }

 private:
  static const Json& null() {
    static const Json value;
    return value;
  }
  template <class T>
  T get(T otherwise) const {
    const auto* v = std::get_if<T>(&value_);
    return v != nullptr ? *v : otherwise;
  }
  void append(std::string& out) const {
    if (const auto* text = std::get_if<std::string>(&value_)) {
      detail::append_json_string(*text, out);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value_)) {
      out += std::to_string(*whole);
    } else if (const auto* number = std::get_if<double>(&value_)) {
      out += detail::json_number(*number);
    } else if (const auto* flag = std::get_if<bool>(&value_)) {
      out += *flag ? "true" : "false";
    } else if (is_null()) {
      out += "null";
    } else {
      append_container(out);
    }
  }
  void append_container(std::string& out) const {
    out += is_array() ? '[' : '{';
    for (const Json& element : array()) {
      if (out.back() != '[') out += ',';
      element.append(out);
    }
    for (const auto& [key, element] : object()) {
      if (out.back() != '{') out += ',';
      detail::append_json_string(key, out);
      out += ':';
      element.append(out);
    }
    out += is_array() ? ']' : '}';
  }

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_;
};

namespace detail {

/// Builds a Json from the parser's calls; a stack of open containers instead of recursion.
class JsonBuilder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, JsonBuilder> {
 public:
  bool Null() { return add(Json()); }
  bool Bool(bool v) { return add(Json(v)); }
  bool Int(int v) { return add(Json(v)); }
  bool Uint(unsigned v) { return add(Json(v)); }
  bool Int64(std::int64_t v) { return add(Json(v)); }
  bool Uint64(std::uint64_t v) {
    const bool fits = v <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    return add(fits ? Json(v) : Json(static_cast<double>(v)));
  }
  bool Double(double v) { return add(Json(v)); }
  bool String(const char* v, rapidjson::SizeType n, bool) { return add(Json(std::string(v, n))); }
  bool Key(const char* v, rapidjson::SizeType n, bool) {
    open_.back().key.assign(v, n);
    return true;
  }
  bool StartObject() { return start(true); }
  bool StartArray() { return start(false); }
  bool EndObject(rapidjson::SizeType) { return end(); }
  bool EndArray(rapidjson::SizeType) { return end(); }
  Json take() { return std::move(root_); }

 private:
  struct Open {
    bool is_object = false;
    std::string key;
    Json::Array array;
    Json::Object object;
  };
  bool start(bool is_object) {
    if (open_.size() == Json::kDepthMax) return false;
    open_.emplace_back().is_object = is_object;
    return true;
  }
  bool end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    return add(done.is_object ? Json(std::move(done.object)) : Json(std::move(done.array)));
  }
  bool add(Json v) {
    if (open_.empty())
      root_ = std::move(v);
    else if (open_.back().is_object)
      open_.back().object[open_.back().key] = std::move(v);
    else
      open_.back().array.push_back(std::move(v));
    return true;
  }

  std::vector<Open> open_;
  Json root_;
};

/// Bounded input: the text is not terminated by zero.
class JsonInput {
 public:
  using Ch = char;
  explicit JsonInput(std::string_view text) : text_(text) {}
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char Take() { return at_ < text_.size() ? text_[at_++] : '\0'; }
  std::size_t Tell() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  void Flush() {}
  std::size_t PutEnd(char*) { return 0; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace detail

inline Json Json::parse(std::string_view text) {
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  detail::JsonInput input(text);
  detail::JsonBuilder builder;
  rapidjson::Reader reader;
  const auto result = reader.Parse<kFlags>(input, builder);
  if (result.IsError() || !input.at_end()) {
    const char* why = result.IsError() ? rapidjson::GetParseError_En(result.Code())
                                       : "something follows after the value";
    throw DecodeError("JSON at byte " + std::to_string(input.Tell()) + ": " + why);
  }
  return builder.take();
}

}  // namespace ops
