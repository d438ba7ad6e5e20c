#include "storage/rocksdb/merkle_edge.hpp"

#include <cstring>

#include "storage/base/assert.hpp"
#include "storage/core/merkle.hpp"

namespace opsledger::rocks {

namespace {
constexpr std::size_t kHashBytes = 32;
}

void MerkleEdge::append(const Hash& leaf, std::vector<Tile>* completed) {
  Hash hash = leaf;
  levels_[0].append(leaf.view());
  unsigned height = 0;
  for (std::uint64_t rest = size_++; (rest & 1) != 0; rest >>= 1) {
    hash = merkle::node_hash(peaks_.back(), hash);
    peaks_.pop_back();
    if (++height % kTileHeight != 0) continue;
    const unsigned level = height / kTileHeight;  // the tile below is full: this is its root
    completed->push_back({level - 1, (size_ >> height) - 1, std::move(levels_[level - 1])});
    levels_[level - 1].clear();
    levels_[level].append(hash.view());
  }
  peaks_.push_back(hash);
}

MerkleEdge MerkleEdge::from_partials(std::uint64_t size, std::vector<Bytes> partials) {
  OPS_ASSERT(partials.size() == kTileLevels);
  MerkleEdge edge;
  edge.size_ = size;
  for (unsigned level = kTileLevels; level-- > 0;) {
    edge.levels_[level] = std::move(partials[level]);
    BytesView rest = edge.levels_[level];
    for (unsigned height = kTileHeight; height-- > 0;) {
      const std::size_t bytes = kHashBytes << height;
      if (rest.size() < bytes) continue;
      edge.peaks_.push_back(subtree_root(rest.substr(0, bytes), height));
      rest.remove_prefix(bytes);
    }
  }
  return edge;
}

Hash MerkleEdge::root() const {
  if (size_ == 0) return merkle::empty_root();
  Hash hash = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) {
    hash = merkle::node_hash(*peak, hash);
  }
  return hash;
}

Hash subtree_root(BytesView hashes, unsigned height) {
  OPS_ASSERT(hashes.size() == kHashBytes << height);
  std::vector<Hash> row(std::size_t{1} << height);
  std::memcpy(row.data(), hashes.data(), hashes.size());
  for (std::size_t width = row.size(); width > 1; width /= 2) {
    for (std::size_t i = 0; i < width / 2; ++i) {
      row[i] = merkle::node_hash(row[2 * i], row[2 * i + 1]);
    }
  }
  return row[0];
}

}  // namespace opsledger::rocks
