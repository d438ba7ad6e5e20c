// Collects what is wrong with a request's fields, so that a caller learns all of it at once.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// One request. One thread.
class FieldErrors {
 public:
  void add(std::string pointer, std::string detail, std::string_view reason = "event.invalid");
  /// Takes over the fields of a codec's error.
  void add(const Error& error);
  std::size_t count() const { return total_; }
  bool empty() const { return total_ == 0; }
  /// Success, or kInvalid with the first error's reason and every field (at most
  /// event_limits::kFieldErrorsMax).
  Status finish() &&;

 private:
  std::string reason_;
  std::vector<FieldError> fields_;
  std::size_t total_ = 0;
};

/// Reads a JSON object member by member and knows what nobody asked for.
class ObjectReader {
 public:
  /// A value that is no object is an error; then every `take` gives null.
  ObjectReader(const boost::json::value& json, std::string base, FieldErrors* errors,
               std::string_view reason = "event.invalid");

  const std::string& base() const { return base_; }
  std::string pointer(std::string_view name) const;
  /// The member, or null. At most kTakenMax names.
  const boost::json::value* take(std::string_view name);
  /// The member's text; empty with an error when it is no string.
  std::string_view take_string(std::string_view name);
  /// Members that were not taken are errors.
  void refuse_others() const;

 private:
  const boost::json::object* object_ = nullptr;
  std::string base_;
  FieldErrors* errors_;
  std::string_view reason_;
  static constexpr std::size_t kTakenMax = 16;
  std::array<std::string_view, kTakenMax> taken_;
  std::size_t taken_count_ = 0;
};

/// A JSON array of texts; each that `fits` refuses is an error saying `expected`.
std::vector<std::string> read_texts(const boost::json::value& json, const std::string& base,
                                    std::size_t count_max, bool (*fits)(std::string_view),
                                    std::string_view expected, FieldErrors* errors,
                                    std::string_view reason);

inline constexpr std::string_view kTagExpected =
    "expected key:value, key [a-z][a-z0-9_]{0,31}, value 1 to 200 bytes without comma or control "
    "characters";
inline constexpr std::string_view kTypeExpected =
    "expected 1 to 128 bytes of UTF-8 without control characters or outer spaces";

}  // namespace opsledger
