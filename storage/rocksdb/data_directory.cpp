#include "storage/rocksdb/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::string_view kFormatWord = "opsledger-data ";

Error io_error(std::string_view what, const std::filesystem::path& path) {
  return {Code::kIo, "storage.io",
          "could not " + std::string(what) + " " + path.string() + ": " + std::strerror(errno) +
              "; check the disk, the mount and the owner of the directory"};
}

Status sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return io_error("open", directory);
  const int failed = ::fsync(fd);
  ::close(fd);
  if (failed != 0) return io_error("sync", directory);
  return {};
}

/// A reader takes a shared lock, and makes the file where it is missing (a restored backup). On a
/// read-only medium without the file nobody can write either: no lock then.
Result<int> lock(const std::filesystem::path& directory, DataDirectory::Use use) {
  const bool write = use == DataDirectory::Use::kWrite;
  const auto path = directory / "LOCK";
  int fd = write ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && (write || errno == ENOENT)) {
    fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  }
  if (fd < 0 && !write && errno == EROFS) return -1;
  if (fd < 0) return io_error("open", path);
  if (::flock(fd, (write ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return fd;
  ::close(fd);
  return Error{Code::kNotReady, "storage.locked",
               "data directory " + directory.string() +
                   " is in use by another process; stop that server, or name another --data"};
}

Status check_format(const std::filesystem::path& directory) {
  std::ifstream file(directory / "FORMAT");
  std::string line;
  std::getline(file, line);
  std::uint32_t version = 0;
  const bool known = line.starts_with(kFormatWord);
  const char* begin = line.data() + (known ? kFormatWord.size() : 0);
  const auto parsed = std::from_chars(begin, line.data() + line.size(), version);
  if (!known || parsed.ec != std::errc() || parsed.ptr != line.data() + line.size() ||
      version == 0) {
    return corrupt("FORMAT in " + directory.string(), "it does not name a format version");
  }
  if (version > kDataFormatVersion) {
    return Error{Code::kUnsupported, "storage.format_newer",
                 "data directory " + directory.string() + " has format " + std::to_string(version) +
                     ", this program knows up to " + std::to_string(kDataFormatVersion) +
                     "; run a newer opsledger"};
  }
  return {};
}

/// A directory that somebody else fills is not taken over.
Status create_format(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const auto name = entry.path().filename();
    if (name == "LOCK" || name == "lost+found" || name.string().ends_with(".tmp")) continue;
    return corrupt("data directory " + directory.string(),
                   "it holds " + name.string() + " but no FORMAT file");
  }
  return write_format(directory);
}

}  // namespace

Status write_file_durably(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path temporary = path.string() + ".tmp";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return io_error("create", temporary);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  ::close(fd);
  if (!written) return io_error("write", temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return io_error("rename", path);
  return sync_directory(path.parent_path());
}

Status write_format(const std::filesystem::path& directory) {
  const std::string text = std::string(kFormatWord) + std::to_string(kDataFormatVersion) + "\n";
  return write_file_durably(directory / "FORMAT", text);
}

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& path, Use use) {
  std::error_code failed;
  if (use == Use::kWrite) std::filesystem::create_directories(path, failed);
  if (!std::filesystem::is_directory(path, failed)) {
    return Error{Code::kNotFound, "storage.no_directory",
                 "no data directory at " + path.string() + "; check --data"};
  }
  OPS_TRY_ASSIGN(const int fd, lock(path, use));
  DataDirectory directory(path, fd);
  if (!std::filesystem::exists(path / "FORMAT", failed)) {
    if (use == Use::kRead) {
      return corrupt("data directory " + path.string(), "it has no FORMAT file");
    }
    OPS_TRY(create_format(path));
  }
  OPS_TRY(check_format(path));
  return directory;
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataDirectory& DataDirectory::operator=(DataDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_fd_, other.lock_fd_);
  return *this;
}

DataDirectory::~DataDirectory() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace opsledger::rocks
