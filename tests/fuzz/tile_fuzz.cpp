#include "storage/base/assert.hpp"
#include "storage/core/tiles.hpp"
#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {

namespace {

using merkle::kHashBytes;

constexpr std::uint64_t kLeaves = 700;  // tiles of two levels, both with a right edge

/// A tree with its tiles and the root of every size.
class Tree {
 public:
  Tree() {
    roots_.push_back(merkle::empty_root());
    for (std::uint64_t i = 0; i < kLeaves; ++i) {
      edge_.append(leaf(i), &tiles_);
      roots_.push_back(edge_.root());
    }
  }
  static Hash leaf(std::uint64_t i) { return merkle::leaf_hash(std::to_string(i)); }
  const Hash& root(std::uint64_t size) const { return roots_[size]; }
  Bytes tile(unsigned level, std::uint64_t index, unsigned width) const {
    for (const auto& tile : tiles_) {
      if (tile.level == level && tile.index == index) {
        return tile.hashes.substr(0, width * kHashBytes);
      }
    }
    return Bytes(edge_.partial(level).substr(0, width * kHashBytes));
  }

 private:
  merkle::TileEdge edge_;
  std::vector<merkle::Tile> tiles_;
  std::vector<Hash> roots_;
};

/// Numbers from the input, zeros behind its end.
class Script {
 public:
  explicit Script(BytesView input) : input_(input) {}
  unsigned byte() {
    if (input_.empty()) return 0;
    const auto first = static_cast<unsigned char>(input_.front());
    input_.remove_prefix(1);
    return first;
  }
  std::uint64_t below(std::uint64_t end) { return (byte() * 256 + byte()) % end; }

 private:
  BytesView input_;
};

/// Tiles as a disk or a stranger may hand them out: short, long, altered or not at all.
merkle::TileSource hostile(const Tree& tree, Script* script, bool* honest, bool* misshapen) {
  return [&tree, script, honest, misshapen](unsigned level, std::uint64_t index,
                                            unsigned width) -> Result<Bytes> {
    Bytes hashes = tree.tile(level, index, width);
    const unsigned what = script->byte() % 8;
    *honest = *honest && (what == 0 || what > 4);
    *misshapen = *misshapen || (what >= 1 && what <= 3);
    if (what == 1) hashes.resize(script->below(hashes.size()));
    if (what == 2) hashes.append(1 + script->byte(), 'x');
    if (what == 3) return Error{Code::kNotFound, "tile.not_found", "gone"};
    if (what == 4)
      hashes[script->below(hashes.size())] ^= static_cast<char>(1 + script->byte() / 2);
    return hashes;
  };
}

void root_from_tiles(const Tree& tree, std::uint64_t size, Script* script) {
  bool honest = true, misshapen = false;
  const merkle::TileNodes nodes(hostile(tree, script, &honest, &misshapen), size);
  const auto root = merkle::root(nodes, size);
  if (misshapen) OPS_ASSERT(!root.ok());
  if (honest) OPS_ASSERT(root.ok() && *root == tree.root(size));
}

/// Elements kept, dropped, doubled or altered.
std::vector<Hash> mutated(const std::vector<Hash>& proof, Script* script) {
  std::vector<Hash> changed;
  for (const Hash& hash : proof) {
    const unsigned what = script->byte() % 8;
    if (what != 1) changed.push_back(hash);
    if (what == 2) changed.push_back(hash);
    if (what == 3) changed.back().bytes[script->byte() % kHashBytes] ^= 1;
  }
  if (script->byte() % 4 == 1) changed.push_back(merkle::empty_root());
  return changed;
}

/// Exactly the proof that the tree gives is taken.
void proofs(const Tree& tree, std::uint64_t first, std::uint64_t size, Script* script) {
  const auto tiles = [&](unsigned level, std::uint64_t index, unsigned width) {
    return Result<Bytes>(tree.tile(level, index, width));
  };
  const merkle::TileNodes nodes(tiles, size);
  const auto inclusion = merkle::inclusion_proof(nodes, first, size);
  OPS_ASSERT(inclusion.ok() == (first < size));
  if (inclusion.ok()) {
    const auto given = mutated(*inclusion, script);
    OPS_ASSERT(merkle::verify_inclusion(first, size, Tree::leaf(first), given, tree.root(size)) ==
               (given == *inclusion));
  }
  const auto consistency = merkle::consistency_proof(nodes, first, size);
  OPS_ASSERT(consistency.ok() == (first > 0 && first <= size));
  if (!consistency.ok()) return;
  const auto given = mutated(*consistency, script);
  OPS_ASSERT(merkle::verify_consistency(first, size, tree.root(first), tree.root(size), given) ==
             (given == *consistency));
}

}  // namespace

void fuzz_tile(BytesView input) {
  static const Tree tree;
  Script script(input);
  const auto size = script.below(kLeaves + 1), first = script.below(kLeaves + 1);
  root_from_tiles(tree, size, &script);
  proofs(tree, first, size, &script);
}

}  // namespace opsledger::fuzz
