// Work on whole data directories: verify, backup, restore, examine. Keeps storage/rocksdb out of
// the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernel/app/store.hpp"

namespace opsledger {

struct VerifyRequest {
  std::string data_directory;
  std::uint64_t expected_size = 0;  ///< a root that somebody outside holds; 0 = none
  Hash expected_root{};
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// What verification found. `exit_code` is the command's: 0 good, 1 tampering, 2 not checked.
struct VerifyOutcome {
  int exit_code = 2;
  std::string message;
  std::vector<std::string> notes;  ///< no damage, and yet worth knowing
  std::string ledger;              ///< hex id
  std::uint64_t events = 0, commits = 0;
  Hash root{};
};
VerifyOutcome verify_data(const VerifyRequest& request);

struct Backup {
  std::uint32_t id = 0;
  Time taken_at{};
  std::uint64_t bytes = 0;
  std::string ledger;
  Position position{};
  Hash root{};
};
/// As one JSON object, and back (kCorrupt when it is none).
std::string to_json(const Backup& backup);
Result<Backup> backup_from_json(std::string_view text);

/// Adds a backup of `store` to `directory`; appends may go on. Errors: kInvalid, kIo.
Result<Backup> create_backup(Store& store, const std::string& directory);
/// The same for the data directory of `config`: by the server that has it open, else here.
Result<Backup> create_backup_anywhere(const Config& config, const Clock& clock,
                                      const std::string& directory);
Result<std::vector<Backup>> list_backup_directory(const std::string& directory);
/// Restores backup `id` (0 = the newest) into the absent or empty `target` and verifies it.
Result<VerifyOutcome> restore_backup(const std::string& directory, std::uint32_t id,
                                     const VerifyRequest& target);

}  // namespace opsledger
