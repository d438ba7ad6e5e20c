// Everywhere a program can be killed on purpose: the named sync points of the code, and before and
// after each kind of operation on each kind of file, RocksDB's own included.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>
#include <vector>

namespace opsledger::testing_support {

/// `commit.synced`, …, `disk.wal.sync.before`, `disk.wal.sync.after`, …
std::vector<std::string> kill_points();

/// From now on this process kills itself (SIGKILL) when it comes to `point` for the `nth` time,
/// having written `! <point>` to standard output. Before any other thread runs.
void kill_at(const std::string& point, std::uint64_t nth);

/// The system's files, with a kill point around each operation.
std::shared_ptr<rocksdb::FileSystem> make_killing_file_system();

}  // namespace opsledger::testing_support
