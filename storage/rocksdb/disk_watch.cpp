#include "storage/rocksdb/disk_watch.hpp"

#include <chrono>
#include <string>

namespace opsledger::rocks {

namespace {

constexpr std::int64_t kLookIntervalMs = 1'000;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

DiskWatch::DiskWatch(std::filesystem::path directory, std::uint64_t free_bytes_min, FreeBytes probe)
    : directory_(std::move(directory)), free_bytes_min_(free_bytes_min), probe_(std::move(probe)) {
  if (probe_) return;
  probe_ = [this]() -> std::uint64_t {
    std::error_code failed;
    const auto space = std::filesystem::space(directory_, failed);
    return failed ? 0 : space.available;  // a disk that cannot be asked is not trusted
  };
}

Status DiskWatch::status() {
  const std::int64_t now = now_ms();
  std::int64_t looked = looked_ms_;
  if (now - looked >= kLookIntervalMs && looked_ms_.compare_exchange_strong(looked, now)) {
    free_bytes_ = probe_();
  }
  if (free_bytes_ >= free_bytes_min_) return {};
  return Error{Code::kNotReady, "storage.disk_low",
               "only " + std::to_string(free_bytes_ >> 20) + " MiB are free for " +
                   directory_.string() + ", appends need " + std::to_string(free_bytes_min_ >> 20) +
                   " MiB: free disk space; reading goes on, and appends resume by themselves"};
}

}  // namespace opsledger::rocks
