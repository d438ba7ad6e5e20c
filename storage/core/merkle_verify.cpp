// Proof verification: RFC 9162 §2.1.3.2 and §2.1.4.2, and their generalisation to subtrees
// (IETF draft-ietf-plants-merkle-tree-certs, "Subtrees"). The step names follow the texts:
// fn/sn/tn are the node numbers that walk up the tree, fr/sr the hashes built on the way.
#include <bit>

#include "storage/core/merkle.hpp"

namespace opsledger::merkle {

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                      std::span<const Hash> proof, const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && hash == root;
}

bool verify_consistency(std::uint64_t first, std::uint64_t second, const Hash& first_root,
                        const Hash& second_root, std::span<const Hash> proof) {
  return first > 0 &&
         verify_subtree_consistency({0, first}, second, first_root, second_root, proof);
}

bool Subtree::valid() const {
  constexpr std::uint64_t kLeavesMax = std::uint64_t{1} << 62;
  return begin < end && end - begin <= kLeavesMax && begin % std::bit_ceil(end - begin) == 0;
}

bool verify_subtree_inclusion(std::uint64_t index, Subtree subtree, const Hash& leaf,
                              std::span<const Hash> proof, const Hash& subtree_root) {
  if (!subtree.valid() || index < subtree.begin) return false;
  return verify_inclusion(index - subtree.begin, subtree.end - subtree.begin, leaf, proof,
                          subtree_root);
}

bool verify_subtree_consistency(Subtree subtree, std::uint64_t size, const Hash& subtree_root,
                                const Hash& root, std::span<const Hash> proof) {
  if (subtree.end > size) return false;
  if (subtree.begin == subtree.end) return proof.empty() && subtree_root == empty_root();
  if (!subtree.valid()) return false;
  std::uint64_t fn = subtree.begin;
  std::uint64_t sn = subtree.end - 1;
  std::uint64_t tn = size - 1;
  const auto up = [&] { fn >>= 1, sn >>= 1, tn >>= 1; };
  if (sn == tn) {
    while (fn != sn) up();
  } else {
    while (fn != sn && (sn & 1) != 0) up();
  }
  Hash fr = subtree_root;
  if (fn != sn) {
    if (proof.empty()) return false;
    fr = proof.front();
    proof = proof.subspan(1);
  }
  Hash sr = fr;
  for (const Hash& sibling : proof) {
    if (tn == 0) return false;
    if ((sn & 1) != 0 || sn == tn) {
      if (fn < sn) fr = node_hash(sibling, fr);
      sr = node_hash(sibling, sr);
      while ((sn & 1) == 0 && sn != 0) up();
    } else {
      sr = node_hash(sr, sibling);
    }
    up();
  }
  return tn == 0 && fr == subtree_root && sr == root;
}

}  // namespace opsledger::merkle
