// Typed value → stored bytes (sdk/SCHEMA.md), through cereal's dispatch.
#pragma once

#include <opsledger/detail/kind.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <string>

namespace ops::detail {

static_assert(std::endian::native == std::endian::little, "stored integers are little-endian");

class InputArchive;

/// Appends to a string it does not own. Throws ValueError for what has no stored form.
class OutputArchive : public cereal::OutputArchive<OutputArchive> {
  using Base = cereal::OutputArchive<OutputArchive>;

 public:
  explicit OutputArchive(std::string& out) : Base(this), out_(out) {}

  template <class... Fields>
  OutputArchive& operator()(Fields&&... fields) {
    static_assert((IsField<std::remove_cvref_t<Fields>>::value && ...),
                  "every stored field needs a name: ar(NVP(a), NVP(b))");
    (Base::operator()(as_field(fields)), ...);
    return *this;
  }

  template <class T>
  void value(const T& v) {
    constexpr Kind kind = kind_of<T>();
    if constexpr (kind == Kind::kBool)
      raw<std::uint8_t>(v ? 1 : 0);
    else if constexpr (kind == Kind::kInteger)
      raw(v);
    else if constexpr (kind == Kind::kDouble)
      number(v);
    else if constexpr (kind == Kind::kString)
      bytes(v);
    else if constexpr (kind == Kind::kBytes)
      bytes(v.data);
    else if constexpr (kind == Kind::kPersonal)
      bytes(v.token());
    else if constexpr (kind == Kind::kTime)
      raw(v.us);
    else if constexpr (kind == Kind::kDate)
      raw(v.days);
    else if constexpr (kind == Kind::kEnum)
      length(enum_index(v));
    else
      compound<kind>(v);
  }

 private:
  template <Kind kind, class T>
  void compound(const T& v) {
    if constexpr (kind == Kind::kMoney) {
      raw(v.minor);
      out_.append(v.currency.data(), 3);
    } else if constexpr (kind == Kind::kDecimal) {
      raw(v.unscaled());
      raw(static_cast<std::uint8_t>(v.scale()));
    } else if constexpr (kind == Kind::kOptional) {
      raw<std::uint8_t>(v ? 1 : 0);
      if (v) value(*v);
    } else if constexpr (kind == Kind::kList) {
      length(v.size());
      for (const typename T::value_type& element : v) value(element);
    } else if constexpr (kind == Kind::kMap) {
      length(v.size());
      for (const auto& [key, element] : v) value(key), value(element);
    } else if constexpr (kind == Kind::kVariant) {
      length(v.index());
      std::visit([&](const auto& alternative) { value(alternative); }, v);
    } else {
      check_struct<T, InputArchive, OutputArchive>();
      Base::operator()(v);
    }
  }
  template <class I>
  void raw(I v) {
    out_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  void number(double v) {
    if (!std::isfinite(v)) throw ValueError("a stored number is finite");
    raw(v);
  }
  void bytes(const std::string& v) {
    length(v.size());
    out_ += v;
  }
  void length(std::size_t n) {
    if (n > 0xffff'ffffu) throw ValueError("more than 2^32-1 bytes or elements");
    for (; n >= 0x80; n >>= 7) out_ += static_cast<char>(n | 0x80);
    out_ += static_cast<char>(n);
  }

  std::string& out_;
};

}  // namespace ops::detail

namespace ops {

// Found by cereal for each field.
template <class T>
void save(detail::OutputArchive& ar, const Field<T>& field) {
  ar.value(field.value());
}

}  // namespace ops
