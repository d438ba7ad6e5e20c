// A disk in memory, as RocksDB and our own files see it: it knows what was synced, can lose its
// power, tear what was not synced, and fail any operation on demand.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace opsledger::testing_support {

enum class DiskOperation {
  kOpen,    ///< of an existing file or a directory
  kCreate,  ///< of a file, for writing
  kRead,
  kWrite,
  kSync,
  kSyncDirectory,
  kRename,
  kLink,
  kUnlink,
  kMakeDirectory,
  kLook  ///< existence, size, listing
};
inline constexpr std::array<const char*, 11> kDiskOperationNames = {
    "open",   "create", "read",   "write",          "sync", "sync_directory",
    "rename", "link",   "unlink", "make_directory", "look"};

/// What goes wrong. A short write keeps half of the bytes and then reports a full disk.
enum class DiskError { kIo, kNoSpace, kTooManyOpenFiles, kShortWrite };
inline constexpr std::array<const char*, 4> kDiskErrorNames = {"EIO", "ENOSPC", "EMFILE", "short"};

struct DiskFault {
  DiskOperation operation{};
  std::uint64_t nth = 1;  ///< of that operation, counted from `arm`
  DiskError error{};
  bool stays = false;  ///< every later one fails, too
};

/// What a power cut leaves of bytes that were written and not synced.
enum class PowerLoss {
  kUnsynced,  ///< nothing
  /// Some of it: a prefix, or (not of RocksDB's manifests, which RocksDB itself cannot read then)
  /// old, new, zero and foreign sectors side by side.
  kTorn
};

struct DiskFile {
  /// What a write in place replaced of the durable bytes.
  struct Replaced {
    std::size_t offset;
    std::string bytes;
  };

  std::string data;
  std::size_t synced = 0;          ///< this prefix is durable, but for what was replaced
  std::vector<Replaced> replaced;  ///< since the last sync, in order
  bool broken = false;             ///< a sync failed: nothing more becomes durable

  std::string durable() const;
};

/// Thread safe. File handles may outlive a power cut, but must be closed before `restore_power`.
/// Directories exist in the real file system as well: locks are taken there.
///
/// Entries of a directory are durable only after a sync of the directory: of the names that were
/// made, moved or removed since then a power cut keeps none, all, or the first few, as the seed
/// decides. In order, because RocksDB relies on it: CURRENT and the manifest that it names are made
/// durable by one sync of their directory.
/// A failed sync is final: what it should have kept is never durable, even if a later one succeeds
/// (as the kernel drops the dirty mark).
class SimulatedDisk final : public rocksdb::FileSystem {
 public:
  explicit SimulatedDisk(std::uint64_t seed) : random_(seed) {}
  const char* Name() const override { return "SimulatedDisk"; }

  void arm(const DiskFault& fault);
  void disarm();
  bool fired() const;
  /// Operations of each kind since the disk was made or armed.
  std::array<std::uint64_t, kDiskOperationNames.size()> counts() const;

  /// From the `nth` change from now on nothing works any more.
  void cut_power_after(std::uint64_t changes);
  void cut_power();
  bool dark() const;
  /// Everybody has let go of their files: the disk is what the loss left of it, and works again.
  void restore_power(PowerLoss loss);
  /// Copies everything below `from` to the real directory `to`.
  void export_to(const std::string& from, const std::filesystem::path& to) const;

  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  using Status = rocksdb::IOStatus;
  Status NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSSequentialFile>* file, Debug*) override;
  Status NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSRandomAccessFile>* file, Debug*) override;
  Status NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* file, Debug*) override;
  Status ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                            std::unique_ptr<rocksdb::FSWritableFile>* file, Debug*) override;
  Status NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSRandomRWFile>* file, Debug*) override;
  Status NewDirectory(const std::string& name, const Options& options,
                      std::unique_ptr<rocksdb::FSDirectory>* directory, Debug*) override;
  Status FileExists(const std::string& name, const Options&, Debug*) override;
  Status GetChildren(const std::string& name, const Options&, std::vector<std::string>* names,
                     Debug*) override;
  Status DeleteFile(const std::string& name, const Options&, Debug*) override;
  Status Truncate(const std::string& name, size_t size, const Options&, Debug*) override;
  Status CreateDir(const std::string& name, const Options&, Debug*) override;
  Status CreateDirIfMissing(const std::string& name, const Options&, Debug*) override;
  Status DeleteDir(const std::string& name, const Options&, Debug*) override;
  Status GetFileSize(const std::string& name, const Options&, uint64_t* size, Debug*) override;
  Status GetFileModificationTime(const std::string&, const Options&, uint64_t* time,
                                 Debug*) override;
  Status RenameFile(const std::string& from, const std::string& to, const Options&,
                    Debug*) override;
  Status LinkFile(const std::string& from, const std::string& to, const Options&, Debug*) override;
  Status AreFilesSame(const std::string& a, const std::string& b, const Options&, bool* same,
                      Debug*) override;
  Status LockFile(const std::string& name, const Options&, rocksdb::FileLock** lock,
                  Debug*) override;
  Status UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) override;
  Status GetTestDirectory(const Options&, std::string* path, Debug*) override;
  Status NewLogger(const std::string&, const Options&, std::shared_ptr<rocksdb::Logger>* logger,
                   Debug*) override;
  Status GetAbsolutePath(const std::string& name, const Options&, std::string* path,
                         Debug*) override;
  Status IsDirectory(const std::string& name, const Options&, bool* is, Debug*) override;

  // For the handles of open files.
  Status read(const DiskFile& file, std::uint64_t offset, std::size_t bytes, rocksdb::Slice* result,
              char* scratch);
  Status append(DiskFile& file, const rocksdb::Slice& bytes);
  Status write_at(DiskFile& file, std::uint64_t offset, const rocksdb::Slice& bytes);
  Status resize(DiskFile& file, std::uint64_t size);
  Status sync(DiskFile& file);
  Status sync_directory(const std::string& directory);
  std::uint64_t size_of(const DiskFile& file) const;

 private:
  using FilePtr = std::shared_ptr<DiskFile>;
  struct Names {
    std::map<std::string, FilePtr> files;  // by whole path
    std::set<std::string> directories;
  };

  struct Change {
    std::string path;
    FilePtr file;  // null = removed
    bool is_directory = false, there = false;
  };
  static void apply(const Change& change, Names* names);

  /// Whether `operation` fails now. Needs the mutex, like everything below.
  Status gate(DiskOperation operation);
  Status find(DiskOperation operation, const std::string& name, FilePtr* file);
  bool is_new(const std::string& name) const;
  std::size_t taken(const Status& status, std::size_t bytes) const;
  void change(const std::string& name, FilePtr file);
  void change_directory(const std::string& name, bool there);
  void lose_names();
  void lose_bytes(const std::string& name, DiskFile& file, PowerLoss loss);
  std::string torn(const std::string& durable, const std::string& written, bool sectors);

  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  Names now_, durable_;
  std::vector<Change> pending_;  // of now_, not yet durable, in order
  std::set<std::string> locks_;
  std::array<std::uint64_t, kDiskOperationNames.size()> counts_{};
  std::optional<DiskFault> fault_;
  bool fired_ = false;
  std::optional<std::uint64_t> changes_left_;
  bool dark_ = false;
};

/// An Env of that disk in which nobody sleeps for long: RocksDB waits a second after each failure
/// in the background.
std::unique_ptr<rocksdb::Env> env_of(const std::shared_ptr<SimulatedDisk>& disk);

}  // namespace opsledger::testing_support
