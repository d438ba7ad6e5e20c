#include "storage/core/merkle.hpp"

#include <algorithm>
#include <bit>

#include "storage/core/sha256.hpp"

namespace opsledger::merkle {
namespace {

/// The largest power of two below `leaves`; precondition: leaves > 1.
std::uint64_t split(std::uint64_t leaves) {
  return std::bit_floor(leaves - 1);
}

/// Root over [begin, end); precondition: the range is one that RFC 6962 splits a tree into.
Result<Hash> range_root(const NodeSource& source, std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t leaves = end - begin;
  if (std::has_single_bit(leaves)) {
    const auto height = static_cast<unsigned>(std::countr_zero(leaves));
    return source.node(height, begin >> height);
  }
  const std::uint64_t middle = begin + split(leaves);
  OPS_TRY_ASSIGN(const Hash left, range_root(source, begin, middle));
  OPS_TRY_ASSIGN(const Hash right, range_root(source, middle, end));
  return node_hash(left, right);
}

/// A proof's siblings are found from the root down and stand in it from the leaf up.
class Siblings {
 public:
  explicit Siblings(const NodeSource& source) : source_(source) {}
  Status add(std::uint64_t begin, std::uint64_t end) {
    OPS_TRY_ASSIGN(const Hash hash, range_root(source_, begin, end));
    hashes_.push_back(hash);
    return {};
  }
  std::vector<Hash> proof() && {
    std::reverse(hashes_.begin(), hashes_.end());
    return std::move(hashes_);
  }

 private:
  const NodeSource& source_;
  std::vector<Hash> hashes_;
};

Error bad_range(const char* what, std::uint64_t inner, std::uint64_t outer) {
  return {Code::kInvalid, "proof.range",
          std::string("There is no ") + what + " proof for " + std::to_string(inner) + " and " +
              std::to_string(outer) + ": ask within the tree"};
}

}  // namespace

Hash leaf_hash(BytesView entry) {
  return sha256(BytesView("\x00", 1), entry);
}

Hash node_hash(const Hash& left, const Hash& right) {
  return sha256(BytesView("\x01", 1), left.view(), right.view());
}

Hash empty_root() {
  return sha256(BytesView());
}

Result<CompactRange> CompactRange::restore(const NodeSource& source, std::uint64_t size) {
  CompactRange range;
  range.size_ = size;
  for (unsigned height = 64; height-- > 0;) {
    if ((size >> height & 1) == 0) continue;
    OPS_TRY_ASSIGN(const Hash peak, source.node(height, (size >> height) - 1));
    range.peaks_.push_back(peak);
  }
  return range;
}

Hash CompactRange::root() const {
  if (size_ == 0) return empty_root();
  Hash hash = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) {
    hash = node_hash(*peak, hash);
  }
  return hash;
}

Result<Hash> root(const NodeSource& source, std::uint64_t size) {
  if (size == 0) return empty_root();
  return range_root(source, 0, size);
}

Result<std::vector<Hash>> inclusion_proof(const NodeSource& source, std::uint64_t index,
                                          std::uint64_t size) {
  if (index >= size) return bad_range("inclusion", index, size);
  Siblings siblings(source);
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + split(end - begin);
    if (index < middle) {
      OPS_TRY(siblings.add(middle, end));
      end = middle;
    } else {
      OPS_TRY(siblings.add(begin, middle));
      begin = middle;
    }
  }
  return std::move(siblings).proof();
}

Result<std::vector<Hash>> consistency_proof(const NodeSource& source, std::uint64_t first,
                                            std::uint64_t second) {
  if (first == 0 || first > second) return bad_range("consistency", first, second);
  Siblings siblings(source);
  std::uint64_t begin = 0;
  std::uint64_t end = second;
  while (first != end) {
    const std::uint64_t middle = begin + split(end - begin);
    if (first <= middle) {
      OPS_TRY(siblings.add(middle, end));
      end = middle;
    } else {
      OPS_TRY(siblings.add(begin, middle));
      begin = middle;
    }
  }
  // [begin, end) is now a subtree that both trees share; the verifier knows it when it is the
  // whole first tree.
  if (begin != 0) OPS_TRY(siblings.add(begin, end));
  return std::move(siblings).proof();
}

}  // namespace opsledger::merkle
