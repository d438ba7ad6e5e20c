// ops_view and std::string_view.
#pragma once

#include <opsledger/abi.h>

#include <string>
#include <string_view>

namespace ops {

inline ops_view to_view(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view from_view(ops_view view) {
  return view.size == 0 ? std::string_view() : std::string_view(view.data, view.size);
}

/// A text in the two languages of the user interface.
struct Label {
  const char* en = "";
  const char* zh = "";
};

}  // namespace ops
