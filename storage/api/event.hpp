// An event as it is proposed and as it is read back. The encoding is storage/core's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger {

using Metadata = std::vector<std::pair<std::string, std::string>>;

/// What a caller wants recorded. Strings are checked against storage/base/limits.hpp by
/// `validate` (storage/core); position and recorded_at are given by the sequencer.
struct NewEvent {
  std::string type;               ///< `task.assigned`; other systems' names are taken as they are
  std::vector<std::string> tags;  ///< `key:value` each; stored sorted and without repetition
  std::string department;         ///< may be empty: belongs to none
  std::string actor;              ///< who; never personal data, a random reference
  std::optional<Time> time;       ///< when it happened; unset = recorded_at
  std::string correlation;        ///< whole case; may be empty
  Position causation{};           ///< event that caused this one; 0 = none
  std::string module;             ///< `task@1.4.0`; empty for raw appends
  SchemaId schema{};              ///< schema of `data`; zero = json
  Bytes data;
  Metadata metadata;  ///< hashed too; keys unique, stored sorted. Reserved keys: `id` (the
                      ///< caller's event id), `role`, `rule`, `reason`, `on_behalf_of`,
                      ///< `traceparent`; and `key` (hash of the idempotency key), which the
                      ///< ledger itself adds and which is refused here
};

/// A borrowed, decoded event. Every view points into storage owned by the cursor or OwnedEvent
/// that produced it. Tags and metadata are decoded on demand, so that a scan pays only for what
/// it looks at.
class EventView {
 public:
  Position position{};
  Time recorded_at{};
  Time time{};
  std::string_view type;
  std::string_view department;
  std::string_view actor;
  std::string_view correlation;
  Position causation{};
  std::string_view module;
  SchemaId schema{};
  BytesView data;
  BytesView encoded;  ///< the whole record: the transparency log's entry for this position

  /// Sorted tags, each `key:value`. `tag_count` is O(1).
  std::uint32_t tag_count() const { return tag_count_; }
  std::vector<std::string_view> tags() const;
  bool has_tag(std::string_view tag) const;
  /// Value of a metadata key, or nothing.
  std::optional<std::string_view> metadata(std::string_view key) const;
  std::vector<std::pair<std::string_view, std::string_view>> metadata() const;
  /// The caller's id where there was one, else the position in decimal.
  std::string id() const;

 private:
  friend class EventDecoder;  // storage/core
  std::uint32_t tag_count_ = 0;
  BytesView tags_;      // tag_count_ × (varint length, bytes)
  BytesView metadata_;  // (varint length, key, varint length, value) to the end
};

/// An event that owns its bytes. Movable; `view()` stays valid across moves.
class OwnedEvent {
 public:
  /// Decodes `encoded`; precondition: it decodes (it came out of a ledger).
  explicit OwnedEvent(BytesView encoded);
  OwnedEvent(OwnedEvent&&) noexcept = default;
  OwnedEvent& operator=(OwnedEvent&&) noexcept = default;
  const EventView& view() const { return view_; }
  const EventView* operator->() const { return &view_; }

 private:
  std::vector<char> bytes_;
  EventView view_;
};

}  // namespace opsledger
