#include "kernel/exchange/spool_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace opsledger {

namespace {

Error io_error(const char* what) {
  return {Code::kIo, "exchange.io",
          std::string(what) + " a temporary file failed: " + std::strerror(errno) +
              "; free space in the temporary folder"};
}

}  // namespace

SpoolFile::SpoolFile(int file) : file_(file), path_("/proc/self/fd/" + std::to_string(file)) {}
SpoolFile::~SpoolFile() {
  ::close(file_);
}

Result<std::shared_ptr<SpoolFile>> SpoolFile::make() {
  std::error_code none;
  auto name = (std::filesystem::temp_directory_path(none) / "opsledger-spool-XXXXXX").string();
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return io_error("making");
  ::unlink(name.c_str());
  return std::shared_ptr<SpoolFile>(new SpoolFile(file));
}

Status SpoolFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto wrote = ::write(file_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return io_error("writing");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

Result<std::uint64_t> SpoolFile::size() const {
  struct stat about = {};
  if (::fstat(file_, &about) != 0) return io_error("looking at");
  return static_cast<std::uint64_t>(about.st_size);
}

Result<std::size_t> SpoolFile::read_at(std::uint64_t offset, char* out, std::size_t size) const {
  for (;;) {
    const auto count = ::pread(file_, out, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error("reading");
    return static_cast<std::size_t>(count);
  }
}

}  // namespace opsledger
