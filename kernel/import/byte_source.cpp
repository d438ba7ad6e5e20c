#include "kernel/import/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <boost/iostreams/device/file_descriptor.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "kernel/import/limits.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace io = boost::iostreams;

namespace {

Error io_error(const std::string& what) {
  return {Code::kIo, "import.io", what + ": " + std::strerror(errno)};
}

Error damaged(const std::string& why) {
  return {Code::kMalformed, "import.compressed",
          "the compressed file is damaged or cut short (" + why + "); nothing of it was imported"};
}

/// The file itself, counting.
class PlainSource : public ByteSource {
 public:
  PlainSource(int file, std::uint64_t total) : file_(file), total_(total) {}
  ~PlainSource() override { ::close(file_); }
  Result<std::size_t> read(char* out, std::size_t size) override {
    for (;;) {
      const auto count = ::read(file_, out, size);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return io_error("reading failed");
      read_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
  }
  std::uint64_t bytes_read() const override { return read_; }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  int file_;
  std::uint64_t total_, read_ = 0;
};

/// libzstd itself: Boost's filter takes a file that is cut short for a whole one.
class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> file)
      : file_(std::move(file)), stream_(ZSTD_createDStream()), packed_(ZSTD_DStreamInSize()) {}
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  Result<std::size_t> read(char* out, std::size_t size) override {
    ZSTD_outBuffer room{out, size, 0};
    while (room.pos == 0) {
      if (in_.pos == in_.size) {
        OPS_TRY_ASSIGN(const auto count, file_->read(packed_.data(), packed_.size()));
        if (count == 0) {
          if (in_frame_) return damaged("the last zstd frame has no end");
          return std::size_t{0};
        }
        in_ = {packed_.data(), count, 0};
      }
      const auto left = ZSTD_decompressStream(stream_, &room, &in_);
      if (ZSTD_isError(left)) return damaged(ZSTD_getErrorName(left));
      in_frame_ = left != 0;
    }
    return room.pos;
  }
  std::uint64_t bytes_read() const override { return file_->bytes_read(); }
  std::uint64_t bytes_total() const override { return file_->bytes_total(); }

 private:
  std::unique_ptr<ByteSource> file_;
  ZSTD_DStream* stream_;
  std::vector<char> packed_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool in_frame_ = false;
};

/// Lets Boost.Iostreams read a ByteSource.
struct SourceDevice {
  using char_type = char;
  using category = io::source_tag;
  ByteSource* file;
  std::streamsize read(char* out, std::streamsize size) {
    const auto count = file->read(out, static_cast<std::size_t>(size));
    if (!count) throw std::ios_base::failure(count.error().message);
    return *count == 0 ? -1 : static_cast<std::streamsize>(*count);
  }
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> file) : file_(std::move(file)) {
    chain_.push(io::gzip_decompressor(io::zlib::default_window_bits, 64 << 10));
    chain_.push(SourceDevice{file_.get()}, 64 << 10);
  }
  Result<std::size_t> read(char* out, std::size_t size) override {
    try {
      const auto count = chain_.sgetn(out, static_cast<std::streamsize>(size));
      return static_cast<std::size_t>(count < 0 ? 0 : count);
    } catch (const std::exception& e) {
      return damaged(e.what());
    }
  }
  std::uint64_t bytes_read() const override { return file_->bytes_read(); }
  std::uint64_t bytes_total() const override { return file_->bytes_total(); }

 private:
  std::unique_ptr<ByteSource> file_;
  io::filtering_istreambuf chain_;
};

bool begins_with(int file, std::string_view magic) {
  char head[4] = {};
  const auto count = ::pread(file, head, sizeof head, 0);
  return count >= static_cast<ssize_t>(magic.size()) &&
         std::string_view(head, magic.size()) == magic;
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    auto error = io_error("cannot open " + path);
    if (errno == ENOENT) error.code = Code::kNotFound;
    return error;
  }
  struct stat about = {};
  ::fstat(file, &about);
  auto plain = std::make_unique<PlainSource>(file, static_cast<std::uint64_t>(about.st_size));
  if (!S_ISREG(about.st_mode)) {
    return Error{Code::kIo, "import.io", path + " is not a regular file; give `-` to read a pipe"};
  }
  std::unique_ptr<ByteSource> source;
  if (begins_with(file, "\x28\xB5\x2F\xFD")) {
    source = std::make_unique<ZstdSource>(std::move(plain));
  } else if (begins_with(file, "\x1F\x8B")) {
    source = std::make_unique<GzipSource>(std::move(plain));
  } else {
    source = std::move(plain);
  }
  return source;
}

Result<Hash> hash_content(ByteSource& source, const std::function<void()>& progress) {
  Sha256 digest;
  std::vector<char> buffer(import_limits::kReadBytes);
  for (;;) {
    OPS_TRY_ASSIGN(const auto count, source.read(buffer.data(), buffer.size()));
    if (count == 0) return digest.finish();
    digest.update({buffer.data(), count});
    if (progress) progress();
  }
}

Spool::Spool(int file) : file_(file), path_("/proc/self/fd/" + std::to_string(file)) {}
Spool::~Spool() {
  ::close(file_);
}

Result<std::unique_ptr<Spool>> Spool::make(int in) {
  std::error_code none;
  auto name = (std::filesystem::temp_directory_path(none) / "opsledger-import-XXXXXX").string();
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return io_error("cannot make a temporary file " + name);
  ::unlink(name.c_str());
  auto spool = std::make_unique<Spool>(file);
  std::vector<char> buffer(import_limits::kReadBytes);
  for (std::size_t total = 0;;) {
    const auto count = ::read(in, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error("reading standard input failed");
    if (count == 0) return spool;
    total += static_cast<std::size_t>(count);
    if (total > import_limits::kSpoolBytesMax) {
      return Error{Code::kTooLarge, "import.too_large", "standard input is longer than 64 GiB"};
    }
    for (ssize_t done = 0; done < count;) {
      const auto wrote =
          ::write(file, buffer.data() + done, static_cast<std::size_t>(count - done));
      if (wrote < 0 && errno != EINTR) return io_error("writing the temporary file failed");
      if (wrote > 0) done += wrote;
    }
  }
}

}  // namespace opsledger
