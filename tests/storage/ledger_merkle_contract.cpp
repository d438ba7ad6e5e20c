// The Merkle tree over the ledger, against the definition in RFC 6962 §2.1.
#include <bit>

#include "storage/core/merkle.hpp"
#include "storage/core/tiles.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

/// MTH of RFC 6962, word for word.
Hash tree_hash(std::span<const Hash> leaves) {
  if (leaves.empty()) return merkle::empty_root();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  return merkle::node_hash(tree_hash(leaves.first(k)), tree_hash(leaves.subspan(k)));
}

std::vector<Hash> leaves_of(const Ledger& ledger) {
  std::vector<Hash> leaves;
  auto cursor = ledger.read({}, {});
  for (auto events = (*cursor)->next(); !events->empty(); events = (*cursor)->next()) {
    for (const auto& event : *events) leaves.push_back(merkle::leaf_hash(event.encoded));
  }
  return leaves;
}

TEST_P(LedgerContract, RootOfEverySizeIsTheTreeHashOfTheEntries) {
  EXPECT_EQ(*merkle().root(0), merkle::empty_root());
  for (int i = 0; i < 70; ++i) must_append("task.a", {"n:" + std::to_string(i)});
  const auto leaves = leaves_of(ledger());
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(*merkle().root(size), tree_hash(std::span(leaves).first(size))) << size;
  }
  EXPECT_EQ(ledger().durable().root, *merkle().root(70));
  EXPECT_EQ(code_of(merkle().root(71)), Code::kNotFound);
}

TEST_P(LedgerContract, TilesHoldTheHashesOfEachLevel) {
  Proposal proposal;
  for (int i = 0; i < 300; ++i) proposal.events.push_back(new_event("task.a"));
  ASSERT_TRUE(append(proposal).ok());
  must_append("task.b");
  const auto leaves = leaves_of(ledger());
  const auto joined = [&](std::size_t first, std::size_t width) {
    Bytes bytes;
    for (std::size_t i = 0; i < width; ++i) bytes += leaves[first + i].view();
    return bytes;
  };
  EXPECT_EQ(*merkle().tile(0, 0, 256), joined(0, 256));
  EXPECT_EQ(*merkle().tile(0, 0, 7), joined(0, 7));
  EXPECT_EQ(*merkle().tile(0, 1, 45), joined(256, 45));
  EXPECT_EQ(*merkle().tile(0, 1, 44), joined(256, 44));
  EXPECT_EQ(*merkle().tile(1, 0, 1), tree_hash(std::span(leaves).first(256)).view());
  EXPECT_EQ(code_of(merkle().tile(0, 1, 46)), Code::kNotFound);
  EXPECT_EQ(code_of(merkle().tile(0, 2, 1)), Code::kNotFound);
  EXPECT_EQ(code_of(merkle().tile(1, 0, 2)), Code::kNotFound);
  EXPECT_EQ(code_of(merkle().tile(2, 0, 1)), Code::kNotFound);
  EXPECT_EQ(code_of(merkle().tile(0, 0, 0)), Code::kNotFound);
  EXPECT_EQ(code_of(merkle().tile(0, 0, 257)), Code::kNotFound);
  EXPECT_EQ(code_of(merkle().tile(200, UINT64_MAX, 256)), Code::kNotFound);
}

TEST_P(LedgerContract, ProofsMadeFromTilesVerify) {
  Proposal proposal;
  for (int i = 0; i < 600; ++i) proposal.events.push_back(new_event("task.a"));
  ASSERT_TRUE(append(proposal).ok());
  const auto leaves = leaves_of(ledger());
  const auto tiles = [&](unsigned level, std::uint64_t index, unsigned width) {
    return merkle().tile(level, index, width);
  };
  const Hash root = *merkle().root(600);
  const merkle::TileNodes nodes(tiles, 600);
  for (const std::uint64_t index : {0, 1, 255, 256, 511, 512, 599}) {
    const auto proof = merkle::inclusion_proof(nodes, index, 600);
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(merkle::verify_inclusion(index, 600, leaves[index], *proof, root)) << index;
  }
  for (const std::uint64_t first : {1, 2, 255, 256, 257, 512, 600}) {
    const auto proof = merkle::consistency_proof(nodes, first, 600);
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(merkle::verify_consistency(first, 600, *merkle().root(first), root, *proof))
        << first;
  }
}

TEST_P(LedgerContract, SameProposalsAtTheSameTimesGiveTheSameRoot) {
  const auto run = [&] {
    start({});
    ManualClock before;
    clock_.set(before.now().us);
    for (int i = 0; i < 20; ++i) {
      Proposal proposal = one(new_event("task.a", {"b:2", "a:1", "b:2"}));
      proposal.key = key_of("wang", std::to_string(i));
      proposal.events[0].metadata = {{"role", "x"}, {"id", std::to_string(i)}};
      EXPECT_TRUE(append(proposal).ok());
      clock_.advance(3);
    }
    return ledger().durable().root;
  };
  const Hash first = run();
  EXPECT_EQ(first, run());
}

}  // namespace
}  // namespace opsledger::testing_support
