// The oracles keep the contracts too.
#include "storage/memory/memory_table_store.hpp"
#include "tests/storage/memory_backend.hpp"
#include "tests/storage/table_store_contract.hpp"

namespace opsledger::testing_support {
namespace {

class MemoryTableHarness final : public TableStoreHarness {
 public:
  TableStore& store() override { return store_; }

 private:
  MemoryTableStore store_;
};

INSTANTIATE_TEST_SUITE_P(Storage, LedgerContract, testing::Values(memory_backend()), backend_name);

INSTANTIATE_TEST_SUITE_P(Storage, TableStoreContract,
                         testing::Values(TableStoreBackend{
                             "Memory", [] { return std::make_unique<MemoryTableHarness>(); }}),
                         table_backend_name);

}  // namespace
}  // namespace opsledger::testing_support
