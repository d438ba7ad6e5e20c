// Stored bytes → typed value. The bytes are not trusted: every length is bounded by the bytes that
// remain, and anything malformed is a DecodeError.
#pragma once

#include <opsledger/detail/output_archive.hpp>

#include <string_view>

namespace ops::detail {

/// Reads from memory it does not own. One archive reads any number of values, one after the other:
/// making and ending one costs as much as reading a small event.
class InputArchive : public cereal::InputArchive<InputArchive> {
  using Base = cereal::InputArchive<InputArchive>;

 public:
  InputArchive() : Base(this) {}

  /// What is read next.
  void begin(std::string_view bytes) { rest_ = bytes; }

  /// Everything must have been read.
  void finish() const {
    if (!rest_.empty()) throw DecodeError(std::to_string(rest_.size()) + " bytes too many");
  }

  template <class... Fields>
  InputArchive& operator()(Fields&&... fields) {
    static_assert((IsField<std::remove_cvref_t<Fields>>::value && ...),
                  "every stored field needs a name: ar(NVP(a), NVP(b))");
    (Base::operator()(as_field(fields)), ...);
    return *this;
  }

  template <class T>
  void value(T& v) {
    constexpr Kind kind = kind_of<T>();
    if constexpr (kind == Kind::kBool)
      v = flag();
    else if constexpr (kind == Kind::kInteger)
      v = raw<T>();
    else if constexpr (kind == Kind::kDouble)
      v = number();
    else if constexpr (kind == Kind::kString)
      v = bytes();
    else if constexpr (kind == Kind::kBytes)
      v.data = bytes();
    else if constexpr (kind == Kind::kPersonal)
      v = T(std::string(bytes()));
    else if constexpr (kind == Kind::kTime)
      v.us = raw<std::int64_t>();
    else if constexpr (kind == Kind::kDate)
      v.days = raw<std::int32_t>();
    else if constexpr (kind == Kind::kMoney)
      v = money();
    else if constexpr (kind == Kind::kDecimal)
      v = decimal();
    else if constexpr (kind == Kind::kEnum)
      v = enumerator<T>();
    else
      compound<kind>(v);
  }

 private:
  template <Kind kind, class T>
  void compound(T& v) {
    if constexpr (kind == Kind::kOptional) {
      v.reset();
      if (flag()) value(v.emplace());
    } else if constexpr (kind == Kind::kList) {
      list(v);
    } else if constexpr (kind == Kind::kMap) {
      map(v);
    } else if constexpr (kind == Kind::kVariant) {
      alternative(v, length(), std::make_index_sequence<std::variant_size_v<T>>());
    } else {
      check_struct<T, InputArchive, OutputArchive>();
      Base::operator()(v);
    }
  }
  template <class T>
  void list(T& v) {
    const std::size_t count = count_that_fits();
    v.clear();
    for (std::size_t i = 0; i < count; ++i) {
      typename T::value_type element{};
      value(element);
      v.push_back(std::move(element));
    }
  }
  template <class T>
  void map(T& v) {
    const std::size_t count = count_that_fits();
    v.clear();
    for (std::size_t i = 0; i < count; ++i) {
      typename T::key_type key{};
      value(key);
      if (!v.empty() && !(v.rbegin()->first < key)) throw DecodeError("map keys out of order");
      value(v.emplace_hint(v.end(), std::move(key), typename T::mapped_type{})->second);
    }
  }
  template <class T, std::size_t... I>
  void alternative(T& v, std::size_t index, std::index_sequence<I...>) {
    if (!((index == I && (value(v.template emplace<I>()), true)) || ...)) {
      throw DecodeError("no alternative " + std::to_string(index));
    }
  }

  std::string_view take(std::size_t n) {
    if (n > rest_.size()) {
      throw DecodeError(std::to_string(n) + " bytes expected, " + std::to_string(rest_.size()) +
                        " left");
    }
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  template <class I>
  I raw() {
    I v;
    std::memcpy(&v, take(sizeof v).data(), sizeof v);
    return v;
  }
  bool flag() {
    const auto v = raw<std::uint8_t>();
    if (v > 1) throw DecodeError("a flag that is neither 0 nor 1");
    return v == 1;
  }
  double number() {
    const auto v = raw<double>();
    if (!std::isfinite(v)) throw DecodeError("a number that is not finite");
    return v;
  }
  Money money() {
    const auto minor = raw<std::int64_t>();
    return Money::of(minor, take(3));
  }
  Decimal decimal() {
    const auto unscaled = raw<std::int64_t>();
    const auto scale = raw<std::uint8_t>();
    if (scale > Decimal::kScaleMax) throw DecodeError("decimal scale above 18");
    return {unscaled, scale};
  }
  template <class E>
  E enumerator() {
    constexpr auto names = ops_enum_names(E{});
    const std::size_t index = length();
    if (index >= names.size()) throw DecodeError("no enum value " + std::to_string(index));
    return names[index].first;
  }
  std::string_view bytes() { return take(length()); }
  std::size_t count_that_fits() {
    const std::size_t count = length();
    if (count > rest_.size()) throw DecodeError("a list longer than its bytes");
    return count;
  }
  // Unsigned LEB128 of at most five bytes, shortest form.
  std::size_t length() {
    std::uint64_t n = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const auto byte = raw<std::uint8_t>();
      n |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte & 0x80u) continue;
      if ((byte == 0 && shift > 0) || n > 0xffff'ffffu) break;
      return n;
    }
    throw DecodeError("malformed length");
  }

  std::string_view rest_;
};

}  // namespace ops::detail

namespace ops {

// Found by cereal for each field.
template <class T>
void load(detail::InputArchive& ar, Field<T>& field) {
  ar.value(field.value());
}

}  // namespace ops

CEREAL_SETUP_ARCHIVE_TRAITS(ops::detail::InputArchive, ops::detail::OutputArchive)
