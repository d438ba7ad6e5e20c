#include "storage/rocksdb/merkle_store.hpp"

#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

using merkle::complete_root;
using merkle::hashes_at;
using merkle::kHashBytes;
using merkle::kTileBytes;
using merkle::kTileHeight;
using merkle::kTileLevelsMax;
using merkle::kTileWidth;

std::string tile_name(unsigned level, std::uint64_t index) {
  return "Merkle tile " + std::to_string(level) + "/" + std::to_string(index);
}

Result<Bytes> stored_tile(const LedgerDb& db, unsigned level, std::uint64_t index) {
  OPS_TRY_ASSIGN(auto tile, db.get(Family::kTiles, tile_key(level, index)));
  if (!tile) return corrupt(tile_name(level, index), "it is missing");
  if (tile->size() != kTileBytes) {
    return corrupt(tile_name(level, index), "it does not have 256 hashes");
  }
  return std::move(*tile);
}

/// Hashes of the incomplete level-0 tile: the last records, hashed again.
Result<Bytes> leaf_partial(const LedgerDb& db, std::uint64_t size) {
  Bytes hashes;
  const Position begin{size - size % kTileWidth + 1}, end{size};
  if (begin > end) return hashes;
  ChunkWalk walk(db);
  OPS_TRY(walk.seek(begin));
  std::vector<EventView> events;
  for (Position wanted = begin;;) {
    OPS_TRY(decode_chunk(walk.chunk(), walk.first(), begin, end, &events));
    wanted = walk.last().next();
    if (wanted > end) break;
    OPS_TRY(walk.step(false));
    if (!walk.valid() || walk.first() != wanted) OPS_TRY(walk.seek(wanted));  // names the gap
  }
  for (const EventView& event : events) hashes.append(merkle::leaf_hash(event.encoded).view());
  return hashes;
}

/// Hashes of the incomplete tile at `level` > 0: the roots of the full tiles below.
Result<Bytes> node_partial(const LedgerDb& db, unsigned level, std::uint64_t size) {
  Bytes hashes;
  const std::uint64_t nodes = hashes_at(level, size);
  for (std::uint64_t i = nodes - nodes % kTileWidth; i < nodes; ++i) {
    OPS_TRY_ASSIGN(const Bytes below, stored_tile(db, level - 1, i));
    hashes.append(complete_root(below).view());
  }
  return hashes;
}

}  // namespace

Result<Bytes> MerkleStore::tile(unsigned level, std::uint64_t index, unsigned width) const {
  const Error absent{Code::kNotFound, "tile.not_found",
                     "the tree of " + std::to_string(edge_.size()) + " entries has no tile " +
                         std::to_string(level) + "/" + std::to_string(index) + " of width " +
                         std::to_string(width)};
  if (level >= kTileLevelsMax || width == 0 || width > kTileWidth) return absent;
  const std::uint64_t nodes = hashes_at(level, edge_.size());
  const std::uint64_t full = nodes / kTileWidth;
  if (index > full || (index == full && width > nodes % kTileWidth)) return absent;
  if (index == full) return Bytes(edge_.partial(level).substr(0, width * kHashBytes));
  OPS_TRY_ASSIGN(Bytes tile, stored_tile(db_, level, index));
  tile.resize(width * kHashBytes);
  return tile;
}

Result<Hash> MerkleStore::node(unsigned height, std::uint64_t index) const {
  const unsigned level = height / kTileHeight, within = height % kTileHeight;
  const std::uint64_t first = index << within;
  const auto offset = static_cast<unsigned>(first % kTileWidth);
  OPS_TRY_ASSIGN(const Bytes hashes, tile(level, first / kTileWidth, offset + (1u << within)));
  return complete_root(BytesView(hashes).substr(offset * kHashBytes));
}

Result<merkle::TileEdge> load_edge(const LedgerDb& db, std::uint64_t size) {
  std::vector<Bytes> partials(kTileLevelsMax);
  OPS_TRY_ASSIGN(partials[0], leaf_partial(db, size));
  for (unsigned level = 1; level < kTileLevelsMax; ++level) {
    OPS_TRY_ASSIGN(partials[level], node_partial(db, level, size));
  }
  return merkle::TileEdge::from_partials(size, std::move(partials));
}

}  // namespace opsledger::rocks
