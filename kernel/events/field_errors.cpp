#include "kernel/events/field_errors.hpp"

#include <algorithm>

#include "kernel/events/limits.hpp"
#include "kernel/schema/json_text.hpp"

namespace opsledger {

namespace json = boost::json;

void FieldErrors::add(std::string pointer, std::string detail, std::string_view reason) {
  if (++total_ == 1) reason_ = reason;
  if (total_ > event_limits::kFieldErrorsMax) return;
  fields_.push_back({std::move(pointer), std::move(detail)});
}

void FieldErrors::add(const Error& error) {
  for (const FieldError& field : error.fields) add(field.pointer, field.detail, error.reason);
  if (error.fields.empty()) add("", error.message, error.reason);
}

Status FieldErrors::finish() && {
  if (total_ == 0) return {};
  Error error{Code::kInvalid, reason_, fields_[0].pointer + ": " + fields_[0].detail};
  if (total_ > 1) error.message += " (and " + std::to_string(total_ - 1) + " more)";
  error.fields = std::move(fields_);
  return error;
}

ObjectReader::ObjectReader(const json::value& json, std::string base, FieldErrors* errors,
                           std::string_view reason)
    : object_(json.if_object()), base_(std::move(base)), errors_(errors), reason_(reason) {
  if (object_ == nullptr) errors_->add(base_, "expected an object", reason_);
}

std::string ObjectReader::pointer(std::string_view name) const {
  std::string pointer = base_;
  append_pointer_token(name, &pointer);
  return pointer;
}

const json::value* ObjectReader::take(std::string_view name) {
  OPS_ASSERT(taken_count_ < kTakenMax);
  taken_[taken_count_++] = name;
  return object_ == nullptr ? nullptr : object_->if_contains(name);
}

std::string_view ObjectReader::take_string(std::string_view name) {
  const json::value* value = take(name);
  if (value == nullptr) return {};
  const json::string* text = value->if_string();
  if (text == nullptr) {
    errors_->add(pointer(name), "expected a string", reason_);
    return {};
  }
  return {text->data(), text->size()};
}

void ObjectReader::refuse_others() const {
  if (object_ == nullptr) return;
  for (const auto& member : *object_) {
    const std::string_view name = member.key();
    const auto taken_end = taken_.begin() + taken_count_;
    if (std::find(taken_.begin(), taken_end, name) == taken_end) {
      errors_->add(pointer(name), "unknown field", reason_);
    }
  }
}

std::vector<std::string> read_texts(const json::value& json, const std::string& base,
                                    std::size_t count_max, bool (*fits)(std::string_view),
                                    std::string_view expected, FieldErrors* errors,
                                    std::string_view reason) {
  const json::array* array = json.if_array();
  if (array == nullptr || array->size() > count_max) {
    errors->add(base, "expected an array of at most " + std::to_string(count_max) + " texts",
                reason);
    return {};
  }
  std::vector<std::string> texts;
  texts.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    const json::string* text = (*array)[i].if_string();
    if (text != nullptr && fits({text->data(), text->size()})) {
      texts.emplace_back(text->data(), text->size());
    } else {
      errors->add(base + "/" + std::to_string(i), std::string(expected), reason);
    }
  }
  return texts;
}

}  // namespace opsledger
