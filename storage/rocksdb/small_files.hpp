// Small files beside the databases, through RocksDB's FileSystem: so that a test's disk, which
// loses what was not synced or fails on purpose, sees them like everything else.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <optional>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger::rocks {

using Files = rocksdb::FileSystem;

/// The files that `env` sees; null = the operating system's.
std::shared_ptr<Files> files_of(rocksdb::Env* env);

/// kIo `storage.io` (`storage.no_space`): what could not be done to which file, and why.
Error file_error(std::string_view what, const std::filesystem::path& path,
                 const rocksdb::IOStatus& why);

/// At most `bytes_max` bytes from the start of the file; nothing when it is absent. Errors: kIo.
Result<std::optional<Bytes>> read_file(Files& files, const std::filesystem::path& path,
                                       std::size_t bytes_max);

/// Writes `text` to `path` so that after a crash there is the old file or the new one: a
/// temporary file, fsync, rename, fsync of the directory. Errors: kIo.
Status write_file_durably(Files& files, const std::filesystem::path& path, std::string_view text);

/// Removes the file, and its entry durably. Errors: kIo.
Status remove_file_durably(Files& files, const std::filesystem::path& path);

/// Makes the names in `directory` durable. Errors: kIo.
Status sync_directory(Files& files, const std::filesystem::path& directory);

/// Makes `path` and its parents where they are absent, and the entry of each one made durable.
/// Errors: kIo.
Status create_directories_durably(Files& files, const std::filesystem::path& path);

}  // namespace opsledger::rocks
