// Sorted tables of one column family, written outside the database, to be ingested.
#pragma once

#include <rocksdb/sst_file_writer.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

/// Where tables go, and how large one becomes.
struct BulkTarget {
  const LedgerDb& db;
  std::filesystem::path directory;
  std::uint64_t table_bytes_max;
};

/// Writes ascending keys into tables that follow each other. One thread at a time.
class BulkTables {
 public:
  /// `name` begins the names of the files; unique within the target.
  BulkTables(const BulkTarget& target, Family family, std::string name);

  /// Precondition: `key` is greater than every key before. Errors: kIo.
  Status put(BytesView key, BytesView value);
  /// Closes and syncs the last table.
  Status finish();
  /// Complete tables, in key order, with the check sums made while they were written: taking them
  /// over reads nothing again.
  struct Table {
    std::string path, checksum, checksum_function;
  };
  const std::vector<Table>& tables() const { return tables_; }

 private:
  Status open_next();

  const BulkTarget target_;
  rocksdb::ColumnFamilyHandle* const family_;
  const std::string name_;
  const rocksdb::Options options_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::vector<Table> tables_;
};

}  // namespace opsledger::rocks
