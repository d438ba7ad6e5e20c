// A named field of a struct: what `serialize` hands to an archive.
#pragma once

#include <cereal/cereal.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace ops {

/// Names are part of the stored format; labels, docs, aliases and defaults are not.
template <class T>
class Field {
 public:
  static constexpr std::size_t kAliasesMax = 4;

  constexpr Field(const char* name, T& value) : name_(name), value_(&value) {}

  constexpr Field label(const char* en, const char* zh) const {
    Field copy = *this;
    copy.en_ = en;
    copy.zh_ = zh;
    return copy;
  }
  constexpr Field doc(const char* text) const {
    Field copy = *this;
    copy.doc_ = text;
    return copy;
  }
  /// A name this field had before; at most kAliasesMax.
  constexpr Field alias(const char* old_name) const {
    Field copy = *this;
    copy.aliases_.at(copy.alias_count_++) = old_name;
    return copy;
  }
  /// May be absent: then it has the value of a default-constructed struct.
  constexpr Field defaulted() const {
    Field copy = *this;
    copy.defaulted_ = true;
    return copy;
  }

  const char* name() const { return name_; }
  T& value() const { return *value_; }
  const char* en() const { return en_; }
  const char* zh() const { return zh_; }
  const char* doc() const { return doc_; }
  bool is_defaulted() const { return defaulted_; }
  std::size_t alias_count() const { return alias_count_; }
  const char* alias_at(std::size_t i) const { return aliases_[i]; }

 private:
  const char* name_;
  T* value_;
  const char* en_ = nullptr;
  const char* zh_ = nullptr;
  const char* doc_ = nullptr;
  std::array<const char*, kAliasesMax> aliases_{};
  std::size_t alias_count_ = 0;
  bool defaulted_ = false;
};

template <class T>
constexpr Field<T> field(const char* name, T& value) {
  return {name, value};
}

namespace detail {

// What an archive accepts at the top of `ar(…)`: our fields, and cereal's own named pairs.
template <class T>
struct IsField : std::false_type {};
template <class T>
struct IsField<Field<T>> : std::true_type {};
template <class T>
struct IsField<cereal::NameValuePair<T>> : std::true_type {};

template <class T>
constexpr Field<T> as_field(const Field<T>& f) {
  return f;
}
template <class T>
constexpr auto as_field(const cereal::NameValuePair<T>& pair) {
  return field(pair.name, const_cast<std::remove_cvref_t<T>&>(pair.value));
}

}  // namespace detail
}  // namespace ops

/// ar(NVP(id), NVP(site)): the field under its own name.
#define NVP(member) ::ops::field(#member, member)
/// The same with its label in English and Chinese.
#define OPS_FIELD(member, en, zh) ::ops::field(#member, member).label(en, zh)
