// OPS_ENUM(Kind, address, stock, price_error): the names of an enum's values, in order. The
// stored form is the place in this list and the JSON form the name: append, never reorder.
#pragma once

#include <opsledger/error.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#define OPS_DETAIL_PARENS ()
#define OPS_DETAIL_EXPAND(...) \
  OPS_DETAIL_EXPAND3(OPS_DETAIL_EXPAND3(OPS_DETAIL_EXPAND3(__VA_ARGS__)))
#define OPS_DETAIL_EXPAND3(...) \
  OPS_DETAIL_EXPAND2(OPS_DETAIL_EXPAND2(OPS_DETAIL_EXPAND2(__VA_ARGS__)))
#define OPS_DETAIL_EXPAND2(...) \
  OPS_DETAIL_EXPAND1(OPS_DETAIL_EXPAND1(OPS_DETAIL_EXPAND1(__VA_ARGS__)))
#define OPS_DETAIL_EXPAND1(...) __VA_ARGS__
#define OPS_DETAIL_EACH(macro, a, ...) \
  __VA_OPT__(OPS_DETAIL_EXPAND(OPS_DETAIL_EACH_STEP(macro, a, __VA_ARGS__)))
#define OPS_DETAIL_EACH_STEP(macro, a, x, ...) \
  macro(a, x) __VA_OPT__(OPS_DETAIL_EACH_AGAIN OPS_DETAIL_PARENS(macro, a, __VA_ARGS__))
#define OPS_DETAIL_EACH_AGAIN() OPS_DETAIL_EACH_STEP

#define OPS_DETAIL_ENUM_NAME(Enum, value) \
  ::std::pair<Enum, ::std::string_view>{Enum::value, #value},
/// At namespace scope, after the enum; up to 27 values.
#define OPS_ENUM(Enum, ...)                                          \
  [[maybe_unused]] constexpr auto ops_enum_names(Enum) {             \
    return ::std::to_array<::std::pair<Enum, ::std::string_view>>(   \
        {OPS_DETAIL_EACH(OPS_DETAIL_ENUM_NAME, Enum, __VA_ARGS__)}); \
  }

namespace ops {

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E e) {
  ops_enum_names(e);
};

/// Place of a value in its OPS_ENUM list; throws ValueError for a value without a name.
template <NamedEnum E>
constexpr std::size_t enum_index(E value) {
  constexpr auto names = ops_enum_names(E{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].first == value) return i;
  }
  throw ValueError("enum value without a name");
}

template <NamedEnum E>
constexpr std::string_view enum_name(E value) {
  constexpr auto names = ops_enum_names(E{});
  return names[enum_index(value)].second;
}

}  // namespace ops
