// Idempotency keys as the ledger remembers them: hashes only, inside the events' metadata `key`,
// so that the key index can always be rebuilt from the log (storage/FORMAT.md §2).
#pragma once

#include <array>
#include <compare>
#include <optional>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// The first 16 bytes of a SHA-256.
struct ShortHash {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const ShortHash&, const ShortHash&) = default;
  BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

/// What identifies a caller's key and its request.
struct KeyStamp {
  ShortHash key;      ///< of (scope, key)
  ShortHash request;  ///< of the request's digest
  bool permanent = false;
  friend bool operator==(const KeyStamp&, const KeyStamp&) = default;
};

KeyStamp stamp_of(const IdempotencyKey& key);

/// The text of a stamp in metadata `key`: 32 + 32 hex digits, then `p` when permanent.
Bytes stamp_text(const KeyStamp& stamp);
/// The inverse; nothing when `text` is no stamp.
std::optional<KeyStamp> parse_stamp(BytesView text);

/// Value of the key index: the request and outcome first accepted under a key.
struct KeyEntry {
  ShortHash request;
  bool permanent = false;
  Position first{};
  Position last{};
  Time recorded_at{};
  friend bool operator==(const KeyEntry&, const KeyEntry&) = default;
};

Bytes encode_key_entry(const KeyEntry& entry);
/// Nothing when the bytes are damaged.
std::optional<KeyEntry> decode_key_entry(BytesView bytes);

/// The verdict on a key whose index entry is `entry`, in a log that ends at `last`: the outcome
/// to repeat, nothing when the key is free (never used, or expired), or kKeyMismatch
/// `idempotency.mismatch`. An entry expires when more than `lifetime` positions follow it.
Result<std::optional<AppendOutcome>> judge_key(const KeyStamp& stamp,
                                               const std::optional<KeyEntry>& entry, Position last,
                                               std::uint64_t lifetime_positions);

}  // namespace opsledger
