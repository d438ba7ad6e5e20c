// Versioned rows in memory: the oracle of table stores. Simple before fast.
#pragma once

#include <map>
#include <mutex>

#include "storage/api/table_store.hpp"

namespace opsledger {

/// A TableStore that forgets everything when destroyed. Thread safe. Cursors copy what they will
/// return when they are created; generations stay usable after they were dropped.
class MemoryTableStore final : public TableStore {
 public:
  Result<std::shared_ptr<TableGeneration>> open(const std::string& name) override;
  Status drop(const std::string& name) override;
  std::vector<std::string> list() const override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<TableGeneration>> generations_;
};

}  // namespace opsledger
