// One kind of damage to one file, and every one that a data directory can take.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace opsledger::testing_support {

struct Mutation {
  enum class Kind { kFlip, kTruncate, kRemove };
  Kind kind = Kind::kFlip;
  std::string file;  ///< relative to the data directory
  std::uint64_t at = 0;
  unsigned char byte = 0;  ///< what stands at `at` after a flip

  std::string name() const;
};

/// All files but RocksDB's information logs, relative, sorted.
std::vector<std::string> files_in(const std::filesystem::path& directory);

/// One other value for every byte: a flipped bit or, by `seed`, 0x00 or 0xFF.
std::vector<Mutation> all_flips(const std::filesystem::path& directory, std::uint64_t seed);

/// Every file removed, and cut: to every length where it is small; log files at every frame and
/// one byte beside it; table files every kCutStep bytes and within the footer.
std::vector<Mutation> all_cuts(const std::filesystem::path& directory);

/// Copies `from` to `to` (files that nobody writes to as links) with the mutation in it.
void copy_mutated(const std::filesystem::path& from, const std::filesystem::path& to,
                  const Mutation& mutation);

/// `table file`, `manifest`, `ACK`, …
std::string class_of(const std::string& file);

}  // namespace opsledger::testing_support
