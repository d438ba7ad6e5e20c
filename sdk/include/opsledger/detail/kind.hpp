// Which C++ types may be stored, and as what. Everything else is a compile-time error here.
#pragma once

#include <opsledger/decimal.hpp>
#include <opsledger/enum.hpp>
#include <opsledger/field.hpp>
#include <opsledger/money.hpp>
#include <opsledger/personal.hpp>
#include <opsledger/time.hpp>

#include <cereal/cereal.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace ops::detail {

enum class Kind {
  kBool,
  kInteger,
  kDouble,
  kString,
  kBytes,
  kTime,
  kDate,
  kMoney,
  kDecimal,
  kEnum,
  kOptional,
  kList,
  kMap,
  kVariant,
  kPersonal,
  kStruct,
};

template <class T, template <class...> class Template>
struct IsInstance : std::false_type {};
template <template <class...> class Template, class... Args>
struct IsInstance<Template<Args...>, Template> : std::true_type {};
template <class T, template <class...> class Template>
inline constexpr bool is_instance = IsInstance<T, Template>::value;

template <class T>
inline constexpr bool is_character =
    std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;
template <class>
inline constexpr bool never = false;

template <class T>
consteval Kind container_kind() {
  if constexpr (is_instance<T, std::optional>)
    return Kind::kOptional;
  else if constexpr (is_instance<T, std::vector>)
    return Kind::kList;
  else if constexpr (is_instance<T, std::variant>)
    return Kind::kVariant;
  else if constexpr (is_instance<T, std::map>) {
    static_assert(std::same_as<typename T::key_type, std::string> ||
                      (std::integral<typename T::key_type> && !is_character<typename T::key_type>),
                  "the key of a stored map is a string or an integer");
    static_assert(std::same_as<typename T::key_compare, std::less<typename T::key_type>>,
                  "a stored map is in the natural order of its keys");
    return Kind::kMap;
  } else {
    static_assert(
        !requires { typename T::hasher; }, "unordered containers cannot be stored");
    static_assert(
        std::is_class_v<T> && !requires { typename T::value_type; },
        "cannot be stored: use optional, vector, map, variant or a struct");
    static_assert(std::is_default_constructible_v<T>, "a stored struct is default constructible");
    return Kind::kStruct;
  }
}

template <class T>
consteval Kind kind_of() {
  static_assert(!std::is_pointer_v<T> && !std::is_reference_v<T>, "pointers cannot be stored");
  static_assert(!std::is_const_v<T>, "a stored field is not const");
  static_assert(!std::same_as<T, float> && !std::same_as<T, long double>,
                "use double, Decimal or Money");
  static_assert(!is_character<T>, "use std::string or an integer of a named width");
  if constexpr (std::same_as<T, bool>)
    return Kind::kBool;
  else if constexpr (std::integral<T>)
    return Kind::kInteger;
  else if constexpr (std::same_as<T, double>)
    return Kind::kDouble;
  else if constexpr (std::same_as<T, std::string>)
    return Kind::kString;
  else if constexpr (std::same_as<T, Bytes>)
    return Kind::kBytes;
  else if constexpr (std::same_as<T, Time>)
    return Kind::kTime;
  else if constexpr (std::same_as<T, Date>)
    return Kind::kDate;
  else if constexpr (std::same_as<T, Money>)
    return Kind::kMoney;
  else if constexpr (std::same_as<T, Decimal>)
    return Kind::kDecimal;
  else if constexpr (std::is_enum_v<T>) {
    static_assert(NamedEnum<T>, "name the values of a stored enum with OPS_ENUM");
    return Kind::kEnum;
  } else if constexpr (is_instance<T, Personal>)
    return Kind::kPersonal;
  else
    return container_kind<T>();
}

/// A struct goes through cereal, by one serialize() for both directions and without versions.
template <class T, class In, class Out>
consteval void check_struct() {
  namespace traits = cereal::traits;
  static_assert(!traits::has_member_save<T, Out>::value && !traits::has_member_load<T, In>::value &&
                    !traits::has_member_save_minimal<T, Out>::value,
                "a stored struct has one serialize(), not save() and load()");
  static_assert(!traits::has_member_versioned_serialize<T, Out>::value &&
                    !traits::has_non_member_versioned_serialize<T, Out>::value,
                "no class versions: a changed event gets a new `version` and an upcast");
  static_assert(traits::has_member_serialize<T, Out>::value ||
                    traits::has_non_member_serialize<T, Out>::value,
                "a stored struct needs template <class A> void serialize(A& ar) { ar(NVP(a)); }");
}

/// Name of an alternative of a variant: its `static constexpr auto name`, or the basic type's.
template <class T>
constexpr const char* alternative_name() {
  if constexpr (requires { T::name; })
    return T::name;
  else if constexpr (std::same_as<T, bool>)
    return "bool";
  else if constexpr (std::integral<T>)
    return "integer";
  else if constexpr (std::same_as<T, double>)
    return "number";
  else if constexpr (std::same_as<T, std::string>)
    return "text";
  else if constexpr (std::same_as<T, Time>)
    return "time";
  else if constexpr (std::same_as<T, Date>)
    return "date";
  else if constexpr (std::same_as<T, Money>)
    return "money";
  else if constexpr (std::same_as<T, Decimal>)
    return "decimal";
  else
    static_assert(never<T>, "give this alternative a static constexpr auto name = \"…\"");
}

}  // namespace ops::detail
