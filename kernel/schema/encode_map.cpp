// Maps: JSON objects in any order -> pairs with strictly ascending keys.
#include <charconv>

#include "kernel/schema/encode.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

struct Entry {
  std::string_view name;
  const json::value* value = nullptr;
  std::int64_t small = 0;   // signed integer keys
  std::uint64_t large = 0;  // unsigned integer keys
};

bool is_signed(TypeNode::Kind kind) {
  return kind >= TypeNode::Kind::kI8 && kind <= TypeNode::Kind::kI64;
}
unsigned bits(TypeNode::Kind kind) {
  const auto first = is_signed(kind) ? TypeNode::Kind::kI8 : TypeNode::Kind::kU8;
  return 8u << (static_cast<unsigned>(kind) - static_cast<unsigned>(first));
}

// The whole text as an integer in its one canonical form.
template <class T>
bool parse_canonical(std::string_view text, T* value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), *value);
  if (problem != std::errc{} || end != text.data() + text.size()) return false;
  std::string canonical;
  append_decimal(*value, &canonical);
  return canonical == text;
}

bool parse_key(TypeNode::Kind kind, Entry* entry) {
  const unsigned shift = 64 - bits(kind);
  if (is_signed(kind)) {
    return parse_canonical(entry->name, &entry->small) && entry->small >= INT64_MIN >> shift &&
           entry->small <= INT64_MAX >> shift;
  }
  return parse_canonical(entry->name, &entry->large) && entry->large <= UINT64_MAX >> shift;
}

void append_key(TypeNode::Kind kind, const Entry& entry, Bytes* out) {
  if (kind == TypeNode::Kind::kString) return append_sized(entry.name, out);
  const std::uint64_t raw = is_signed(kind) ? static_cast<std::uint64_t>(entry.small) : entry.large;
  out->append(reinterpret_cast<const char*>(&raw), bits(kind) / 8);
}

}  // namespace

void Encoder::map(const TypeNode& type, const Value& json, const JsonPath* path) {
  if (!json.is_object()) return expected("object", json, path);
  const TypeNode::Kind kind = type.key->kind;
  std::vector<Entry> entries;
  for (const auto& member : json.get_object()) {
    Entry entry{member.key(), &member.value()};
    const JsonPath member_path{path, entry.name};
    if (kind == TypeNode::Kind::kString ? is_utf8(entry.name) : parse_key(kind, &entry)) {
      entries.push_back(entry);
    } else {
      error("expected " + describe(*type.key) + " as key", &member_path);
    }
  }
  std::ranges::sort(entries, [kind](const Entry& a, const Entry& b) {
    if (kind == TypeNode::Kind::kString) return a.name < b.name;
    return is_signed(kind) ? a.small < b.small : a.large < b.large;
  });
  length(entries.size(), path);
  for (const Entry& entry : entries) {
    const JsonPath member_path{path, entry.name};
    append_key(kind, entry, &out_);
    value(*type.element, *entry.value, &member_path);
  }
}

}  // namespace opsledger
