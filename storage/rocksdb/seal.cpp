#include "storage/rocksdb/seal.hpp"

#include <map>
#include <optional>
#include <vector>

#include "storage/core/sha256.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/small_files.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::string_view kName = "SEAL";
constexpr std::string_view kHeader = "opsledger-seal 1\n", kEnd = "end ";
constexpr std::size_t kReadBytes = 64u << 10;

/// What a seal says of a file: its length and the digest of its content, or `-`.
using Entries = std::map<std::string, std::string>;

bool is_table_file(std::string_view name) {
  return name.ends_with(".sst");
}
/// RocksDB's information log, and what a crash left half-written.
bool is_left_out(std::string_view name) {
  return name.starts_with("LOG") || name == kName || name.ends_with("tmp") || name.starts_with('.');
}
bool is_needed(std::string_view name) {
  return !name.starts_with("OPTIONS-") && name != "IDENTITY" && name != "LOCK";
}

Result<std::string> digest_of(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::SequentialFile> file;
  OPS_TRY(to_status(env.NewSequentialFile(path, &file, {}), "read " + path));
  Sha256 hash;
  std::vector<char> buffer(kReadBytes);
  for (rocksdb::Slice got("x"); !got.empty();) {
    OPS_TRY(to_status(file->Read(buffer.size(), &got, buffer.data()), "read " + path));
    hash.update({got.data(), got.size()});
  }
  return hex(hash.finish().bytes);
}

Result<Entries> list_files(rocksdb::Env& env, const std::filesystem::path& directory,
                           SealScope scope) {
  std::vector<std::string> names;
  OPS_TRY(to_status(env.GetChildren(directory.string(), &names), "list " + directory.string()));
  Entries entries;
  for (const std::string& name : names) {
    const std::string path = (directory / name).string();
    bool is_directory = false;
    if (is_left_out(name) || (scope == SealScope::kNeeded && !is_needed(name))) continue;
    OPS_TRY(to_status(env.IsDirectory(path, &is_directory), "examine " + path));
    if (is_directory) continue;
    std::uint64_t bytes = 0;
    OPS_TRY(to_status(env.GetFileSize(path, &bytes), "examine " + path));
    std::string digest = "-";
    if (!is_table_file(name)) {
      OPS_TRY_ASSIGN(digest, digest_of(env, path));
    }
    entries[name] = std::to_string(bytes) + " " + digest;
  }
  return entries;
}

std::string encode(const Entries& entries) {
  std::string text(kHeader);
  for (const auto& [name, entry] : entries) text += name + " " + entry + "\n";
  const std::string digest = hex(sha256(text).bytes);
  return text += std::string(kEnd) + digest + "\n";
}

/// Nothing when the text is not what `encode` made.
std::optional<Entries> decode(std::string_view text) {
  if (!text.starts_with(kHeader)) return std::nullopt;
  Entries entries;
  std::size_t at = kHeader.size();
  while (at < text.size() && !text.substr(at).starts_with(kEnd)) {
    const std::size_t end = text.find('\n', at), space = text.find(' ', at);
    if (end == std::string_view::npos || space >= end) return std::nullopt;
    entries[std::string(text.substr(at, space - at))] = text.substr(space + 1, end - space - 1);
    at = end + 1;
  }
  if (encode(entries) != text) return std::nullopt;
  return entries;
}

Error changed(const std::filesystem::path& file, std::string_view why) {
  return {Code::kCorrupt, "storage.seal", file.string() + " is damaged: " + std::string(why)};
}

/// The first file of `sealed` that is not so in `found`, or of `found` that was not there.
Status compare(const std::filesystem::path& directory, const Entries& sealed, const Entries& found,
               SealScope scope) {
  for (const auto& [name, entry] : sealed) {
    if (scope == SealScope::kNeeded && !is_needed(name)) continue;
    const auto now = found.find(name);
    if (now == found.end()) {
      return changed(directory / name, "it is missing, an orderly stop left it there");
    }
    if (now->second == entry) continue;
    const auto length = [](const std::string& text) { return text.substr(0, text.find(' ')); };
    return changed(directory / name, length(now->second) == length(entry)
                                         ? "its bytes are not those that an orderly stop left"
                                         : "it has " + length(now->second) +
                                               " bytes, an orderly stop left " + length(entry));
  }
  for (const auto& [name, entry] : found) {
    if (scope == SealScope::kNeeded || sealed.contains(name)) continue;
    return changed(directory / name, "it was not there at the last orderly stop");
  }
  return {};
}

}  // namespace

Status write_seal(rocksdb::Env& env, const std::filesystem::path& directory) {
  OPS_TRY_ASSIGN(const auto entries, list_files(env, directory, SealScope::kAll));
  return write_file_durably(*env.GetFileSystem(), directory / kName, encode(entries));
}

Status remove_seal(rocksdb::Env& env, const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kName;
  if (env.FileExists(path.string()).IsNotFound()) return {};
  return remove_file_durably(*env.GetFileSystem(), path);
}

Result<bool> check_seal(rocksdb::Env& env, const std::filesystem::path& directory,
                        SealScope scope) {
  const std::filesystem::path path = directory / kName;
  if (env.FileExists(path.string()).IsNotFound()) return false;
  std::string text;
  OPS_TRY(to_status(rocksdb::ReadFileToString(&env, path.string(), &text), "read the seal"));
  const auto sealed = decode(text);
  if (!sealed) return changed(path, "it is not the list of files that an orderly stop wrote");
  OPS_TRY_ASSIGN(const auto found, list_files(env, directory, scope));
  OPS_TRY(compare(directory, *sealed, found, scope));
  return true;
}

}  // namespace opsledger::rocks
