// Typed value → JSON text as sdk/SCHEMA.md shows values: defaults in schemas, messages of tests.
#pragma once

#include <opsledger/detail/input_archive.hpp>

#include <cstdio>
#include <string>
#include <string_view>

namespace ops::detail {

/// Appends `text` as a JSON string.
inline void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

inline std::string json_number(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", v);
  return text;
}

class JsonArchive : public cereal::OutputArchive<JsonArchive> {
  using Base = cereal::OutputArchive<JsonArchive>;

 public:
  explicit JsonArchive(std::string& out) : Base(this), out_(out) {}

  template <class... Fields>
  JsonArchive& operator()(Fields&&... fields) {
    (Base::operator()(as_field(fields)), ...);
    return *this;
  }
  void name(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(name, out_);
    out_ += ':';
  }

  template <class T>
  void value(const T& v) {
    constexpr Kind kind = kind_of<T>();
    if constexpr (kind == Kind::kBool)
      out_ += v ? "true" : "false";
    else if constexpr (kind == Kind::kInteger)
      out_ += std::to_string(v);
    else if constexpr (kind == Kind::kDouble)
      out_ += json_number(v);
    else if constexpr (kind == Kind::kString)
      append_json_string(v, out_);
    else if constexpr (kind == Kind::kBytes)
      append_json_string("<bytes>", out_);
    else if constexpr (kind == Kind::kPersonal)
      append_json_string("<personal>", out_);
    else if constexpr (kind == Kind::kTime || kind == Kind::kDate || kind == Kind::kDecimal)
      append_json_string(v.str(), out_);
    else if constexpr (kind == Kind::kEnum)
      append_json_string(enum_name(v), out_);
    else
      compound<kind>(v);
  }

 private:
  template <Kind kind, class T>
  void compound(const T& v) {
    if constexpr (kind == Kind::kMoney) {
      out_ += "{\"minor\":" + std::to_string(v.minor) + ",\"currency\":";
      append_json_string(v.code(), out_);
      out_ += '}';
    } else if constexpr (kind == Kind::kOptional) {
      v ? value(*v) : void(out_ += "null");
    } else if constexpr (kind == Kind::kList) {
      out_ += '[';
      for (const typename T::value_type& element : v) separate('['), value(element);
      out_ += ']';
    } else if constexpr (kind == Kind::kMap) {
      out_ += '{';
      for (const auto& [key, element] : v) name(text_of(key)), value(element);
      out_ += '}';
    } else if constexpr (kind == Kind::kVariant) {
      out_ += '{';
      std::visit(
          [&](const auto& a) {
            name(alternative_name<std::remove_cvref_t<decltype(a)>>());
            value(a);
          },
          v);
      out_ += '}';
    } else {
      out_ += '{';
      Base::operator()(v);
      out_ += '}';
    }
  }
  void separate(char opening) {
    if (out_.back() != opening) out_ += ',';
  }
  static const std::string& text_of(const std::string& key) { return key; }
  template <std::integral I>
  static std::string text_of(I key) {
    return std::to_string(key);
  }

  std::string& out_;
};

template <class T>
void save(JsonArchive& ar, const Field<T>& field) {
  ar.name(field.name());
  ar.value(field.value());
}

}  // namespace ops::detail

namespace ops {

/// Any stored value as JSON text.
template <class T>
std::string to_json_text(const T& value) {
  std::string out;
  detail::JsonArchive(out).value(value);
  return out;
}

}  // namespace ops
