// Where RocksDB writes its own warnings.
#pragma once

#include <rocksdb/env.h>

#include <filesystem>
#include <memory>

namespace opsledger::rocks {

/// Warnings and worse go to `LOG` in `directory`, which is made anew (the one before is `LOG.old`).
/// What cannot be written is lost, and nothing else happens: RocksDB's own log ends the program on
/// a full disk, by an assertion, at the second line that it cannot write. Thread safe.
std::shared_ptr<rocksdb::Logger> make_info_log(const std::filesystem::path& directory);

}  // namespace opsledger::rocks
