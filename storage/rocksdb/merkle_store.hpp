// Merkle nodes out of stored tiles and a published right edge.
#pragma once

#include "storage/core/merkle.hpp"
#include "storage/core/tiles.hpp"
#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

/// Nodes of the tree whose right edge is `edge`. Both must outlive it; thread safe while nobody
/// changes the edge.
class MerkleStore final : public merkle::NodeSource {
 public:
  MerkleStore(const LedgerDb& db, const merkle::TileEdge& edge) : db_(db), edge_(edge) {}

  /// `width` hashes of a tile, full or partial. kNotFound when the tree does not have them,
  /// kCorrupt when a stored tile is missing or damaged.
  Result<Bytes> tile(unsigned level, std::uint64_t index, unsigned width) const;
  Result<Hash> node(unsigned height, std::uint64_t index) const override;

 private:
  const LedgerDb& db_;
  const merkle::TileEdge& edge_;
};

/// The right edge of a tree of `size` leaves, from stored tiles and the last records. Reads at
/// most 255 events and 255 tiles per level. Errors: kCorrupt, kIo.
Result<merkle::TileEdge> load_edge(const LedgerDb& db, std::uint64_t size);

}  // namespace opsledger::rocks
