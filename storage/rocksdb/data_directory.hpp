// The data directory: what is in it, who may use it, which format it has.
//
//   FORMAT   one line, `opsledger-data 2`
//   LOCK     flock: exclusive while a server runs, shared while `verify` reads
//   ACK      last acknowledged position and root (ack_file.hpp)
//   ledger/  the RocksDB of the ledger
//   tables/  the RocksDB of the tables (rebuildable)
#pragma once

#include <cstdint>
#include <filesystem>

#include "storage/rocksdb/small_files.hpp"

namespace opsledger::rocks {

inline constexpr std::uint32_t kDataFormatVersion = 2;

/// An open data directory. Movable; holds the lock until destroyed.
class DataDirectory {
 public:
  enum class Use { kWrite, kRead };

  /// Locks `path` and checks its format. kWrite creates a directory that is absent or empty. The
  /// lock is the operating system's, whatever `files` is. It raises an older format.
  /// Errors: kNotFound (kRead and nothing there), kNotReady `storage.locked`, kUnsupported
  /// `storage.format_newer`, kCorrupt (no or a damaged FORMAT in a directory in use), kIo.
  static Result<DataDirectory> open(const std::filesystem::path& path, Use use,
                                    Files& files = *Files::Default());

  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&& other) noexcept;
  ~DataDirectory();

  const std::filesystem::path& path() const { return path_; }
  std::uint32_t format() const { return format_; }  ///< as it was found
  std::filesystem::path ledger() const { return path_ / "ledger"; }
  std::filesystem::path ack_file() const { return path_ / "ACK"; }

 private:
  DataDirectory(std::filesystem::path path, int lock_fd)
      : path_(std::move(path)), lock_fd_(lock_fd) {}
  std::filesystem::path path_;
  std::uint32_t format_ = kDataFormatVersion;
  int lock_fd_ = -1;
};

/// Marks `directory` as a data directory of this version.
Status write_format(Files& files, const std::filesystem::path& directory);

}  // namespace opsledger::rocks
