// Reads descriptors with a place to blame: the first error stops everything.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/plugin/abi_view.hpp"
#include "kernel/plugin/limits.hpp"
#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

/// One thread; after an error every read gives something empty.
class DescriptionReader {
 public:
  bool ok() const { return !error_; }
  Error take_error() { return std::move(*error_); }
  void fail(const std::string& place, const std::string& why);

  /// Owned copy of a UTF-8 text.
  std::string text(const ops_view& view, const std::string& place);
  std::string json_text(const ops_view& view, const std::string& place);  ///< or empty
  Label label(const ops_label& label, const std::string& place);
  /// Null for an empty text.
  std::shared_ptr<const Schema> schema(const ops_view& view, const std::string& place);
  /// `count` indices, each below `below`.
  std::vector<std::uint32_t> indices(const std::uint32_t* data, std::uint32_t count,
                                     std::size_t below, const std::string& place);
  std::vector<std::string> texts(const ops_view* data, std::uint32_t count,
                                 const std::string& place);
  /// Copies of the elements; each has at least the bytes that ABI 1.0 gave it.
  template <class T>
  std::vector<T> array(const ops_array& array, const std::string& place) {
    std::vector<T> elements;
    if (!sound(array, kFirstSize<T>, place)) return elements;
    elements.reserve(array.count);
    for (std::uint32_t i = 0; i < array.count; ++i) elements.push_back(element_of<T>(array, i));
    return elements;
  }
  template <class Callback>
  void needs(Callback callback, const char* name, const std::string& place) {
    if (callback == nullptr) fail(place, std::string("callback ") + name + " is null");
  }

 private:
  bool sound(const ops_array& array, std::size_t bytes_min, const std::string& place);
  bool counted(const void* data, std::uint32_t count, const std::string& place);

  std::optional<Error> error_;
};

}  // namespace opsledger
