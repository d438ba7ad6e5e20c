// What went wrong behind everybody's back: a flush or a compaction that failed.
#pragma once

#include <rocksdb/listener.h>

#include <mutex>

#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

/// RocksDB takes no more writes after such an error (our options forbid it to try again by itself,
/// except when a full disk has room again), but nobody is told until the next one. Thread safe.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  /// Success, or kNotReady `storage.background`.
  Status status() const {
    std::lock_guard lock(mutex_);
    if (error_.ok()) return {};
    return Error{Code::kNotReady, "storage.background",
                 "the database takes no more writes: " +
                     to_error(error_, "write to the disk in the background").message};
  }

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    std::lock_guard lock(mutex_);
    error_ = *error;
  }
  void OnErrorRecoveryEnd(const rocksdb::BackgroundErrorRecoveryInfo& info) override {
    std::lock_guard lock(mutex_);
    error_ = info.new_bg_error;
  }

 private:
  mutable std::mutex mutex_;
  rocksdb::Status error_;
};

}  // namespace opsledger::rocks
