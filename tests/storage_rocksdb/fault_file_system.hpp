// A RocksDB file system whose write-ahead log can be held back or made to fail.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace opsledger::testing_support {

/// What happens to syncs of write-ahead logs. Thread safe.
class SyncGate {
 public:
  void hold(bool hold) {
    std::lock_guard lock(mutex_);
    held_ = hold;
    changed_.notify_all();
  }
  void fail_next() {
    std::lock_guard lock(mutex_);
    fail_ = true;
  }
  /// Blocks while held; then the sync's fate.
  rocksdb::IOStatus pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !held_; });
    if (!std::exchange(fail_, false)) return rocksdb::IOStatus::OK();
    return rocksdb::IOStatus::IOError("injected sync failure");
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool fail_ = false;
};

class GatedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GatedFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<SyncGate> gate)
      : FSWritableFileOwnerWrapper(std::move(file)), gate_(std::move(gate)) {}
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    const auto fate = gate_->pass();
    return fate.ok() ? FSWritableFileOwnerWrapper::Sync(options, debug) : fate;
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    const auto fate = gate_->pass();
    return fate.ok() ? FSWritableFileOwnerWrapper::Fsync(options, debug) : fate;
  }

 private:
  std::shared_ptr<SyncGate> gate_;
};

class FaultFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultFileSystem(std::shared_ptr<SyncGate> gate)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), gate_(std::move(gate)) {}
  const char* Name() const override { return "FaultFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    const auto opened = FileSystemWrapper::NewWritableFile(name, options, file, debug);
    if (opened.ok() && name.ends_with(".log")) {
      *file = std::make_unique<GatedFile>(std::move(*file), gate_);
    }
    return opened;
  }

 private:
  std::shared_ptr<SyncGate> gate_;
};

}  // namespace opsledger::testing_support
