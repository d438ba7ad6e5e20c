// C2SP tlog-tiles: a tree cut into tiles of 256 hashes. A tile at level 0 holds leaf hashes; at
// level l > 0 each hash is the root of one complete tile of level l - 1.
#pragma once

#include <functional>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"
#include "storage/core/merkle.hpp"

namespace opsledger::merkle {

inline constexpr unsigned kTileHeight = 8;
inline constexpr unsigned kTileWidth = 256;
inline constexpr std::size_t kHashBytes = 32;
inline constexpr std::size_t kTileBytes = kTileWidth * kHashBytes;
inline constexpr unsigned kTileLevelsMax = 8;

/// Number of hashes at `level` of a tree with `size` leaves.
std::uint64_t hashes_at(unsigned level, std::uint64_t size);
/// Hashes in the incomplete tile at the right edge of `level`; 0 = there is none.
unsigned partial_width(unsigned level, std::uint64_t size);

/// Root over `hashes`, back to back; precondition: their number is a power of two.
Hash complete_root(BytesView hashes);

struct Tile {
  unsigned level = 0;
  std::uint64_t index = 0;
  Bytes hashes;  ///< kTileBytes
};

/// The right edge of a growing tree: its incomplete tiles and its root. Complete tiles are handed
/// out once. A value type: copy it to publish it, or to try an append.
class TileEdge {
 public:
  TileEdge() = default;

  /// The edge of a tree of `size` leaves: partials[l] holds the hashes of the incomplete tile at
  /// level l, back to back. Errors: kCorrupt when one has not partial_width(l, size) hashes.
  static Result<TileEdge> from_partials(std::uint64_t size, std::vector<Bytes> partials);

  /// Appends a leaf; tiles that it completes go to the end of `completed`. One node hash per leaf
  /// on average: a tile's root is a node of the tree.
  void append(const Hash& leaf, std::vector<Tile>* completed);

  std::uint64_t size() const { return range_.size(); }
  Hash root() const { return range_.root(); }
  /// The hashes of the incomplete tile at `level`; empty when there is none.
  BytesView partial(unsigned level) const;

 private:
  CompactRange range_;
  Bytes levels_[kTileLevelsMax];
};

/// Reads the first `width` hashes of a tile, complete or not.
using TileSource =
    std::function<Result<Bytes>(unsigned level, std::uint64_t index, unsigned width)>;

/// The nodes of a tree of `size` leaves, computed from its tiles; remembers the last tile of each
/// level. One thread at a time.
class TileNodes final : public NodeSource {
 public:
  TileNodes(TileSource tiles, std::uint64_t size) : tiles_(std::move(tiles)), size_(size) {}
  /// Errors: kCorrupt when a tile has the wrong size; those of the tile source.
  Result<Hash> node(unsigned height, std::uint64_t index) const override;

 private:
  struct Cached {
    bool valid = false;
    std::uint64_t index = 0;
    Bytes hashes;
  };
  Result<BytesView> tile(unsigned level, std::uint64_t index) const;

  TileSource tiles_;
  std::uint64_t size_;
  mutable Cached cache_[kTileLevelsMax];
};

}  // namespace opsledger::merkle
