// The in-memory ledger under the contract's knobs.
#pragma once

#include "storage/memory/memory_ledger.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {

class MemoryHarness final : public LedgerHarness {
 public:
  MemoryHarness(const Clock& clock, const LedgerSetup& setup)
      : ledger_(clock, {{{42}}, setup.queue_proposals_max, setup.rules}) {}
  Ledger& ledger() override { return ledger_; }
  MerkleLog& merkle() override { return ledger_; }
  void hold_durability(bool hold) override { ledger_.hold_durability(hold); }
  void fail_next_sync() override { ledger_.fail_next_sync(); }

 private:
  MemoryLedger ledger_;
};

inline LedgerBackend memory_backend() {
  return {"Memory", [](const Clock& clock, const LedgerSetup& setup) {
            return std::make_unique<MemoryHarness>(clock, setup);
          }};
}

}  // namespace opsledger::testing_support
