// Memory behind the descriptors of a module: never moves, lives as long as the module.
#pragma once

#include <opsledger/view.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ops::detail {

class Pool {
 public:
  ops_view text(std::string text) { return to_view(texts_.emplace_back(std::move(text))); }
  ops_label label(const Label& label) { return {text(label.en), text(label.zh)}; }

  /// Keeps an object of any type.
  template <class T, class... Args>
  T& make(Args&&... args) {
    auto object = std::make_shared<T>(std::forward<Args>(args)...);
    T& reference = *object;
    objects_.push_back(std::move(object));
    return reference;
  }

 private:
  std::deque<std::string> texts_;
  std::vector<std::shared_ptr<void>> objects_;
};

template <class T>
ops_array to_array(const std::vector<T>& items) {
  return {items.data(), static_cast<std::uint32_t>(items.size()), sizeof(T)};
}

/// The name of a C++ type without its namespaces: the name of a model without a `name`.
template <class T>
std::string type_name() {
  std::string_view text = __PRETTY_FUNCTION__;  // … [with T = a::B; …] or [T = a::B]
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  if (const auto colon = text.rfind("::"); colon != text.npos) text.remove_prefix(colon + 2);
  return std::string(text);
}

}  // namespace ops::detail
