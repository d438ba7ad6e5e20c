// SEAL: what an orderly stop leaves in the directory of a database, so that every later change of
// a file there is noticed: which files there are, how long they are and what is in them.
// storage/FORMAT.md has its lines.
#pragma once

#include <rocksdb/env.h>

#include <filesystem>

#include "storage/base/result.hpp"

namespace opsledger::rocks {

/// Files that RocksDB writes and never reads again (OPTIONS, IDENTITY, LOCK) are no reason to
/// refuse a start.
enum class SealScope { kNeeded, kAll };

/// Seals `directory`, whose database was closed with everything synced. Table files are sealed by
/// name and length (the manifest has their check sums), all others by content; RocksDB's
/// information log is left out. Reads the write-ahead logs once: at most 64 MiB. Errors: kIo, and
/// then there is no seal.
Status write_seal(rocksdb::Env& env, const std::filesystem::path& directory);

/// Before the first change of a file. Durable. Success where there is no seal. Errors: kIo.
Status remove_seal(rocksdb::Env& env, const std::filesystem::path& directory);

/// Whether `directory` is sealed; a database that is open, or whose process was killed, is not.
/// Errors: kCorrupt `storage.seal` names the first file that is not as it was sealed (the caller
/// adds what to do); kIo.
Result<bool> check_seal(rocksdb::Env& env, const std::filesystem::path& directory, SealScope scope);

}  // namespace opsledger::rocks
