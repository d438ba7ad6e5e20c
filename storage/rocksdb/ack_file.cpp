#include "storage/rocksdb/ack_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace opsledger::rocks {

namespace {

constexpr std::size_t kSlotBytes = 512;  // one sector: a slot is written whole or not at all
constexpr auto kSyncInterval = std::chrono::seconds(1);

/// A slot is the length of its record, then the record.
std::string encode_slot(const Acknowledged& acknowledged) {
  const Bytes record = encode_acknowledged(acknowledged);
  std::string slot(1, static_cast<char>(record.size()));
  return slot += record;
}

std::optional<Acknowledged> decode_slot(BytesView slot) {
  const auto bytes = static_cast<unsigned char>(slot[0]);
  return decode_acknowledged(slot.substr(1, bytes));
}

/// Nothing (all zero), or a record followed by zeros.
bool is_whole(BytesView slot) {
  const bool empty = slot.find_first_not_of('\0') == BytesView::npos;
  if (empty) return true;
  const auto acknowledged = decode_slot(slot);
  if (!acknowledged) return false;
  const auto written = encode_slot(*acknowledged);
  return slot.starts_with(written) &&
         slot.find_first_not_of('\0', written.size()) == BytesView::npos;
}

Error io_error(std::string_view what) {
  return {Code::kIo, "storage.io",
          "could not " + std::string(what) + " the file of acknowledged positions (ACK): " +
              std::strerror(errno) + "; check the disk"};
}

using Slots = std::array<char, 2 * kSlotBytes>;

/// Both slots, zero where the file is shorter or absent.
Result<Slots> read_slots(const std::filesystem::path& path) {
  Slots slots{};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return slots;
  if (fd < 0) return io_error("open");
  const ssize_t got = ::pread(fd, slots.data(), slots.size(), 0);
  ::close(fd);
  if (got < 0) return io_error("read");
  return slots;
}

}  // namespace

Status AckFile::check(const std::filesystem::path& path) {
  OPS_TRY_ASSIGN(const auto slots, read_slots(path));
  for (const std::size_t at : {std::size_t{0}, kSlotBytes}) {
    if (is_whole({slots.data() + at, kSlotBytes})) continue;
    return Error{Code::kCorrupt, "ledger.ack_damaged",
                 "slot " + std::to_string(at / kSlotBytes) +
                     " of the file of acknowledged positions (ACK) is damaged; right after a "
                     "power cut the next two commits mend it, else somebody changed it"};
  }
  return {};
}

Result<AckFile> AckFile::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return io_error("open");
  return AckFile(fd);
}

Result<std::optional<Acknowledged>> AckFile::read(const std::filesystem::path& path) {
  OPS_TRY_ASSIGN(const auto slots, read_slots(path));
  const auto first = decode_slot({slots.data(), kSlotBytes});
  const auto second = decode_slot({slots.data() + kSlotBytes, kSlotBytes});
  if (!first || (second && second->position > first->position)) return second;
  return first;
}

AckFile::AckFile(AckFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), writes_(other.writes_), synced_(other.synced_) {}

AckFile& AckFile::operator=(AckFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  writes_ = other.writes_;
  synced_ = other.synced_;
  return *this;
}

AckFile::~AckFile() {
  if (fd_ >= 0) ::close(fd_);
}

Status AckFile::write(const Acknowledged& acknowledged) {
  const std::string record = encode_slot(acknowledged);
  const off_t offset = static_cast<off_t>(writes_++ % 2 * kSlotBytes);
  if (::pwrite(fd_, record.data(), record.size(), offset) != static_cast<ssize_t>(record.size())) {
    return io_error("write");
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - synced_ < kSyncInterval) return {};
  synced_ = now;
  return sync();
}

Status AckFile::sync() {
  if (::fdatasync(fd_) != 0) return io_error("sync");
  return {};
}

}  // namespace opsledger::rocks
