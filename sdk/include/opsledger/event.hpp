// Events as a module sees them: structs with a type, and what the ledger says around them.
#pragma once

#include <opsledger/codec.hpp>
#include <opsledger/json.hpp>
#include <opsledger/schema.hpp>
#include <opsledger/tags.hpp>
#include <opsledger/view.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ops {

/// An event: `static constexpr auto type = "incident.raised";`, `static constexpr unsigned version`
/// (1 when it is missing), a serialize(), and `Tags tags() const` where this module emits it.
template <class E>
concept Event = std::is_default_constructible_v<E> && requires {
  { E::type } -> std::convertible_to<std::string_view>;
};

/// Base of an event read as JSON: any type, also of modules built elsewhere. Its `type` may be a
/// pattern, `task.*` or `*`; EventMeta::type tells which it was.
///   struct AnyTask : ops::JsonEvent { static constexpr auto type = "task.*"; };
struct JsonEvent {
  Json data;
};

/// Base of nothing: names the older shapes an event was stored in.
///   using Older = ops::OlderShapes<RaisedV1>;  static Raised upcast(const RaisedV1&);
template <class... Old>
struct OlderShapes {};

/// What surrounds an event. Views into the event: valid inside the handler only.
class EventMeta {
 public:
  explicit EventMeta(const ops_event& event) : event_(event) {}
  std::uint64_t position() const { return event_.position; }
  Time time() const { return {event_.time_us}; }  ///< when it happened
  Time recorded_at() const { return {event_.recorded_at_us}; }
  std::string_view type() const { return from_view(event_.type_name); }
  std::string_view department() const { return from_view(event_.department); }
  std::string_view actor() const { return from_view(event_.actor); }
  /// `key:value` each, sorted; empty unless the event's struct has `wants_tags = true` or is a
  /// JsonEvent. Throws DecodeError.
  std::vector<std::string_view> tags() const;
  /// A JSON object of texts; empty unless the struct has `wants_metadata = true`.
  Json metadata() const {
    const auto text = from_view(event_.metadata);
    return text.empty() ? Json(Json::Object()) : Json::parse(text);
  }

 private:
  const ops_event& event_;
};

namespace detail {

template <class E>
constexpr std::uint32_t version_of() {
  // A constant: a field of that name is only a field.
  if constexpr (requires { requires !std::is_member_pointer_v<decltype(&E::version)>; })
    return E::version;
  else
    return 1;
}

template <class E>
inline constexpr bool is_json_event = std::derived_from<E, JsonEvent>;

template <class E>
constexpr std::uint32_t event_flags() {
  std::uint32_t flags = is_json_event<E> ? OPS_EVENT_TAGS : 0u;
  if constexpr (requires { E::wants_tags; }) flags |= E::wants_tags ? OPS_EVENT_TAGS : 0u;
  if constexpr (requires { E::wants_metadata; })
    flags |= E::wants_metadata ? OPS_EVENT_METADATA : 0u;
  return flags;
}

template <class E>
std::string event_schema() {
  if constexpr (is_json_event<E>)
    return "";
  else
    return schema_of<E>();
}

template <Event E>
void decode_event(InputArchive& archive, const ops_event& from, E& to) {
  if constexpr (is_json_event<E>)
    to.data = Json::parse(from_view(from.data));
  else
    read_bytes(archive, from_view(from.data), to);
}

/// Element `i` of an array whose elements may be larger than this SDK knows.
template <class T>
const T& element(const T* data, std::uint32_t stride, std::uint32_t i) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(data) + std::size_t{i} * stride);
}

}  // namespace detail

inline std::vector<std::string_view> EventMeta::tags() const {
  std::vector<std::string_view> tags;
  std::string_view rest = from_view(event_.tags);
  for (std::uint32_t i = 0; i < event_.tag_count; ++i) {
    std::size_t n = 0, used = 0;
    for (unsigned shift = 0; used < rest.size() && used < 3; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest[used++]);
      n |= std::size_t{byte & 0x7fu} << shift;
      if (byte < 0x80) break;
    }
    if (used == 0 || n > rest.size() - used) throw DecodeError("malformed tags");
    tags.push_back(rest.substr(used, n));
    rest.remove_prefix(used + n);
  }
  return tags;
}

}  // namespace ops
