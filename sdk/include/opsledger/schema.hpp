// The schema that a struct's serialize() implies, as canonical text (sdk/SCHEMA.md).
#pragma once

#include <opsledger/detail/json_text.hpp>

#include <string>
#include <typeinfo>

namespace ops {
namespace detail {

/// Walks types, not values: a struct is default-constructed once to name its fields, what a
/// container holds is never looked at.
class SchemaArchive : public cereal::OutputArchive<SchemaArchive> {
  using Base = cereal::OutputArchive<SchemaArchive>;

 public:
  static constexpr unsigned kDepthMax = 16;

  explicit SchemaArchive(std::string& out) : Base(this), out_(out) {}

  template <class... Fields>
  SchemaArchive& operator()(Fields&&... fields) {
    static_assert((IsField<std::remove_cvref_t<Fields>>::value && ...),
                  "every stored field needs a name: ar(NVP(a), NVP(b))");
    (Base::operator()(as_field(fields)), ...);
    return *this;
  }

  template <class T>
  void field(const Field<T>& f) {
    if (out_.back() != '[') out_ += ',';
    out_ += "{\"name\":";
    append_json_string(f.name(), out_);
    out_ += ",\"type\":";
    type<std::remove_cv_t<T>>();
    if (f.is_defaulted()) {
      out_ += ",\"default\":";
      JsonArchive(out_).value(f.value());
    }
    annotations(f);
    out_ += '}';
  }

  template <class T>
  void type() {
    if (++depth_ > kDepthMax) {
      throw DeclarationError(std::string("type nests more than 16 deep or contains itself: ") +
                             typeid(T).name());
    }
    constexpr Kind kind = kind_of<T>();
    if constexpr (kind == Kind::kInteger) {
      out_ += std::is_signed_v<T> ? "\"i" : "\"u";
      out_ += std::to_string(8 * sizeof(T)) + '"';
    } else if constexpr (kind < Kind::kEnum) {
      out_ += basic_name(kind);
    } else {
      compound<kind, T>();
    }
    --depth_;
  }

 private:
  static constexpr const char* basic_name(Kind kind) {
    switch (kind) {
      case Kind::kBool:
        return "\"bool\"";
      case Kind::kDouble:
        return "\"f64\"";
      case Kind::kString:
        return "\"string\"";
      case Kind::kBytes:
        return "\"bytes\"";
      case Kind::kTime:
        return "\"time\"";
      case Kind::kDate:
        return "\"date\"";
      case Kind::kMoney:
        return "\"money\"";
      default:
        return "\"decimal\"";
    }
  }
  template <Kind kind, class T>
  void compound() {
    if constexpr (kind == Kind::kEnum) {
      out_ += "{\"enum\":[";
      for (const auto& [value, name] : ops_enum_names(T{})) comma(), append_json_string(name, out_);
      out_ += "]}";
    } else if constexpr (kind == Kind::kOptional || kind == Kind::kList) {
      out_ += kind == Kind::kOptional ? "{\"optional\":" : "{\"list\":";
      type<typename T::value_type>();
      out_ += '}';
    } else if constexpr (kind == Kind::kPersonal) {
      out_ += "{\"personal\":";
      type<typename T::value_type>();
      out_ += '}';
    } else if constexpr (kind == Kind::kMap) {
      out_ += "{\"map\":[";
      type<typename T::key_type>();
      out_ += ',';
      type<typename T::mapped_type>();
      out_ += "]}";
    } else if constexpr (kind == Kind::kVariant) {
      out_ += "{\"variant\":[";
      alternatives(static_cast<T*>(nullptr));
      out_ += "]}";
    } else {
      check_struct<T, InputArchive, OutputArchive>();
      out_ += "{\"struct\":[";
      Base::operator()(T{});
      out_ += "]}";
    }
  }
  template <class... A>
  void alternatives(std::variant<A...>*) {
    (alternative<A>(), ...);
  }
  template <class A>
  void alternative() {
    comma();
    out_ += "{\"name\":";
    append_json_string(alternative_name<A>(), out_);
    out_ += ",\"type\":";
    type<A>();
    out_ += '}';
  }
  template <class T>
  void annotations(const Field<T>& f) {
    for (std::size_t i = 0; i < f.alias_count(); ++i) {
      out_ += i == 0 ? ",\"alias\":[" : ",";
      append_json_string(f.alias_at(i), out_);
    }
    if (f.alias_count() > 0) out_ += ']';
    if (f.en() != nullptr) {
      out_ += ",\"label\":{\"en\":";
      append_json_string(f.en(), out_);
      out_ += ",\"zh\":";
      append_json_string(f.zh(), out_);
      out_ += '}';
    }
    if (f.doc() != nullptr) {
      out_ += ",\"doc\":";
      append_json_string(f.doc(), out_);
    }
  }
  void comma() {
    if (out_.back() != '[') out_ += ',';
  }

  std::string& out_;
  unsigned depth_ = 0;
};

template <class T>
void save(SchemaArchive& ar, const Field<T>& field) {
  ar.field(field);
}

}  // namespace detail

/// Canonical schema text of a struct. Throws DeclarationError when it contains itself.
template <class T>
std::string schema_of() {
  static_assert(detail::kind_of<T>() == detail::Kind::kStruct, "the top level is a struct");
  std::string out;
  detail::SchemaArchive(out).type<T>();
  return out;
}

}  // namespace ops
