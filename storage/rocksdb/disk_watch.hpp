// Notices a disk that fills up before RocksDB runs into it.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "storage/base/result.hpp"

namespace opsledger::rocks {

/// Looks at the free space at most once per second, on whatever thread asks. Thread safe.
class DiskWatch {
 public:
  using FreeBytes = std::function<std::uint64_t()>;

  /// `probe` empty = statvfs on `directory`.
  DiskWatch(std::filesystem::path directory, std::uint64_t free_bytes_min, FreeBytes probe);

  /// Success, or kNotReady `storage.disk_low`.
  Status status();
  std::uint64_t free_bytes() const { return free_bytes_; }

 private:
  std::filesystem::path directory_;
  std::uint64_t free_bytes_min_;
  FreeBytes probe_;
  std::atomic<std::int64_t> looked_ms_{INT64_MIN / 2};
  std::atomic<std::uint64_t> free_bytes_{UINT64_MAX};
};

}  // namespace opsledger::rocks
