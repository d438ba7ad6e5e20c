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

Result<TileEdge> TileEdge::restore(std::uint64_t size, BytesView leaf_hashes,
                                   const TileReader& read) {
  if (leaf_hashes.size() != partial_width(0, size) * kHashBytes) return bad_tile(0, size >> 8);
  TileEdge edge;
  for (unsigned level = 0; hashes_at(level, size) > 0; ++level) {
    Bytes& hashes = edge.levels_.emplace_back(level == 0 ? leaf_hashes : BytesView());
    if (level == 0) continue;
    const std::uint64_t end = hashes_at(level, size);
    for (std::uint64_t i = end - partial_width(level, size); i < end; ++i) {
      OPS_TRY_ASSIGN(const Bytes tile, read(level - 1, i));
      if (tile.size() != kTileBytes) return bad_tile(level - 1, i);
      hashes += complete_root(tile).view();
    }
  }
  const TileNodes nodes(
      [&](unsigned level, std::uint64_t, unsigned) -> Result<Bytes> { return edge.levels_[level]; },
      size);
  OPS_TRY_ASSIGN(edge.range_, CompactRange::restore(nodes, size));
  return edge;
}

void TileEdge::append(const Hash& leaf, std::vector<Tile>* completed) {
  Hash hash = leaf;
  range_.append(leaf);
  for (unsigned level = 0;; ++level) {
    if (levels_.size() == level) levels_.emplace_back();
    Bytes& hashes = levels_[level];
    hashes += hash.view();
    if (hashes.size() < kTileBytes) return;
    hash = complete_root(hashes);
    completed->push_back({level, hashes_at(level + 1, range_.size()) - 1, std::move(hashes)});
    hashes.clear();
  }
}

BytesView TileEdge::partial(unsigned level) const {
  return level < levels_.size() ? BytesView(levels_[level]) : BytesView();
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
