// The side file of the last acknowledged position: outside RocksDB, so that a ledger that comes
// back shorter than what callers were told is noticed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "storage/base/result.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/rocksdb/small_files.hpp"

namespace opsledger::rocks {

/// Two slots of 512 bytes (storage/FORMAT.md has their content). Each write goes to the slot that
/// is not the last synced one, and a sync swaps them: whatever a power cut makes of the slot being
/// written, the other one is whole. Written after each commit without a sync (survives the
/// process), and synced at most once per second (bounds what a power cut hides). Used by the
/// committer alone.
class AckFile {
 public:
  /// Opens, or creates durably: everything in its directory is durable too then. Errors: kIo.
  static Result<AckFile> open(const std::filesystem::path& path, Files& files = *Files::Default());
  /// The newer valid slot; nothing when there is none. A slot that is neither empty nor valid is
  /// fine while the other one is valid: a torn write. Errors: kIo.
  static Result<std::optional<Acknowledged>> read(const std::filesystem::path& path,
                                                  Files& files = *Files::Default());

  /// Whether every byte is what `write` leaves behind: each slot empty or valid, nothing beside
  /// them. For `verify`; stricter than `read`. Errors: kCorrupt `ledger.ack_damaged`, kIo.
  static Status check(const std::filesystem::path& path);

  /// Errors: kIo. Then nothing may be acknowledged any more: what is on disk is unknown.
  Status write(const Acknowledged& acknowledged);
  Status sync();
  /// Both slots say this, durably, and what they said before is forgotten (an accepted loss, too).
  Status begin_with(const Acknowledged& acknowledged);

 private:
  using File = std::unique_ptr<rocksdb::FSRandomRWFile>;
  AckFile(File file, std::filesystem::path path, int slot)
      : file_(std::move(file)), path_(std::move(path)), slot_(slot) {}
  File file_;
  std::filesystem::path path_;
  int slot_;           // to be written next
  bool clean_ = true;  // nothing written since the last sync
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace opsledger::rocks
