// The contracts of storage/api, kept by the RocksDB backends.
#include "storage/rocksdb/rocks_table_store.hpp"
#include "tests/storage/table_store_contract.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

LedgerBackend rocks_backend() {
  return {"Rocks", [](const Clock& clock, const LedgerSetup& setup) {
            auto harness = std::make_unique<RocksHarness>(clock, setup);
            const Status opened = harness->open();
            EXPECT_TRUE(opened.ok()) << opened.error().message;
            return harness;
          }};
}

class RocksTableHarness final : public TableStoreHarness {
 public:
  RocksTableHarness() : store_(std::move(open_table_store({directory_.path()})).value()) {}
  TableStore& store() override { return *store_; }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<TableStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Storage, LedgerContract, testing::Values(rocks_backend()), backend_name);

INSTANTIATE_TEST_SUITE_P(Storage, TableStoreContract,
                         testing::Values(TableStoreBackend{
                             "Rocks", [] { return std::make_unique<RocksTableHarness>(); }}),
                         table_backend_name);

}  // namespace
}  // namespace opsledger::testing_support
