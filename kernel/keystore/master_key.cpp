#include "kernel/keystore/master_key.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/base/types.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kTextBytes = 2 * MasterKey::kBytes;

Error io_error(const std::filesystem::path& file, const char* what) {
  return {Code::kIo, "keystore.io",
          std::string("could not ") + what + " the master key " + file.string() + ": " +
              std::strerror(errno) + "; check its owner and the disk"};
}

/// Closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status sync_directory_of(const std::filesystem::path& file) {
  const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return io_error(file, "sync");
  return {};
}

/// Under another name first: a key that was written in part must never be taken for one.
Status create_key(const std::filesystem::path& file) {
  std::array<unsigned char, MasterKey::kBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, kTextBytes + 1> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.back() = '\n';
  const auto temporary = file.string() + ".tmp";
  ::unlink(temporary.c_str());
  const Descriptor out(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  const bool written =
      out.get() >= 0 &&
      ::write(out.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(out.get()) == 0;
  sodium_memzero(bytes.data(), bytes.size());
  sodium_memzero(text.data(), text.size());
  if (!written) return io_error(file, "write");
  if (::rename(temporary.c_str(), file.c_str()) != 0) return io_error(file, "rename");
  return sync_directory_of(file);
}

Result<MasterKey> read_key(const std::filesystem::path& file, int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) return io_error(file, "look at");
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Code::kInvalid, "keystore.key_exposed",
                 "others than its owner may use the master key " + file.string() +
                     "; `chmod 600` it, and change passwords and tokens if anybody did"};
  }
  std::array<char, kTextBytes + 2> text{};  // a newline, and room to notice what is too long
  const auto size = ::read(fd, text.data(), text.size());
  if (size < 0) return io_error(file, "read");
  std::string_view digits(text.data(), static_cast<std::size_t>(size));
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  std::array<unsigned char, MasterKey::kBytes> bytes{};
  const bool good =
      digits.size() == kTextBytes && sodium_hex2bin(bytes.data(), bytes.size(), digits.data(),
                                                    digits.size(), nullptr, nullptr, nullptr) == 0;
  sodium_memzero(text.data(), text.size());
  if (!good) {
    return Error{
        Code::kInvalid, "keystore.key_malformed",
        "the master key " + file.string() +
            " is not 64 hexadecimal digits; put back the one this key store was made with"};
  }
  MasterKey key(bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

}  // namespace

MasterKey::MasterKey(const std::array<unsigned char, kBytes>& bytes) : bytes_(bytes) {}
MasterKey::MasterKey(MasterKey&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
}
MasterKey::~MasterKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

Result<MasterKey> load_master_key(const std::filesystem::path& file, bool create) {
  if (sodium_init() < 0) {
    return Error{Code::kInternal, "keystore.library", "libsodium does not start"};
  }
  for (const bool again : {false, true}) {
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (in.get() >= 0) return read_key(file, in.get());
    if (errno != ENOENT) return io_error(file, "open");
    if (again || !create) break;
    OPS_TRY(create_key(file));
  }
  return Error{Code::kNotFound, "keystore.key_missing",
               "there is no master key " + file.string() +
                   "; put back the one this key store was made with (without it, passwords, tokens "
                   "and personal data cannot be read), or correct keystore.master_key_file"};
}

}  // namespace opsledger
