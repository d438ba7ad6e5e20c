#include "storage/rocksdb/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::string_view kFormatWord = "opsledger-data ";
constexpr std::size_t kFormatBytesMax = 256;

Error io_error(std::string_view what, const std::filesystem::path& path) {
  return {Code::kIo, "storage.io",
          "could not " + std::string(what) + " " + path.string() + ": " + std::strerror(errno) +
              "; check the disk, the mount and the owner of the directory"};
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

/// The version that `text` names.
Result<std::uint32_t> check_format(const std::filesystem::path& directory, BytesView text) {
  const std::string_view line = text.substr(0, text.find('\n'));
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
  return version;
}

/// A directory that somebody else fills is not taken over.
Status create_format(Files& files, const std::filesystem::path& directory) {
  std::vector<std::string> names;
  const auto listed = files.GetChildren(directory.string(), {}, &names, nullptr);
  if (!listed.ok()) return file_error("list", directory, listed);
  for (const std::string& name : names) {
    if (name == "LOCK" || name == "lost+found" || name.ends_with(".tmp")) continue;
    return corrupt("data directory " + directory.string(),
                   "it holds " + name + " but no FORMAT file");
  }
  return write_format(files, directory);
}

}  // namespace

Status write_format(Files& files, const std::filesystem::path& directory) {
  const std::string text = std::string(kFormatWord) + std::to_string(kDataFormatVersion) + "\n";
  return write_file_durably(files, directory / "FORMAT", text);
}

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& path, Use use,
                                          Files& files) {
  std::error_code failed;
  if (use == Use::kWrite) OPS_TRY(create_directories_durably(files, path));
  if (!std::filesystem::is_directory(path, failed)) {
    return Error{Code::kNotFound, "storage.no_directory",
                 "no data directory at " + path.string() + "; check --data"};
  }
  OPS_TRY_ASSIGN(const int fd, lock(path, use));
  DataDirectory directory(path, fd);
  OPS_TRY_ASSIGN(auto format, read_file(files, path / "FORMAT", kFormatBytesMax));
  if (!format && use == Use::kRead) {
    return corrupt("data directory " + path.string(), "it has no FORMAT file");
  }
  if (!format) {
    OPS_TRY(create_format(files, path));
    OPS_TRY_ASSIGN(format, read_file(files, path / "FORMAT", kFormatBytesMax));
  }
  OPS_TRY_ASSIGN(directory.format_, check_format(path, format.value_or(Bytes())));
  if (use == Use::kWrite && directory.format_ < kDataFormatVersion) {
    OPS_TRY(write_format(files, path));  // an older program must not misread what is written now
  }
  return directory;
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)),
      format_(other.format_),
      lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataDirectory& DataDirectory::operator=(DataDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(format_, other.format_);
  std::swap(lock_fd_, other.lock_fd_);
  return *this;
}

DataDirectory::~DataDirectory() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace opsledger::rocks
