// Write-ahead logs that are longer than what was written to them: so that a small commit is a write
// into blocks that the file has already, and its sync need not change the file's length too.
#pragma once

#include <rocksdb/env.h>

#include <filesystem>
#include <memory>

namespace opsledger::rocks {

/// An Env over `base` (null = the operating system's; it must outlive the new one) that writes
/// zeros behind the write-ahead logs of the database in `directory`: as many as are in the log, 16
/// to 256 KiB, as a part of the sync that reaches their end, unless it has more than 64 KiB to
/// write by itself. Whoever closes a log cuts them off, durably; behind a crash they stay, and
/// RocksDB and log_frames.hpp read them as the end of the log. All else goes to `base`.
std::unique_ptr<rocksdb::Env> with_prepared_logs(rocksdb::Env* base,
                                                 const std::filesystem::path& directory);

}  // namespace opsledger::rocks
