// Reading the plugin's C structs: views, and arrays whose elements may be shorter or longer than
// this host knows them.
#pragma once

#include <opsledger/abi.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "storage/base/types.hpp"

namespace opsledger {

/// Precondition: not (null with a size), see `is_sound`.
inline std::string_view text_of(const ops_view& view) {
  return view.size == 0 ? std::string_view() : std::string_view(view.data, view.size);
}
inline bool is_sound(const ops_view& view) {
  return view.size == 0 || view.data != nullptr;
}
inline ops_view view_of(std::string_view text) {
  return {text.data(), text.size()};
}

/// What ABI 1.0 gave an element; later members stand behind.
template <class T>
inline constexpr std::size_t kFirstSize = sizeof(T);
template <>
inline constexpr std::size_t kFirstSize<ops_table> = offsetof(ops_table, search_count);

/// Element `i`: members that the plugin's compiler did not know are zero.
template <class T>
T element_of(const ops_array& array, std::uint32_t i) {
  T element{};
  std::memcpy(&element,
              static_cast<const char*>(array.data) + std::size_t{i} * std::size_t{array.stride},
              std::min<std::size_t>(sizeof(T), array.stride));
  return element;
}

}  // namespace opsledger
