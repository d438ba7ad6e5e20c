#include "tests/corruption/mutation.hpp"

#include <algorithm>
#include <fstream>
#include <random>

namespace opsledger::testing_support {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSmallFileBytes = 1'100, kCutStep = 101, kFooterBytes = 64;
constexpr std::uint64_t kFrameBlockBytes = 32u << 10, kFrameHeaderBytes = 7;

std::string read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_log(const std::string& file) {
  return file.ends_with(".log") || file.find("MANIFEST-") != std::string::npos;
}

/// A bit of `byte` flipped, mostly; sometimes 0x00 or 0xFF.
unsigned char other_value(unsigned char byte, std::uint64_t random) {
  const unsigned char extreme = (random >> 8) % 2 == 0 ? 0x00 : 0xFF;
  if ((random >> 16) % 4 == 0 && byte != extreme) return extreme;
  return static_cast<unsigned char>(byte ^ (1u << random % 8));
}

/// Where frames begin, as their lengths say, and where the last ends.
std::vector<std::uint64_t> frame_borders(const std::string& log) {
  std::vector<std::uint64_t> borders;
  for (std::uint64_t at = 0; at + kFrameHeaderBytes <= log.size();) {
    if (log.find_first_not_of('\0', at) == std::string::npos) return borders;  // room
    borders.push_back(at);
    const std::uint64_t rest = kFrameBlockBytes - at % kFrameBlockBytes;
    const auto byte = [&](std::uint64_t i) { return static_cast<unsigned char>(log[at + i]); };
    at += rest < kFrameHeaderBytes ? rest : kFrameHeaderBytes + byte(4) + 256u * byte(5);
  }
  return borders;
}

std::vector<std::uint64_t> lengths_to_cut_to(const std::string& file, const std::string& bytes) {
  std::vector<std::uint64_t> lengths;
  if (bytes.size() <= kSmallFileBytes) {
    for (std::uint64_t length = 0; length < bytes.size(); ++length) lengths.push_back(length);
  } else if (is_log(file)) {
    for (const std::uint64_t border : frame_borders(bytes)) {
      for (const std::uint64_t beside : {border - 1, border, border + 1}) lengths.push_back(beside);
    }
  } else {
    for (std::uint64_t length = 0; length < bytes.size(); length += kCutStep) {
      lengths.push_back(length);
    }
    for (std::uint64_t cut = 1; cut <= kFooterBytes; ++cut) lengths.push_back(bytes.size() - cut);
  }
  std::erase_if(lengths, [&](std::uint64_t length) { return length >= bytes.size(); });
  return lengths;
}

/// All others a start replaces or removes; a link is enough of a copy.
bool is_written_in_place(const std::string& file) {
  return file == "ACK" || file.ends_with("LOCK");
}

}  // namespace

std::string Mutation::name() const {
  const std::string place = " " + file + " " + std::to_string(at);
  if (kind == Kind::kRemove) return "remove " + file;
  if (kind == Kind::kTruncate) return "cut" + place;
  return "flip" + place + " to " + std::to_string(byte);
}

std::vector<std::string> files_in(const fs::path& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (!entry.is_regular_file() || name == "LOG" || name.starts_with("LOG.old")) continue;
    files.push_back(fs::relative(entry.path(), directory));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<Mutation> all_flips(const fs::path& directory, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Mutation> flips;
  for (const std::string& file : files_in(directory)) {
    const std::string bytes = read_all(directory / file);
    for (std::uint64_t at = 0; at < bytes.size(); ++at) {
      const auto byte = static_cast<unsigned char>(bytes[at]);
      flips.push_back({Mutation::Kind::kFlip, file, at, other_value(byte, random())});
    }
  }
  return flips;
}

std::vector<Mutation> all_cuts(const fs::path& directory) {
  std::vector<Mutation> cuts;
  for (const std::string& file : files_in(directory)) {
    cuts.push_back({Mutation::Kind::kRemove, file});
    for (const std::uint64_t length : lengths_to_cut_to(file, read_all(directory / file))) {
      cuts.push_back({Mutation::Kind::kTruncate, file, length});
    }
  }
  return cuts;
}

void copy_mutated(const fs::path& from, const fs::path& to, const Mutation& mutation) {
  fs::remove_all(to);
  for (const std::string& file : files_in(from)) {
    fs::create_directories((to / file).parent_path());
    if (file != mutation.file && !is_written_in_place(file)) {
      fs::create_hard_link(from / file, to / file);
    } else if (file != mutation.file || mutation.kind != Mutation::Kind::kRemove) {
      fs::copy_file(from / file, to / file);
    }
  }
  if (mutation.kind == Mutation::Kind::kTruncate) fs::resize_file(to / mutation.file, mutation.at);
  if (mutation.kind != Mutation::Kind::kFlip) return;
  std::fstream stream(to / mutation.file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(mutation.at));
  stream.put(static_cast<char>(mutation.byte));
}

std::string class_of(const std::string& file) {
  const std::string name = fs::path(file).filename();
  const bool tables = file.starts_with("tables/");
  const bool database = tables || file.starts_with("ledger/");
  std::string kind = name;
  if (name.ends_with(".sst")) kind = "sst";
  if (name.ends_with(".log")) kind = "wal";
  if (const auto dash = name.find('-'); dash != std::string::npos) kind = name.substr(0, dash);
  return !database ? kind : (tables ? "tables/" : "ledger/") + kind;
}

}  // namespace opsledger::testing_support
