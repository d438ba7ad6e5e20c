// RocksDB statuses become our errors here and nowhere else.
#pragma once

#include <rocksdb/status.h>

#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger::rocks {

/// The Error for a failed status. `what` names the operation (`read the events`). Corruption
/// becomes kCorrupt, Incomplete `not_in_memory`, everything else kIo; they tell the operator what
/// to do next.
Error to_error(const rocksdb::Status& status, std::string_view what);

/// Success, or `to_error`.
inline Status to_status(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return {};
  return to_error(status, what);
}

/// What a read got that may not go to the disk (Reach::kMemory, ledger_db.hpp) and would have to.
Error not_in_memory();
bool is_not_in_memory(const Error& error);

/// kCorrupt: stored bytes contradict themselves. `where` names the record.
Error corrupt(std::string_view where, std::string_view why);

}  // namespace opsledger::rocks
