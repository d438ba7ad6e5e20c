#include "storage/core/tiles.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace opsledger::merkle {
namespace {

Hash hash_at(BytesView hashes, std::size_t i) {
  Hash hash;
  std::memcpy(hash.bytes.data(), hashes.data() + i * kHashBytes, kHashBytes);
  return hash;
}

Error bad_tile(unsigned level, std::uint64_t index) {
  return {Code::kCorrupt, "tile.corrupt",
          "Tile " + std::to_string(level) + "/" + std::to_string(index) +
              " has the wrong size: rebuild the tiles from the events"};
}

}  // namespace

std::uint64_t hashes_at(unsigned level, std::uint64_t size) {
  return level < kTileLevelsMax ? size >> (level * kTileHeight) : 0;
}

unsigned partial_width(unsigned level, std::uint64_t size) {
  return static_cast<unsigned>(hashes_at(level, size) % kTileWidth);
}

Hash complete_root(BytesView hashes) {
  OPS_ASSERT(std::has_single_bit(hashes.size() / kHashBytes) && hashes.size() % kHashBytes == 0);
  if (hashes.size() == kHashBytes) return hash_at(hashes, 0);
  std::vector<Hash> row(hashes.size() / kHashBytes / 2);
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = node_hash(hash_at(hashes, 2 * i), hash_at(hashes, 2 * i + 1));
  }
  for (; row.size() > 1; row.resize(row.size() / 2)) {
    for (std::size_t i = 0; i < row.size() / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  }
  return row[0];
}

Result<TileEdge> TileEdge::from_partials(std::uint64_t size, std::vector<Bytes> partials) {
  partials.resize(kTileLevelsMax);
  TileEdge edge;
  for (unsigned level = 0; level < kTileLevelsMax; ++level) {
    if (partials[level].size() != partial_width(level, size) * kHashBytes) {
      return bad_tile(level, hashes_at(level, size) / kTileWidth);
    }
    edge.levels_[level] = std::move(partials[level]);
  }
  const TileNodes nodes(
      [&](unsigned level, std::uint64_t, unsigned) -> Result<Bytes> { return edge.levels_[level]; },
      size);
  OPS_TRY_ASSIGN(edge.range_, CompactRange::restore(nodes, size));
  return edge;
}

void TileEdge::append(const Hash& leaf, std::vector<Tile>* completed) {
  levels_[0] += leaf.view();
  range_.append(leaf, [&](unsigned height, const Hash& hash) {
    if (height % kTileHeight != 0) return;
    const unsigned level = height / kTileHeight;  // of this hash, the root of a full tile below
    completed->push_back({level - 1, (range_.size() >> height) - 1, std::move(levels_[level - 1])});
    levels_[level - 1].clear();
    levels_[level] += hash.view();
  });
}

BytesView TileEdge::partial(unsigned level) const {
  return level < kTileLevelsMax ? BytesView(levels_[level]) : BytesView();
}

Result<BytesView> TileNodes::tile(unsigned level, std::uint64_t index) const {
  OPS_ASSERT(level < kTileLevelsMax);
  Cached& cached = cache_[level];
  if (!cached.valid || cached.index != index) {
    const std::uint64_t hashes = hashes_at(level, size_);
    const auto width =
        static_cast<unsigned>(std::min<std::uint64_t>(kTileWidth, hashes - index * kTileWidth));
    OPS_TRY_ASSIGN(cached.hashes, tiles_(level, index, width));
    cached.valid = cached.hashes.size() == width * kHashBytes;
    cached.index = index;
    if (!cached.valid) return bad_tile(level, index);
  }
  return BytesView(cached.hashes);
}

Result<Hash> TileNodes::node(unsigned height, std::uint64_t index) const {
  OPS_ASSERT(((index + 1) << height) <= size_);
  const unsigned level = height / kTileHeight;
  const unsigned within = height % kTileHeight;
  const std::uint64_t first = index << within;  // number of the first hash at `level`
  OPS_TRY_ASSIGN(const BytesView hashes, tile(level, first / kTileWidth));
  return complete_root(
      hashes.substr(first % kTileWidth * kHashBytes, (std::size_t{1} << within) * kHashBytes));
}

}  // namespace opsledger::merkle
