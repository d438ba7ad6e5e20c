// The RocksDB ledger in a temporary directory, with the contract's knobs.
#pragma once

#include <filesystem>

#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/storage/ledger_contract.hpp"
#include "tests/storage_rocksdb/fault_file_system.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing_support {

/// A ledger that can be closed and opened again.
class RocksHarness final : public LedgerHarness {
 public:
  RocksHarness(const Clock& clock, const LedgerSetup& setup) : clock_(clock) {
    options.directory = directory_.path() / "data";
    options.rules = setup.rules;
    options.pending_proposals_max = setup.queue_proposals_max;
    options.tag_hash = setup.hash;
    options.env = env_.get();
    options.disk_free_bytes_min = 0;
  }

  /// Opens with `options`; the error where it fails.
  Status open() {
    OPS_TRY_ASSIGN(ledger_, RocksLedger::open(options, clock_));
    return {};
  }
  void close() { ledger_.reset(); }

  RocksLedger& ledger() override { return *ledger_; }
  MerkleLog& merkle() override { return *ledger_; }
  void hold_durability(bool hold) override { gate_->hold(hold); }
  void fail_next_sync() override { gate_->fail_next(); }
  const std::filesystem::path& data() const { return options.directory; }

  LedgerOptions options;

 private:
  const Clock& clock_;
  TemporaryDirectory directory_;
  std::shared_ptr<SyncGate> gate_ = std::make_shared<SyncGate>();
  std::unique_ptr<rocksdb::Env> env_ =
      rocksdb::NewCompositeEnv(std::make_shared<FaultFileSystem>(gate_));
  std::unique_ptr<RocksLedger> ledger_;
};

}  // namespace opsledger::testing_support
