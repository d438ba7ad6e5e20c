#include "storage/core/log_keys.hpp"

#include <algorithm>
#include <cstring>

#include "storage/base/assert.hpp"
#include "storage/base/limits.hpp"
#include "storage/base/varint.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {
namespace {

constexpr std::uint8_t kAcknowledgedVersion = 1;
constexpr std::size_t kCheckBytes = 8;

Bytes number_key(std::uint64_t number) {
  Bytes key;
  put_u64_be(&key, number);
  return key;
}

std::optional<std::uint64_t> parse_number_key(BytesView key) {
  if (key.size() != 8) return std::nullopt;
  return get_u64_be(key.data());
}

/// Of the digest of the commit record before.
std::size_t link_bytes(std::uint8_t version) {
  return version == 1 ? 32 : 8;
}

template <class T>
bool read_array(ByteReader* reader, T* out) {
  BytesView bytes;
  if (!reader->bytes(out->bytes.size(), &bytes)) return false;
  std::copy(bytes.begin(), bytes.end(), out->bytes.begin());
  return true;
}

}  // namespace

Bytes log_key(Position first) {
  return number_key(first.value);
}

std::optional<Position> parse_log_key(BytesView key) {
  const auto number = parse_number_key(key);
  if (!number) return std::nullopt;
  return Position{*number};
}

Bytes posting_key(PostingList list, Position first) {
  Bytes key;
  key.reserve(kPostingKeyBytes);
  key.push_back(static_cast<char>(list.kind));
  put_u64_be(&key, list.hash);
  put_u64_be(&key, first.value);
  return key;
}

std::optional<PostingKey> parse_posting_key(BytesView key) {
  if (key.size() != kPostingKeyBytes) return std::nullopt;
  const auto kind = static_cast<PostingKind>(key[0]);
  if (kind != PostingKind::kTag && kind != PostingKind::kType) return std::nullopt;
  return PostingKey{{kind, get_u64_be(key.data() + 1)},
                    {get_u64_be(key.data() + kPostingPrefixBytes)}};
}

Bytes caller_key_key(const ShortHash& key) {
  return Bytes(key.view());
}

Bytes tile_key(unsigned level, std::uint64_t index) {
  OPS_ASSERT(level < 8);
  Bytes key(1, static_cast<char>(level));
  put_u64_be(&key, index);
  return key;
}

std::optional<TileKey> parse_tile_key(BytesView key) {
  if (key.size() != 9 || static_cast<unsigned char>(key[0]) >= 8) return std::nullopt;
  return TileKey{static_cast<unsigned>(key[0]), get_u64_be(key.data() + 1)};
}

Bytes commit_key(std::uint64_t number) {
  return number_key(number);
}

std::optional<std::uint64_t> parse_commit_key(BytesView key) {
  return parse_number_key(key);
}

Bytes encode_commit(const CommitRecord& commit) {
  Bytes out(1, static_cast<char>(commit.version));
  put_u64_le(&out, commit.number);
  put_u64_le(&out, commit.first.value);
  put_u64_le(&out, commit.last.value);
  put_u64_le(&out, static_cast<std::uint64_t>(commit.recorded_at.us));
  out.append(commit.root.view());
  out.append(commit.previous.view().substr(0, link_bytes(commit.version)));
  return out;
}

std::optional<CommitRecord> decode_commit(BytesView bytes) {
  ByteReader reader(bytes);
  CommitRecord commit;
  BytesView link;
  std::uint64_t recorded_at;
  if (!reader.u8(&commit.version) || commit.version < 1 || commit.version > 2 ||
      !reader.u64_le(&commit.number) || !reader.u64_le(&commit.first.value) ||
      !reader.u64_le(&commit.last.value) || !reader.u64_le(&recorded_at) ||
      !read_array(&reader, &commit.root) || !reader.bytes(link_bytes(commit.version), &link) ||
      !reader.empty()) {
    return std::nullopt;
  }
  std::copy(link.begin(), link.end(), commit.previous.bytes.begin());
  commit.recorded_at.us = static_cast<std::int64_t>(recorded_at);
  return commit;
}

Hash commit_digest(BytesView encoded) {
  return sha256(encoded);
}

bool follows_digest(const CommitRecord& commit, const Hash& digest) {
  const std::size_t bytes = link_bytes(commit.version);
  return commit.previous.view().substr(0, bytes) == digest.view().substr(0, bytes);
}

Bytes encode_acknowledged(const Acknowledged& acknowledged) {
  Bytes out(1, static_cast<char>(kAcknowledgedVersion));
  out.append(reinterpret_cast<const char*>(acknowledged.ledger.bytes.data()),
             acknowledged.ledger.bytes.size());
  put_u64_le(&out, acknowledged.commit);
  put_u64_le(&out, acknowledged.position.value);
  out.append(acknowledged.root.view());
  const Hash check = sha256(out);
  out.append(check.view().substr(0, kCheckBytes));
  return out;
}

std::optional<Acknowledged> decode_acknowledged(BytesView bytes) {
  if (bytes.size() < kCheckBytes) return std::nullopt;
  const BytesView body = bytes.substr(0, bytes.size() - kCheckBytes);
  const Hash check = sha256(body);
  if (bytes.substr(body.size()) != check.view().substr(0, kCheckBytes)) return std::nullopt;
  ByteReader reader(body);
  Acknowledged acknowledged;
  std::uint8_t version;
  if (!reader.u8(&version) || version != kAcknowledgedVersion ||
      !read_array(&reader, &acknowledged.ledger) || !reader.u64_le(&acknowledged.commit) ||
      !reader.u64_le(&acknowledged.position.value) || !read_array(&reader, &acknowledged.root) ||
      !reader.empty()) {
    return std::nullopt;
  }
  return acknowledged;
}

}  // namespace opsledger
