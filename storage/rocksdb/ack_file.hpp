// The side file of the last acknowledged position: outside RocksDB, so that a ledger that comes
// back shorter than what callers were told is noticed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "storage/base/result.hpp"
#include "storage/core/log_keys.hpp"

namespace opsledger::rocks {

/// Two slots of 512 bytes, written in turn (storage/FORMAT.md has their content). Written after
/// each commit without a sync (survives the process), and synced at most once per second (bounds
/// what a power cut hides). Used by the committer alone.
class AckFile {
 public:
  /// Opens or creates. Errors: kIo.
  static Result<AckFile> open(const std::filesystem::path& path);
  /// The newer valid slot; nothing when there is none. A slot that is neither empty nor valid is
  /// fine while the other one is valid: a torn write.
  static Result<std::optional<Acknowledged>> read(const std::filesystem::path& path);

  /// Whether every byte is what `write` leaves behind: each slot empty or valid, nothing beside
  /// them. For `verify`; stricter than `read`. Errors: kCorrupt `ledger.ack_damaged`, kIo.
  static Status check(const std::filesystem::path& path);

  AckFile(AckFile&& other) noexcept;
  AckFile& operator=(AckFile&& other) noexcept;
  ~AckFile();

  Status write(const Acknowledged& acknowledged);
  Status sync();

 private:
  explicit AckFile(int fd) : fd_(fd) {}
  int fd_ = -1;
  std::uint64_t writes_ = 0;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace opsledger::rocks
