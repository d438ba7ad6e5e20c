#include "tests/crash/kill_points.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "storage/base/assert.hpp"
#include "storage/base/sync_point.hpp"

namespace opsledger::testing_support {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

std::string chosen;
std::atomic<std::int64_t> passes_left{0};

void pass(std::string_view point) {
  if (point != chosen || --passes_left != 0) return;
  const std::string line = "! " + chosen + "\n";
  const auto written = ::write(STDOUT_FILENO, line.data(), line.size());
  static_cast<void>(written);  // dying anyway
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

/// What a file is, by its name.
std::string kind_of(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  if (name.ends_with(".log")) return "wal";
  if (name.ends_with(".sst")) return "table";
  if (name.starts_with("MANIFEST")) return "manifest";
  if (name.starts_with("CURRENT") || name.ends_with(".dbtmp")) return "current";
  if (name.starts_with("ACK")) return "ack";
  return "other";
}

/// `disk.<kind>.<operation>.before` and `.after`.
template <class Operation>
auto around(const std::string& kind, const char* name, Operation operation) {
  const std::string point = "disk." + kind + "." + name;
  pass(point + ".before");
  auto result = operation();
  pass(point + ".after");
  return result;
}

class KillingFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  KillingFile(std::unique_ptr<FSWritableFile> file, std::string kind)
      : FSWritableFileOwnerWrapper(std::move(file)), kind_(std::move(kind)) {}
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    return around(kind_, "write",
                  [&] { return FSWritableFileOwnerWrapper::Append(data, options, debug); });
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& info, IODebugContext* debug) override {
    return around(kind_, "write",
                  [&] { return FSWritableFileOwnerWrapper::Append(data, options, info, debug); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return around(kind_, "sync", [&] { return FSWritableFileOwnerWrapper::Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return around(kind_, "sync", [&] { return FSWritableFileOwnerWrapper::Fsync(options, debug); });
  }

 private:
  const std::string kind_;
};

class KillingInPlaceFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  KillingInPlaceFile(std::unique_ptr<FSRandomRWFile> file, std::string kind)
      : FSRandomRWFileOwnerWrapper(std::move(file)), kind_(std::move(kind)) {}
  IOStatus Write(uint64_t offset, const rocksdb::Slice& data, const IOOptions& options,
                 IODebugContext* debug) override {
    return around(kind_, "write",
                  [&] { return FSRandomRWFileOwnerWrapper::Write(offset, data, options, debug); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return around(kind_, "sync", [&] { return FSRandomRWFileOwnerWrapper::Sync(options, debug); });
  }

 private:
  const std::string kind_;
};

class KillingDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  explicit KillingDirectory(std::unique_ptr<FSDirectory> directory)
      : FSDirectoryWrapper(directory.get()), owned_(std::move(directory)) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return around("directory", "sync", [&] { return FSDirectoryWrapper::Fsync(options, debug); });
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& what) override {
    return around("directory", "sync",
                  [&] { return FSDirectoryWrapper::FsyncWithDirOptions(options, debug, what); });
  }

 private:
  const std::unique_ptr<FSDirectory> owned_;
};

class KillingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  KillingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "KillingFileSystem"; }

  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* debug) override {
    const auto status = around(kind_of(name), "create", [&] {
      return FileSystemWrapper::NewWritableFile(name, options, file, debug);
    });
    if (status.ok()) *file = std::make_unique<KillingFile>(std::move(*file), kind_of(name));
    return status;
  }
  IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                           IODebugContext* debug) override {
    const auto status = FileSystemWrapper::NewRandomRWFile(name, options, file, debug);
    if (status.ok()) *file = std::make_unique<KillingInPlaceFile>(std::move(*file), kind_of(name));
    return status;
  }
  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* debug) override {
    const auto status = FileSystemWrapper::NewDirectory(name, options, directory, debug);
    if (status.ok()) *directory = std::make_unique<KillingDirectory>(std::move(*directory));
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return around(kind_of(to), "rename",
                  [&] { return FileSystemWrapper::RenameFile(from, to, options, debug); });
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions& options,
                      IODebugContext* debug) override {
    return around(kind_of(name), "unlink",
                  [&] { return FileSystemWrapper::DeleteFile(name, options, debug); });
  }
};

}  // namespace

std::vector<std::string> kill_points() {
  std::vector<std::string> points(kSyncPointNames.begin(), kSyncPointNames.end());
  for (const char* operation :
       {"wal.create",      "wal.write",      "wal.sync",      "wal.unlink",
        "table.create",    "table.write",    "table.sync",    "table.unlink",
        "manifest.create", "manifest.write", "manifest.sync", "manifest.unlink",
        "current.create",  "current.write",  "current.sync",  "current.rename",
        "ack.create",      "ack.write",      "ack.sync",      "ack.rename",
        "other.create",    "other.write",    "other.sync",    "other.rename",
        "directory.sync"}) {
    for (const char* when : {".before", ".after"}) {
      points.push_back("disk." + std::string(operation) + when);
    }
  }
  return points;
}

void kill_at(const std::string& point, std::uint64_t nth) {
  chosen = point;
  passes_left = static_cast<std::int64_t>(nth);
  sync_point_hook = [](SyncPoint at) { pass(kSyncPointNames[static_cast<std::size_t>(at)]); };
}

std::shared_ptr<rocksdb::FileSystem> make_killing_file_system() {
  return std::make_shared<KillingFileSystem>();
}

}  // namespace opsledger::testing_support
