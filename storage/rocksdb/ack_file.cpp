#include "storage/rocksdb/ack_file.hpp"

#include <algorithm>
#include <array>

namespace opsledger::rocks {

namespace {

constexpr std::size_t kSlotBytes = 512;  // one sector: a slot is written whole or not at all
constexpr auto kSyncInterval = std::chrono::seconds(1);

/// A slot is the length of its record, the record, zeros.
std::string encode_slot(const Acknowledged& acknowledged) {
  const Bytes record = encode_acknowledged(acknowledged);
  std::string slot(1, static_cast<char>(record.size()));
  slot += record;
  slot.resize(kSlotBytes, '\0');
  return slot;
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
  return slot == encode_slot(*acknowledged);
}

using Slots = std::array<char, 2 * kSlotBytes>;

BytesView slot_of(const Slots& slots, int slot) {
  return {slots.data() + static_cast<std::size_t>(slot) * kSlotBytes, kSlotBytes};
}

Slots slots_in(BytesView bytes) {
  Slots slots{};
  std::copy(bytes.begin(), bytes.end(), slots.begin());
  return slots;
}

/// Both slots, zero where the file is shorter or absent.
Result<Slots> read_slots(const std::filesystem::path& path, Files& files) {
  OPS_TRY_ASSIGN(const auto bytes, read_file(files, path, 2 * kSlotBytes));
  return slots_in(bytes.value_or(Bytes()));
}

/// The slot with the newer valid entry; 1 when there is none.
int newest(const Slots& slots) {
  const auto first = decode_slot(slot_of(slots, 0)), second = decode_slot(slot_of(slots, 1));
  return !first || (second && second->position > first->position) ? 1 : 0;
}

}  // namespace

Status AckFile::check(const std::filesystem::path& path) {
  OPS_TRY_ASSIGN(const auto bytes, read_file(*Files::Default(), path, 2 * kSlotBytes + 1));
  if (bytes && bytes->size() != 2 * kSlotBytes) {
    return Error{Code::kCorrupt, "ledger.ack_damaged",
                 "the file of acknowledged positions (ACK) does not have its " +
                     std::to_string(2 * kSlotBytes) +
                     " bytes: somebody cut or extended it; the next start makes it anew"};
  }
  const Slots slots = slots_in(bytes.value_or(Bytes()));
  for (const int slot : {0, 1}) {
    if (is_whole(slot_of(slots, slot))) continue;
    return Error{Code::kCorrupt, "ledger.ack_damaged",
                 "slot " + std::to_string(slot) +
                     " of the file of acknowledged positions (ACK) is damaged; after a power cut "
                     "the next start mends it, else somebody changed it"};
  }
  return {};
}

Result<AckFile> AckFile::open(const std::filesystem::path& path, Files& files) {
  const auto exists = files.FileExists(path.string(), {}, nullptr);
  if (exists.IsNotFound()) {
    OPS_TRY(write_file_durably(files, path, std::string(2 * kSlotBytes, '\0')));
  }
  OPS_TRY_ASSIGN(const auto slots, read_slots(path, files));
  File file;
  const auto opened = files.NewRandomRWFile(path.string(), {}, &file, nullptr);
  if (!opened.ok()) return file_error("open", path, opened);
  return AckFile(std::move(file), path, 1 - newest(slots));
}

Result<std::optional<Acknowledged>> AckFile::read(const std::filesystem::path& path, Files& files) {
  OPS_TRY_ASSIGN(const auto slots, read_slots(path, files));
  return decode_slot(slot_of(slots, newest(slots)));
}

Status AckFile::write(const Acknowledged& acknowledged) {
  const auto offset = static_cast<std::uint64_t>(slot_) * kSlotBytes;
  const auto written = file_->Write(offset, encode_slot(acknowledged), {}, nullptr);
  if (!written.ok()) return file_error("write", path_, written);
  clean_ = false;
  const auto now = std::chrono::steady_clock::now();
  if (now - synced_ < kSyncInterval) return {};
  synced_ = now;
  return sync();
}

Status AckFile::sync() {
  if (clean_) return {};
  const auto synced = file_->Sync({}, nullptr);
  if (!synced.ok()) return file_error("sync", path_, synced);
  slot_ = 1 - slot_;
  clean_ = true;
  return {};
}

Status AckFile::begin_with(const Acknowledged& acknowledged) {
  for (int slot = 0; slot < 2; ++slot) {
    OPS_TRY(write(acknowledged));
    OPS_TRY(sync());
  }
  return {};
}

}  // namespace opsledger::rocks
