#include "storage/rocksdb/log_frames.hpp"

#include <rocksdb/file_checksum.h>

#include <algorithm>
#include <vector>

#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/small_files.hpp"

namespace opsledger::rocks {

namespace {

// A frame: masked CRC-32C of what follows the length, u32; length, u16; type, u8; that many bytes.
// None crosses a block; what is left of a block and too short for a header is zero.
constexpr std::size_t kBlockBytes = 32u << 10, kHeaderBytes = 7, kTypeAt = 6;
enum Type : unsigned char { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

std::uint32_t crc32c(BytesView bytes) {
  const auto generator =
      rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(bytes.data(), bytes.size());
  generator->Finalize();
  std::uint32_t value = 0;
  for (const char byte : generator->GetChecksum()) {  // big-endian
    value = value << 8 | static_cast<unsigned char>(byte);
  }
  return value;
}

std::uint32_t unmask(std::uint32_t masked) {
  const std::uint32_t rotated = masked - 0xa282ead8u;
  return rotated >> 17 | rotated << 15;
}

std::size_t rest_of_block(std::size_t at) {
  return kBlockBytes - at % kBlockBytes;
}

/// Type and length of the whole frame at `at`; nothing when none is there.
struct Frame {
  Type type;
  std::size_t bytes;
};
std::optional<Frame> frame_at(BytesView log, std::size_t at) {
  const std::size_t room = std::min(rest_of_block(at), log.size() - at);
  if (room < kHeaderBytes) return std::nullopt;
  const char* header = log.data() + at;
  const auto byte = [header](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(header[i]);
  };
  const std::uint32_t masked = byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
  const std::size_t length = byte(4) | byte(5) << 8;
  const std::uint32_t type = byte(kTypeAt);
  if (type < kFull || type > kLast || kHeaderBytes + length > room) return std::nullopt;
  if (crc32c({header + kTypeAt, length + 1}) != unmask(masked)) return std::nullopt;
  return Frame{static_cast<Type>(type), kHeaderBytes + length};
}

bool begins_record(const std::optional<Frame>& frame) {
  return frame && (frame->type == kFull || frame->type == kFirst);
}

/// Whether a record begins behind the damage: anywhere in the same block (its length may be what
/// is wrong), or in a later block from its start on.
bool record_follows(BytesView log, std::size_t damage) {
  const std::size_t block_end = std::min(damage + rest_of_block(damage), log.size());
  for (std::size_t at = damage + 1; at < block_end; ++at) {
    if (begins_record(frame_at(log, at))) return true;
  }
  for (std::size_t block = block_end; block < log.size(); block += kBlockBytes) {
    std::size_t at = block;
    for (auto frame = frame_at(log, at); frame; frame = frame_at(log, at)) {
      if (begins_record(frame)) return true;
      at += frame->bytes;
      if (at % kBlockBytes == 0) break;
    }
  }
  return false;
}

bool is_zero(BytesView bytes) {
  return bytes.find_first_not_of('\0') == BytesView::npos;
}

bool is_log_file(std::string_view name) {
  return name.ends_with(".log") || name.starts_with("MANIFEST-");
}

/// A manifest that CURRENT does not name (yet, or any more). RocksDB never reads it, and a power
/// cut while it was written may have left anything.
bool is_idle_manifest(rocksdb::Env& env, const std::filesystem::path& directory,
                      std::string_view name) {
  std::string current;
  if (!name.starts_with("MANIFEST-")) return false;
  const auto read = rocksdb::ReadFileToString(&env, (directory / "CURRENT").string(), &current);
  return read.ok() && current != std::string(name) + "\n";
}

}  // namespace

std::optional<FrameDamage> find_frame_damage(BytesView log) {
  const auto damage = [log](std::size_t at) { return FrameDamage{at, !record_follows(log, at)}; };
  bool within = false;  // a record that has begun
  std::size_t begin = 0;
  for (std::size_t at = 0; at < log.size();) {
    if (const std::size_t room = rest_of_block(at); room < kHeaderBytes) {
      if (!is_zero(log.substr(at, room))) return damage(at);
      at += room;
      continue;
    }
    const auto frame = frame_at(log, at);
    if (!frame && !within && is_zero(log.substr(at))) return std::nullopt;  // prepared_log.hpp
    if (!frame || begins_record(frame) == within) return damage(at);
    if (!within) begin = at;
    within = frame->type == kFirst || frame->type == kMiddle;
    at += frame->bytes;
  }
  return within ? std::optional(FrameDamage{begin, true}) : std::nullopt;
}

Status check_log_files(rocksdb::Env& env, const std::filesystem::path& directory,
                       std::string* torn) {
  std::vector<std::string> names;
  OPS_TRY(to_status(env.GetChildren(directory.string(), &names), "list " + directory.string()));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (!is_log_file(name)) continue;
    const std::string path = (directory / name).string();
    Bytes log;
    OPS_TRY(to_status(rocksdb::ReadFileToString(&env, path, &log), "read " + path));
    const auto damage = find_frame_damage(log);
    if (!damage) continue;
    const std::string place = path + " at byte " + std::to_string(damage->offset);
    if (!damage->at_end && !is_idle_manifest(env, directory, name)) {
      return corrupt(place, "its records do not follow each other");
    }
    *torn = place;
  }
  return {};
}

Status drop_torn_write(rocksdb::Env& env, const std::filesystem::path& directory) {
  std::vector<std::string> names;
  OPS_TRY(to_status(env.GetChildren(directory.string(), &names), "list " + directory.string()));
  std::erase_if(names, [](std::string_view name) { return !name.ends_with(".log"); });
  if (names.empty()) return {};
  const std::string path = (directory / *std::max_element(names.begin(), names.end())).string();
  Bytes log;
  OPS_TRY(to_status(rocksdb::ReadFileToString(&env, path, &log), "read " + path));
  const auto damage = find_frame_damage(log);
  if (!damage || !damage->at_end) return {};
  const auto& files = env.GetFileSystem();
  OPS_TRY(write_file_durably(*files, path + ".torn", BytesView(log).substr(damage->offset)));
  return write_file_durably(*files, path, BytesView(log).substr(0, damage->offset));
}

}  // namespace opsledger::rocks
