// The contract that every Ledger keeps. The cases are in ledger_*_contract.cpp; a backend's test
// binary compiles them all (CMake: OPS_LEDGER_CONTRACT) and instantiates the suite:
//   INSTANTIATE_TEST_SUITE_P(Memory, LedgerContract, testing::Values(memory_backend()),
//                            backend_name);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"
#include "storage/core/apply.hpp"
#include "storage/core/tag_hash.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {

/// One ledger under test and the knobs that the contract needs.
class LedgerHarness {
 public:
  virtual ~LedgerHarness() = default;
  virtual Ledger& ledger() = 0;
  virtual MerkleLog& merkle() = 0;
  /// While true, appends are accepted and stay undurable.
  virtual void hold_durability(bool hold) = 0;
  /// The next commit's sync fails.
  virtual void fail_next_sync() = 0;
};

struct LedgerSetup {
  SequenceRules rules;
  std::size_t queue_proposals_max = 4'096;
  TagHashFunction hash = tag_hash;  ///< a backend without hashed indexes ignores it
};

struct LedgerBackend {
  std::string name;
  std::function<std::unique_ptr<LedgerHarness>(const Clock& clock, const LedgerSetup& setup)>
      create;
};

inline std::string backend_name(const testing::TestParamInfo<LedgerBackend>& info) {
  return info.param.name;
}
inline void PrintTo(const LedgerBackend& backend, std::ostream* out) {
  *out << backend.name;
}

NewEvent new_event(std::string type, std::vector<std::string> tags = {}, Bytes data = "{}");
Proposal one(NewEvent event);
Query query_of(std::vector<QueryItem> items);
AppendCondition unless(std::vector<QueryItem> items, std::uint64_t after = 0);
IdempotencyKey key_of(std::string scope, std::string key, std::uint8_t request = 0,
                      bool permanent = false);

/// Reads to the end. Fails the test on an error.
std::vector<std::uint64_t> positions_of(const Ledger& ledger, const Query& query = {},
                                        const ReadOptions& options = {});

/// The code of an error, or nothing.
template <class T>
std::optional<Code> code_of(const Result<T>& result) {
  return result.ok() ? std::nullopt : std::optional(result.error().code);
}
template <class T>
std::string reason_of(const Result<T>& result) {
  return result.ok() ? "" : result.error().reason;
}

class LedgerContract : public testing::TestWithParam<LedgerBackend> {
 protected:
  LedgerContract() { start({}); }

  /// Replaces the ledger by a fresh one.
  void start(const LedgerSetup& setup) {
    harness_.reset();
    harness_ = GetParam().create(clock_, setup);
  }

  Ledger& ledger() { return harness_->ledger(); }
  MerkleLog& merkle() { return harness_->merkle(); }

  Result<AppendOutcome> append(Proposal proposal) {
    return append_and_wait(ledger(), std::move(proposal));
  }
  /// Appends one event that must be accepted; its position.
  std::uint64_t must_append(std::string type, std::vector<std::string> tags = {});
  Result<AppendOutcome> append_if(NewEvent event, AppendCondition condition);

  ManualClock clock_;
  std::unique_ptr<LedgerHarness> harness_;
};

}  // namespace opsledger::testing_support
