// Two ledgers given the same random operations must tell the same story: outcomes, error reasons,
// reads in both directions, key look-ups, roots and tiles.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "storage/api/ledger.hpp"
#include "storage/core/apply.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {

struct DifferentialOptions {
  std::uint64_t operations = 20'000;
  std::uint64_t seed = 1;
  /// Called now and then, between operations, e.g. to wait for a packer or to reopen `other`;
  /// returns the ledger to go on with.
  std::function<std::pair<Ledger*, MerkleLog*>()> maintain = {};
  std::uint64_t maintain_interval = 5'000;
};

/// Operations from $OPSLEDGER_DIFF_OPS and seed from $OPSLEDGER_SEED, where set.
DifferentialOptions differential_options_from_environment();

/// Both ledgers, with these rules: small limits, so that random operations reach them.
SequenceRules differential_rules();

/// Runs the operations on both ledgers, which must be empty, have the same rules and read `clock`.
/// Returns the first difference, with seed and operation; empty = none.
std::string run_differential(ManualClock& clock, Ledger& oracle, MerkleLog& oracle_tree,
                             Ledger& other, MerkleLog& other_tree,
                             const DifferentialOptions& options);

}  // namespace opsledger::testing_support
