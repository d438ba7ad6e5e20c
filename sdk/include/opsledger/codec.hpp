// The stored form of a struct.
#pragma once

#include <opsledger/detail/input_archive.hpp>

#include <string>
#include <string_view>

namespace ops {

/// Appends the stored bytes of `value`. Throws ValueError (a number that is not finite).
template <class T>
void append_bytes(const T& value, std::string& out) {
  static_assert(detail::kind_of<T>() == detail::Kind::kStruct);
  detail::OutputArchive(out).value(value);
}
template <class T>
std::string to_bytes(const T& value) {
  std::string out;
  append_bytes(value, out);
  return out;
}

namespace detail {

template <class T>
void read_bytes(InputArchive& archive, std::string_view bytes, T& value) {
  static_assert(kind_of<T>() == Kind::kStruct);
  archive.begin(bytes);
  archive.value(value);
  archive.finish();
}

}  // namespace detail

/// Reads all of `bytes` into `value`. Throws DecodeError; `value` is then partly read.
template <class T>
void read_bytes(std::string_view bytes, T& value) {
  detail::InputArchive archive;
  detail::read_bytes(archive, bytes, value);
}
template <class T>
T from_bytes(std::string_view bytes) {
  T value{};
  read_bytes(bytes, value);
  return value;
}

}  // namespace ops
