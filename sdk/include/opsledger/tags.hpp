// Tags: `key:value` texts on events, and what a command names to say which events it depends on.
#pragma once

#include <opsledger/error.hpp>

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ops {

/// Key [a-z][a-z0-9_]{0,31}; value 1 to 200 bytes without comma or control characters. Anything
/// else throws ValueError, which rejects a command with `command.invalid`.
class Tag {
 public:
  static constexpr std::size_t kKeyBytesMax = 32;
  static constexpr std::size_t kValueBytesMax = 200;

  Tag(std::string_view key, std::string_view value) {
    check(key, value);
    text_.reserve(key.size() + 1 + value.size());
    text_.append(key).append(1, ':').append(value);
  }
  template <std::integral I>
  Tag(std::string_view key, I value) : Tag(key, std::to_string(value)) {}
  const std::string& text() const { return text_; }
  friend auto operator<=>(const Tag&, const Tag&) = default;

 private:
  static void check(std::string_view key, std::string_view value) {
    bool good = !key.empty() && key.size() <= kKeyBytesMax && key[0] >= 'a' && key[0] <= 'z';
    for (const char c : key) {
      good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    if (!good) throw ValueError("'" + std::string(key) + "' is no tag key");
    good = !value.empty() && value.size() <= kValueBytesMax;
    for (const char c : value)
      good = good && c != ',' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    if (!good) {
      throw ValueError(std::string(key) +
                       ": expected 1 to 200 bytes without comma or control "
                       "characters, found '" +
                       std::string(value.substr(0, 200)) + "'");
    }
  }
  std::string text_;
};

/// An ordered list; repetition does no harm.
class Tags {
 public:
  Tags() = default;
  Tags(std::initializer_list<Tag> tags) : tags_(tags) {}
  Tags& add(std::string_view key, std::string_view value) {
    tags_.emplace_back(key, value);
    return *this;
  }
  auto begin() const { return tags_.begin(); }
  auto end() const { return tags_.end(); }
  std::size_t size() const { return tags_.size(); }
  bool empty() const { return tags_.empty(); }

 private:
  std::vector<Tag> tags_;
};

/// `return tags{{"incident", c.id}};`
using tags = Tags;
/// For loads that read several states: one Tags per state, at most 64.
using TagSets = std::vector<Tags>;

}  // namespace ops
