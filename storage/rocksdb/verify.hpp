// Offline check of a data directory: does every stored byte of the ledger agree with every other?
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"
#include "storage/core/tag_hash.hpp"

namespace opsledger {

enum class VerifyVerdict {
  kGood,      ///< everything agrees
  kTampered,  ///< evidence of damage: `where` names the first bad record
  kUnchecked  ///< could not check: in use, not there, newer format, unreadable disk
};

/// A root that somebody outside holds, e.g. of a checkpoint file.
struct ExpectedRoot {
  std::uint64_t size = 0;
  Hash root{};
};

struct VerifyOptions {
  std::filesystem::path directory;
  std::vector<ExpectedRoot> expected;  ///< compared on the way
  /// Events checked so far and in all; called a few times per second at most.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  std::size_t block_cache_bytes = 64u << 20;
  TagHashFunction tag_hash = opsledger::tag_hash;
};

struct VerifyReport {
  VerifyVerdict verdict = VerifyVerdict::kUnchecked;
  std::string message;             ///< first bad record and what is wrong with it; or the good news
  std::vector<std::string> notes;  ///< no damage, and yet worth knowing (verify_files.hpp)
  LedgerId ledger{};
  std::uint64_t events = 0;
  std::uint64_t commits = 0;
  Hash root{};
};

/// Opens read-only (a shared lock: no server may run on it), writes nothing, and checks: the check
/// sums of whole table files and of their blocks, every other file (verify_files.hpp); every
/// record, strictly decoded, hashed again, gapless, times ascending; every tile; the chain of
/// commit records and the root of each; postings and caller keys against the events, both ways; the
/// side file; the expected roots. Cannot show a cut that looks exactly like a torn last write when
/// the side file was cut as well: only an outside root can. Memory: O(1) in the log.
VerifyReport verify_ledger(const VerifyOptions& options);

}  // namespace opsledger
