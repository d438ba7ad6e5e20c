// The contract that every TableStore keeps. The cases are in table_store_contract.cpp; a
// backend's test binary compiles it (CMake: OPS_TABLE_STORE_CONTRACT) and instantiates the suite.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "storage/api/table_store.hpp"
#include "tests/support/owned_write.hpp"

namespace opsledger::testing_support {

/// Owns a store (and, where there is one, its directory).
class TableStoreHarness {
 public:
  virtual ~TableStoreHarness() = default;
  virtual TableStore& store() = 0;
};

struct TableStoreBackend {
  std::string name;
  std::function<std::unique_ptr<TableStoreHarness>()> create;
};

inline std::string table_backend_name(const testing::TestParamInfo<TableStoreBackend>& info) {
  return info.param.name;
}
inline void PrintTo(const TableStoreBackend& backend, std::ostream* out) {
  *out << backend.name;
}

class TableStoreContract : public testing::TestWithParam<TableStoreBackend> {
 protected:
  TableStoreContract() : harness_(GetParam().create()), rows_(*store().open("order@1")) {}

  TableStore& store() { return harness_->store(); }
  /// Commits with progress at `position`.
  void commit(std::vector<OwnedWrite> writes, std::uint64_t position);

  std::unique_ptr<TableStoreHarness> harness_;
  std::shared_ptr<TableGeneration> rows_;
};

}  // namespace opsledger::testing_support
