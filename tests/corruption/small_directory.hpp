// A small data directory with everything in it, and what readers see of one.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "storage/base/result.hpp"

namespace opsledger::testing_support {

enum class LeftAs {
  kSealed,    ///< stopped in good order
  kKilled,    ///< copied while open: what SIGKILL leaves
  kAckBehind  ///< as kKilled, after a power cut that also took the side file's last commits
};

/// Packed and unpacked runs, tiles, posting lists, caller keys, a WAL behind table files, two
/// generations of tables. `directory` must be absent.
void make_small_directory(const std::filesystem::path& directory, LeftAs left);

/// How many commits kAckBehind's side file does not know of.
inline constexpr int kCommitsBehind = 3;

/// Opens for writing, as a server does, and prints everything that can be read. An error of
/// opening or of any read is the error.
Result<std::string> ledger_contents(const std::filesystem::path& directory);

/// The same for each generation of tables that has rows; the others a server fills from the ledger.
/// A store that says kCorrupt, which a server puts aside and builds again, is an error, too.
Result<std::map<std::string, std::string>> table_contents(const std::filesystem::path& directory);

}  // namespace opsledger::testing_support
