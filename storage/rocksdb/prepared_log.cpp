#include "storage/rocksdb/prepared_log.hpp"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <string>

namespace opsledger::rocks {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::uint64_t kPreparedBytesMin = 16u << 10, kPreparedBytesMax = 256u << 10;
constexpr std::uint64_t kSmallSyncBytesMax = 64u << 10;  // more: preparing would cost as much

/// One at a time appends and syncs, as RocksDB does with the log it writes.
class PreparedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;

  IOStatus Append(const Slice& bytes, const IOOptions& options, IODebugContext* debug) override {
    const auto status = target()->PositionedAppend(bytes, size_, options, debug);
    if (status.ok()) size_ += bytes.size();
    return status;
  }
  IOStatus Append(const Slice& bytes, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(bytes, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    auto status = prepare(options, debug);
    if (status.ok()) status = target()->Sync(options, debug);
    if (status.ok()) synced_ = size_;
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  bool IsSyncThreadSafe() const override { return false; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }

  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status;
    if (prepared_ > size_) status = target()->Truncate(size_, options, debug);
    if (status.ok() && prepared_ > size_) status = target()->Fsync(options, debug);
    const auto closed = target()->Close(options, debug);
    return status.ok() ? closed : status;
  }

 private:
  IOStatus prepare(const IOOptions& options, IODebugContext* debug) {
    if (size_ <= prepared_ || size_ - synced_ > kSmallSyncBytesMax) return IOStatus::OK();
    const std::string zeros(std::clamp(size_, kPreparedBytesMin, kPreparedBytesMax), '\0');
    const auto status = target()->PositionedAppend(zeros, size_, options, debug);
    if (status.ok()) prepared_ = size_ + zeros.size();
    return status;
  }

  std::uint64_t size_ = 0, synced_ = 0;
  std::uint64_t prepared_ = 0;  // up to here the file has blocks
};

class PreparingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  PreparingFileSystem(const std::shared_ptr<FileSystem>& base, std::filesystem::path directory)
      : FileSystemWrapper(base), directory_(std::move(directory)) {}
  const char* Name() const override { return "PreparingFileSystem"; }

  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* debug) override {
    const auto status = target()->NewWritableFile(name, options, file, debug);
    if (status.ok() && is_log(name)) *file = std::make_unique<PreparedLog>(std::move(*file));
    return status;
  }

 private:
  bool is_log(const std::filesystem::path& name) const {
    return name.extension() == ".log" && name.parent_path() == directory_;
  }
  const std::filesystem::path directory_;
};

class PreparingEnv final : public rocksdb::EnvWrapper {
 public:
  PreparingEnv(rocksdb::Env* base, const std::filesystem::path& directory) : EnvWrapper(base) {
    file_system_ = std::make_shared<PreparingFileSystem>(base->GetFileSystem(), directory);
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> with_prepared_logs(rocksdb::Env* base,
                                                 const std::filesystem::path& directory) {
  return std::make_unique<PreparingEnv>(base != nullptr ? base : rocksdb::Env::Default(),
                                        directory);
}

}  // namespace opsledger::rocks
