// Backups of the ledger: incremental, taken while it runs, verified after they are restored.
// Tables are left out: they are rebuilt from the ledger.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "storage/api/ledger.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "storage/rocksdb/verify.hpp"

namespace opsledger {

struct BackupInfo {
  std::uint32_t id = 0;  ///< from 1, ascending in one backup directory
  Time taken_at{};
  std::uint64_t bytes = 0;  ///< of all its files; files are shared between backups
  LedgerId ledger{};
  Position position{};  ///< at least the events up to here are in it
  Hash root{};          ///< at `position`
};

/// Adds a backup of the running `ledger` to `directory` (created when absent): only files that no
/// earlier backup has are copied. Appends go on meanwhile. Calls of this function for one
/// directory must not overlap. Errors: kInvalid when the directory holds backups of another
/// ledger, kIo.
Result<BackupInfo> create_backup(const RocksLedger& ledger, const std::filesystem::path& directory);

/// All backups in `directory`, oldest first. Errors: kNotFound, kIo.
Result<std::vector<BackupInfo>> list_backups(const std::filesystem::path& directory);

/// Restores backup `id` (0 = the newest) into `target`, which must be absent or empty, and
/// verifies everything there. A target that fails is left without FORMAT file, so that no server
/// starts on it. Errors: kNotFound; kInvalid when the target is in use; kCorrupt with the first
/// bad record; kIo.
Result<VerifyReport> restore_backup(const std::filesystem::path& directory, std::uint32_t id,
                                    const std::filesystem::path& target,
                                    const VerifyOptions& verify = {});

}  // namespace opsledger
