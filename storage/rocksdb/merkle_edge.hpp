// The right edge of the Merkle tree: everything an append changes, held in memory.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger::rocks {

inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = 1 << kTileHeight;
inline constexpr unsigned kTileLevels = 8;  // 64-bit sizes need no more

/// 256 hashes that will not change any more (C2SP tlog-tiles).
struct Tile {
  unsigned level = 0;
  std::uint64_t index = 0;
  Bytes hashes;
};

/// The partial tile of every level and the peaks of the tree. A value type, so that the committer
/// can publish a copy when its batch is durable. About one node hash per appended leaf.
class MerkleEdge {
 public:
  /// Adds the next leaf; tiles that it completes are appended to `completed`.
  void append(const Hash& leaf, std::vector<Tile>* completed);

  /// The edge of a tree of `size` leaves from its partial tiles: level l holds (size >> 8 l) % 256
  /// hashes.
  static MerkleEdge from_partials(std::uint64_t size, std::vector<Bytes> partials);

  std::uint64_t size() const { return size_; }
  Hash root() const;
  /// Hashes of the incomplete tile at `level`, concatenated.
  BytesView partial(unsigned level) const { return levels_[level]; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;  // roots of complete subtrees, largest first
  Bytes levels_[kTileLevels];
};

/// Root of a subtree of 2^height hashes, at most one tile of them. Precondition: `hashes` has
/// exactly that many.
Hash subtree_root(BytesView hashes, unsigned height);

}  // namespace opsledger::rocks
