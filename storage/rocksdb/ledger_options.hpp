// RocksDB options of the ledger's database; README.md says what was measured.
#pragma once

#include <rocksdb/options.h>

#include <vector>

#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

/// An information log that keeps nothing: reading a database writes no file then.
std::shared_ptr<rocksdb::Logger> no_log();

rocksdb::DBOptions ledger_db_options(const LedgerDbOptions& options);
/// One descriptor per Family, in its order.
std::vector<rocksdb::ColumnFamilyDescriptor> ledger_families(const LedgerDbOptions& options);

}  // namespace opsledger::rocks
