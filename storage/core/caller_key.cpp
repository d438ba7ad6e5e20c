#include "storage/core/caller_key.hpp"

#include <algorithm>

#include "storage/base/varint.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {
namespace {

constexpr std::uint8_t kEntryVersion = 1;
constexpr std::size_t kHexDigits = 32;

ShortHash shorten(const Hash& hash) {
  ShortHash out;
  std::copy_n(hash.bytes.begin(), out.bytes.size(), out.bytes.begin());
  return out;
}

bool parse_hex(BytesView digits, ShortHash* out) {
  Bytes bytes;
  if (!unhex(digits, &bytes) || hex(bytes) != digits) return false;
  std::copy(bytes.begin(), bytes.end(), out->bytes.begin());
  return true;
}

}  // namespace

KeyStamp stamp_of(const IdempotencyKey& key) {
  Bytes prefix;
  put_varint(&prefix, key.scope.size());
  return {shorten(sha256(prefix, key.scope, key.key)), shorten(key.request), key.permanent};
}

Bytes stamp_text(const KeyStamp& stamp) {
  return hex(stamp.key.view()) + hex(stamp.request.view()) + (stamp.permanent ? "p" : "");
}

std::optional<KeyStamp> parse_stamp(BytesView text) {
  KeyStamp stamp;
  stamp.permanent = text.size() == 2 * kHexDigits + 1 && text.back() == 'p';
  if (text.size() != 2 * kHexDigits + (stamp.permanent ? 1 : 0)) return std::nullopt;
  if (!parse_hex(text.substr(0, kHexDigits), &stamp.key)) return std::nullopt;
  if (!parse_hex(text.substr(kHexDigits, kHexDigits), &stamp.request)) return std::nullopt;
  return stamp;
}

Bytes encode_key_entry(const KeyEntry& entry) {
  Bytes out;
  out.push_back(static_cast<char>(kEntryVersion));
  out.push_back(entry.permanent ? 1 : 0);
  out.append(entry.request.view());
  put_u64_le(&out, entry.first.value);
  put_u64_le(&out, entry.last.value);
  put_u64_le(&out, static_cast<std::uint64_t>(entry.recorded_at.us));
  return out;
}

std::optional<KeyEntry> decode_key_entry(BytesView bytes) {
  ByteReader reader(bytes);
  KeyEntry entry;
  std::uint8_t version, permanent;
  BytesView request;
  std::uint64_t recorded_at;
  if (!reader.u8(&version) || version != kEntryVersion || !reader.u8(&permanent) || permanent > 1 ||
      !reader.bytes(entry.request.bytes.size(), &request) || !reader.u64_le(&entry.first.value) ||
      !reader.u64_le(&entry.last.value) || !reader.u64_le(&recorded_at) || !reader.empty()) {
    return std::nullopt;
  }
  entry.permanent = permanent == 1;
  std::copy(request.begin(), request.end(), entry.request.bytes.begin());
  entry.recorded_at.us = static_cast<std::int64_t>(recorded_at);
  return entry;
}

Result<std::optional<AppendOutcome>> judge_key(const KeyStamp& stamp,
                                               const std::optional<KeyEntry>& entry, Position last,
                                               std::uint64_t lifetime_positions) {
  if (!entry) return std::optional<AppendOutcome>();
  const bool expired = !entry->permanent && last > entry->last &&
                       last.value - entry->last.value > lifetime_positions;
  if (expired) return std::optional<AppendOutcome>();
  if (entry->request != stamp.request) {
    return Error{Code::kKeyMismatch, "idempotency.mismatch",
                 "This idempotency key was used for another request (events " +
                     std::to_string(entry->first.value) + " to " +
                     std::to_string(entry->last.value) +
                     "): send the same content again, or use a new key"};
  }
  return std::optional<AppendOutcome>(
      AppendOutcome{entry->first, entry->last, entry->recorded_at, true});
}

}  // namespace opsledger
