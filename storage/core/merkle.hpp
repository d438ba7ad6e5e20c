// RFC 6962 Merkle trees: hashes, the running root, proofs made and proofs checked.
#pragma once

#include <span>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger::merkle {

Hash leaf_hash(BytesView entry);                      ///< SHA-256(0x00 ‖ entry)
Hash node_hash(const Hash& left, const Hash& right);  ///< SHA-256(0x01 ‖ left ‖ right)
Hash empty_root();                                    ///< SHA-256("")

/// Where the hashes of complete subtrees come from.
class NodeSource {
 public:
  virtual ~NodeSource() = default;
  /// Root over leaves [index * 2^height, (index + 1) * 2^height), all of which exist.
  virtual Result<Hash> node(unsigned height, std::uint64_t index) const = 0;
};

/// The running root: the roots of the complete subtrees that the leaves so far split into.
/// Appending costs one node hash on average, a root at most 63. A value type.
class CompactRange {
 public:
  /// The range over the first `size` leaves of `source`. Errors: those of `source`.
  static Result<CompactRange> restore(const NodeSource& source, std::uint64_t size);

  /// Appends a leaf and calls `on_node(height, hash)` for every subtree that it completes, the
  /// smallest (height 1) first. One node hash per leaf on average.
  template <class OnNode>
  void append(const Hash& leaf, OnNode&& on_node) {
    Hash hash = leaf;
    unsigned height = 0;
    for (std::uint64_t rest = size_++; (rest & 1) != 0; rest >>= 1) {
      hash = node_hash(peaks_.back(), hash);
      peaks_.pop_back();
      on_node(++height, hash);
    }
    peaks_.push_back(hash);
  }
  void append(const Hash& leaf) {
    append(leaf, [](unsigned, const Hash&) {});
  }

  std::uint64_t size() const { return size_; }
  Hash root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;  // largest subtree first, one per set bit of size_
};

/// Root over the first `size` leaves; the empty root for 0. Errors: those of `source`.
Result<Hash> root(const NodeSource& source, std::uint64_t size);

/// Sibling hashes from the leaf to the root (RFC 6962 §2.1.1). Errors: kInvalid unless
/// index < size; those of `source`, which must hold `size` leaves.
Result<std::vector<Hash>> inclusion_proof(const NodeSource& source, std::uint64_t index,
                                          std::uint64_t size);

/// Proof that the tree of `first` leaves is a prefix of that of `second` (RFC 6962 §2.1.2).
/// Errors: kInvalid unless 0 < first <= second; those of `source`.
Result<std::vector<Hash>> consistency_proof(const NodeSource& source, std::uint64_t first,
                                            std::uint64_t second);

/// True when `proof` shows that `leaf` is leaf `index` of the tree with `size` and `root`
/// (RFC 9162 §2.1.3.2).
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                      std::span<const Hash> proof, const Hash& root);

/// True when `proof` shows that the tree (first, first_root) is a prefix of (second,
/// second_root). Sizes are at least 1 (RFC 9162 §2.1.4.2).
bool verify_consistency(std::uint64_t first, std::uint64_t second, const Hash& first_root,
                        const Hash& second_root, std::span<const Hash> proof);

/// Leaves [begin, end) of a tree, where `begin` is a multiple of the smallest power of two that
/// is at least end - begin: such a range has a hash of its own.
struct Subtree {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool valid() const;
};

/// True when `proof` shows that `leaf` is leaf `index` within `subtree`.
bool verify_subtree_inclusion(std::uint64_t index, Subtree subtree, const Hash& leaf,
                              std::span<const Hash> proof, const Hash& subtree_root);

/// True when `proof` shows that `subtree` is part of the tree with `size` and `root`. An empty
/// subtree is part of every tree that reaches it: only the empty root with an empty proof.
bool verify_subtree_consistency(Subtree subtree, std::uint64_t size, const Hash& subtree_root,
                                const Hash& root, std::span<const Hash> proof);

}  // namespace opsledger::merkle
