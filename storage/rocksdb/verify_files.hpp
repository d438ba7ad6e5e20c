// The files of a data directory beside what the ledger's database says: seals, logs, side files,
// tables. `verify_ledger` calls it after the events.
#pragma once

#include <string>
#include <vector>

#include "storage/rocksdb/data_directory.hpp"

namespace opsledger::rocks {

/// Holds every file against what was written: databases against their seals, logs without seal
/// frame by frame, table files against their whole-file check sums, FORMAT, LOCK and ACK against
/// the only content that they can have. `notes` gets what an operator should know and what is no
/// damage: no seal because the process was killed, a torn last write that nobody was told of.
/// Writes nothing. Errors: kCorrupt names the first wrong file; kIo.
Status verify_files(const DataDirectory& directory, std::vector<std::string>* notes);

/// For a database that could not be opened: the table files that cannot be read, and why; empty
/// when all can. (RocksDB names the manifest then, not the file.)
std::string unreadable_table_files(const std::filesystem::path& directory);

}  // namespace opsledger::rocks
