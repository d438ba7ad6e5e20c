// Merkle trees: published vectors, proofs of all small trees, tiles, and the public probes.
#include "storage/core/merkle.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/core/sha256.hpp"
#include "storage/core/tiles.hpp"

namespace opsledger::merkle {
namespace {

Bytes unhexed(std::string_view text) {
  Bytes bytes;
  EXPECT_TRUE(unhex(text, &bytes));
  return bytes;
}

const char* const kClassicLeaves[] = {"",
                                      "00",
                                      "10",
                                      "2021",
                                      "3031",
                                      "40414243",
                                      "5051525354555657",
                                      "606162636465666768696a6b6c6d6e6f"};

TEST(Merkle, PublishedHashesAreReproduced) {
  EXPECT_EQ(hex(empty_root().bytes),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(leaf_hash("").bytes),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(hex(leaf_hash("L123456").bytes),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  EXPECT_EQ(hex(sha256("\x01", "N123", "N456").bytes),
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  CompactRange range;
  for (const char* leaf : kClassicLeaves) range.append(leaf_hash(unhexed(leaf)));
  EXPECT_EQ(hex(range.root().bytes),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Sha256, PiecesGiveTheHashOfTheWhole) {
  Sha256 hash;
  hash.update("ab").update("").update("c");
  EXPECT_EQ(hash.finish(), sha256("abc"));
  EXPECT_EQ(sha256("a", "bc"), sha256("abc"));
  EXPECT_EQ(hex(sha256("abc").bytes),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/// Nodes straight from a list of leaves.
class Leaves final : public NodeSource {
 public:
  explicit Leaves(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      hashes_.push_back(leaf_hash("leaf" + std::to_string(i)));
  }
  Result<Hash> node(unsigned height, std::uint64_t index) const override {
    if (height == 0) return hashes_.at(index);
    return node_hash(*node(height - 1, 2 * index), *node(height - 1, 2 * index + 1));
  }
  const Hash& operator[](std::size_t i) const { return hashes_[i]; }

 private:
  std::vector<Hash> hashes_;
};

TEST(Merkle, EveryProofOfEverySmallTreeVerifiesAndNoOtherDoes) {
  constexpr std::uint64_t kSize = 34;
  const Leaves leaves(kSize);
  for (std::uint64_t size = 1; size <= kSize; ++size) {
    const Hash head = *root(leaves, size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto proof = *inclusion_proof(leaves, i, size);
      ASSERT_TRUE(verify_inclusion(i, size, leaves[i], proof, head));
      ASSERT_FALSE(verify_inclusion(i ^ 1, size, leaves[i], proof, head));
      ASSERT_FALSE(verify_inclusion(i, size, leaf_hash("x"), proof, head));
    }
    for (std::uint64_t first = 1; first <= size; ++first) {
      const auto proof = *consistency_proof(leaves, first, size);
      const Hash before = *root(leaves, first);
      ASSERT_TRUE(verify_consistency(first, size, before, head, proof)) << first << ' ' << size;
      ASSERT_FALSE(verify_consistency(first, size, leaf_hash("x"), head, proof));
      ASSERT_FALSE(verify_consistency(first, size, before, leaf_hash("x"), proof));
    }
  }
}

TEST(Merkle, ProofOutsideTheTreeIsRefused) {
  const Leaves leaves(4);
  EXPECT_EQ(inclusion_proof(leaves, 4, 4).error().code, Code::kInvalid);
  EXPECT_EQ(inclusion_proof(leaves, 0, 0).error().code, Code::kInvalid);
  EXPECT_EQ(consistency_proof(leaves, 0, 4).error().code, Code::kInvalid);
  EXPECT_EQ(consistency_proof(leaves, 5, 4).error().code, Code::kInvalid);
}

TEST(Tiles, EdgeKeepsTheRootAndHandsOutEachCompleteTileOnce) {
  constexpr std::uint64_t kSize = 256 * 256 + 256 * 3 + 17;
  TileEdge edge;
  CompactRange range;
  std::vector<Tile> tiles;
  for (std::uint64_t i = 0; i < kSize; ++i) {
    const Hash leaf = leaf_hash(std::to_string(i));
    edge.append(leaf, &tiles);
    range.append(leaf);
  }
  EXPECT_EQ(edge.root(), range.root());
  EXPECT_EQ(edge.size(), kSize);
  EXPECT_EQ(tiles.size(), 256u + 3 + 1);
  std::map<std::pair<unsigned, std::uint64_t>, Bytes> stored;
  for (auto& tile : tiles) {
    ASSERT_EQ(tile.hashes.size(), kTileBytes);
    ASSERT_TRUE(stored.emplace(std::pair(tile.level, tile.index), tile.hashes).second);
  }
  EXPECT_EQ(edge.partial(0).size(), 17 * kHashBytes);
  EXPECT_EQ(edge.partial(1).size(), 3 * kHashBytes);
  EXPECT_EQ(edge.partial(2).size(), 1 * kHashBytes);

  std::vector<Bytes> partials;
  for (unsigned level = 0; level < 3; ++level) partials.emplace_back(edge.partial(level));
  auto restored = TileEdge::from_partials(kSize, partials);
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ(restored->root(), edge.root());
  edge.append(leaf_hash("next"), &tiles);
  restored->append(leaf_hash("next"), &tiles);
  EXPECT_EQ(restored->root(), edge.root());
  EXPECT_EQ(restored->partial(0), edge.partial(0));
  partials[1].pop_back();
  EXPECT_EQ(TileEdge::from_partials(kSize, partials).error().code, Code::kCorrupt);
}

TEST(Tiles, NodesComeFromCompleteAndIncompleteTiles) {
  constexpr std::uint64_t kSize = 256 * 5 + 17;
  TileEdge edge;
  std::vector<Tile> tiles;
  for (std::uint64_t i = 0; i < kSize; ++i) edge.append(leaf_hash(std::to_string(i)), &tiles);
  std::map<std::pair<unsigned, std::uint64_t>, Bytes> stored;
  for (const auto& tile : tiles) stored[{tile.level, tile.index}] = tile.hashes;
  const TileNodes nodes(
      [&](unsigned level, std::uint64_t index, unsigned width) -> Result<Bytes> {
        const auto tile = stored.find({level, index});
        const Bytes hashes = tile != stored.end() ? tile->second : Bytes(edge.partial(level));
        return hashes.substr(0, width * kHashBytes);
      },
      kSize);
  EXPECT_EQ(*root(nodes, kSize), edge.root());
  for (const std::uint64_t i : {0, 255, 256, 1'279, 1'280, 1'296}) {
    const auto proof = inclusion_proof(nodes, i, kSize);
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(verify_inclusion(i, kSize, leaf_hash(std::to_string(i)), *proof, edge.root())) << i;
  }
}

TEST(Tiles, WidthsFollowTheSize) {
  EXPECT_EQ(partial_width(0, 255), 255u);
  EXPECT_EQ(partial_width(0, 256), 0u);
  EXPECT_EQ(partial_width(1, 256), 1u);
  EXPECT_EQ(partial_width(1, 65'536 + 255), 0u);
  EXPECT_EQ(partial_width(2, 65'536), 1u);
  EXPECT_EQ(hashes_at(9, UINT64_MAX), 0u);
}

// --- the public probes (transparency-dev/merkle) -----------------------------------------------

Bytes from_base64(std::string_view text) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes bytes;
  unsigned buffer = 0, bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    buffer = buffer << 6 | static_cast<unsigned>(kDigits.find(c));
    bits += 6;
    if (bits >= 8) bytes.push_back(static_cast<char>(buffer >> (bits -= 8)));
  }
  return bytes;
}

/// A probe file. Some hold "hashes" of another length: a proof or leaf with one is refused by its
/// type; a root with one stands for a value that no tree has, and is filled up with zeros.
class Probe {
 public:
  explicit Probe(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    object_ = boost::json::parse(text.str()).as_object();
    const auto* proof = object_.if_contains("proof");
    if (proof == nullptr || proof->is_null()) return;
    for (const auto& item : proof->as_array()) {
      proof_.push_back(strict(item));
    }
  }

  bool representable() const { return representable_; }
  bool wants_error() const { return object_.at("wantErr").as_bool(); }
  std::uint64_t number(const char* field) {
    const auto& value = object_.at(field);
    return value.is_uint64() ? value.get_uint64() : static_cast<std::uint64_t>(value.as_int64());
  }
  Hash hash(const char* field) {
    const auto& value = object_.at(field);
    return padded(value.is_null() ? Bytes() : from_base64(value.as_string()));
  }
  Hash leaf() { return strict(object_.at("leafHash")); }
  const std::vector<Hash>& proof() const { return proof_; }

 private:
  Hash strict(const boost::json::value& value) {
    const Bytes bytes = value.is_null() ? Bytes() : from_base64(value.as_string());
    representable_ = representable_ && bytes.size() == kHashBytes;
    return padded(bytes);
  }
  Hash padded(Bytes bytes) {
    representable_ = representable_ && bytes.size() <= kHashBytes;
    bytes.resize(kHashBytes);
    Hash hash;
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return hash;
  }

  boost::json::object object_;
  std::vector<Hash> proof_;
  bool representable_ = true;
};

using Verify = bool (*)(Probe&);

/// Runs all probes below `folder`; returns how many there were.
int run_probes(const std::string& folder, Verify verify) {
  const auto base = std::filesystem::path(std::getenv("OPSLEDGER_DATASETS")) / "merkle-probes";
  int probes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(base / folder)) {
    if (!entry.is_regular_file()) continue;
    Probe probe(entry.path());
    const bool accepted = verify(probe) && probe.representable();
    EXPECT_EQ(accepted, !probe.wants_error()) << entry.path();
    ++probes;
  }
  return probes;
}

class Probes : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("OPSLEDGER_DATASETS") == nullptr) GTEST_SKIP() << "OPSLEDGER_DATASETS is unset";
  }
};

TEST_F(Probes, InclusionVerdictsAreAsPublished) {
  EXPECT_EQ(run_probes("inclusion",
                       [](Probe& p) {
                         return verify_inclusion(p.number("leafIdx"), p.number("treeSize"),
                                                 p.leaf(), p.proof(), p.hash("root"));
                       }),
            98);
}

TEST_F(Probes, ConsistencyVerdictsAreAsPublished) {
  EXPECT_EQ(run_probes("consistency",
                       [](Probe& p) {
                         return verify_consistency(p.number("size1"), p.number("size2"),
                                                   p.hash("root1"), p.hash("root2"), p.proof());
                       }),
            98);
}

TEST_F(Probes, SubtreeInclusionVerdictsAreAsPublished) {
  EXPECT_EQ(run_probes("subtreeinclusion",
                       [](Probe& p) {
                         return verify_subtree_inclusion(p.number("leafIdx"),
                                                         {p.number("start"), p.number("end")},
                                                         p.leaf(), p.proof(), p.hash("root"));
                       }),
            204);
}

TEST_F(Probes, SubtreeConsistencyVerdictsAreAsPublished) {
  EXPECT_EQ(run_probes("subtreeconsistency",
                       [](Probe& p) {
                         return verify_subtree_consistency({p.number("start"), p.number("end")},
                                                           p.number("size"), p.hash("root1"),
                                                           p.hash("root2"), p.proof());
                       }),
            118);
}

}  // namespace
}  // namespace opsledger::merkle
