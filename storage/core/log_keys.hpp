// Keys and values of the ledger's database, byte by byte (storage/FORMAT.md §3 to §7). Numbers in
// keys are big-endian, so that bytes sort as numbers; numbers in values are little-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/base/types.hpp"
#include "storage/core/caller_key.hpp"

namespace opsledger {

// --- log chunks: runs of adjacent records in one value -------------------------------------

/// A chunk's key: its first position.
Bytes log_key(Position first);
std::optional<Position> parse_log_key(BytesView key);

/// Appends a chunk to `out`: `records` holds them back to back, `ends` where each ends (as in
/// Entries). Precondition: at least one record, each at most limits::kEventBytesMax long.
void encode_log_chunk(BytesView records, std::span<const std::uint32_t> ends, Bytes* out);

/// Appends the chunk of `records` to `out` (the packer's form). Same precondition.
void encode_log_chunk(std::span<const BytesView> records, Bytes* out);

/// A chunk's records, in place: opening one is a size check and a sum of lengths. Borrows.
class LogChunkView {
 public:
  /// Nothing when the bytes are no chunk, or their sizes do not add up.
  static std::optional<LogChunkView> parse(BytesView value);

  std::uint32_t count() const { return count_; }
  /// Record i. Precondition: i < count(). O(i): walk a whole chunk with an Iterator.
  BytesView record(std::uint32_t i) const;

  /// Front to back, O(1) each.
  class Iterator {
   public:
    explicit Iterator(const LogChunkView& chunk) : chunk_(chunk) {}
    bool next(BytesView* record);

   private:
    const LogChunkView& chunk_;
    std::uint32_t i_ = 0;
    std::size_t offset_ = 0;
  };

 private:
  std::uint32_t length(std::uint32_t i) const;

  std::uint32_t count_ = 0;
  BytesView lengths_;
  BytesView records_;
};

// --- postings ------------------------------------------------------------------------------

enum class PostingKind : char { kTag = 'g', kType = 'y' };

/// A posting list's name: what is hashed and its hash.
struct PostingList {
  PostingKind kind = PostingKind::kTag;
  std::uint64_t hash = 0;
  friend auto operator<=>(const PostingList&, const PostingList&) = default;
};

inline constexpr std::size_t kPostingPrefixBytes = 9;  ///< kind and hash; the position follows
inline constexpr std::size_t kPostingKeyBytes = 17;

/// Key of the chunk of `list` that begins at position `first`.
Bytes posting_key(PostingList list, Position first);
struct PostingKey {
  PostingList list;
  Position first;
};
std::optional<PostingKey> parse_posting_key(BytesView key);

// --- caller keys ---------------------------------------------------------------------------

/// The 16 bytes of the hash; the value is encode_key_entry's.
Bytes caller_key_key(const ShortHash& key);

// --- tiles ---------------------------------------------------------------------------------

/// Level, then index. The value is the tile's 256 hashes; only complete tiles are stored.
Bytes tile_key(unsigned level, std::uint64_t index);
struct TileKey {
  unsigned level = 0;
  std::uint64_t index = 0;
};
std::optional<TileKey> parse_tile_key(BytesView key);

// --- commit records ------------------------------------------------------------------------

/// One per commit, chained: what a ledger that is opened again compares itself with.
struct CommitRecord {
  std::uint64_t number = 0;  ///< from 1, without gaps
  Position first{};
  Position last{};
  Time recorded_at{};  ///< of the last event
  Hash root{};         ///< tree root at `last`
  Hash previous{};     ///< digest of the commit record before; zero for the first. Version 2 keeps
                    ///< its first 8 bytes, the others are zero then: the roots vouch for the rest
  std::uint8_t version = 2;
  friend bool operator==(const CommitRecord&, const CommitRecord&) = default;
};

Bytes commit_key(std::uint64_t number);
std::optional<std::uint64_t> parse_commit_key(BytesView key);
Bytes encode_commit(const CommitRecord& commit);
/// Nothing when the bytes are damaged.
std::optional<CommitRecord> decode_commit(BytesView bytes);
/// SHA-256 of the encoded record: the next record's `previous`.
Hash commit_digest(BytesView encoded);
/// Does `commit` name `digest` as that of the record before it?
bool follows_digest(const CommitRecord& commit, const Hash& digest);

// --- the side file of acknowledged positions -----------------------------------------------

/// Content of the side file: what was acknowledged last. It ends with a check sum, because it is
/// overwritten in place.
struct Acknowledged {
  LedgerId ledger{};
  std::uint64_t commit = 0;
  Position position{};
  Hash root{};
  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;
};
Bytes encode_acknowledged(const Acknowledged& acknowledged);
/// Nothing when the bytes are damaged or torn.
std::optional<Acknowledged> decode_acknowledged(BytesView bytes);

}  // namespace opsledger
