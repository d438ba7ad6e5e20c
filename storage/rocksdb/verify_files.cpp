#include "storage/rocksdb/verify_files.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <memory>

#include "storage/rocksdb/ack_file.hpp"
#include "storage/rocksdb/ledger_options.hpp"
#include "storage/rocksdb/log_frames.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/seal.hpp"
#include "storage/rocksdb/table_generation.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::size_t kTablesCacheBytes = 8u << 20;
constexpr std::size_t kFormatBytesMax = 4'096;

/// The seal where there is one, else the frames of the logs.
Status check_database(const std::filesystem::path& directory, std::vector<std::string>* notes) {
  rocksdb::Env& env = *rocksdb::Env::Default();
  OPS_TRY_ASSIGN(const bool sealed, check_seal(env, directory, SealScope::kAll));
  if (sealed) return {};
  notes->push_back("there is no " + (directory / "SEAL").string() +
                   ": its process was killed, or somebody removed it; the next start and orderly "
                   "stop make it");
  std::string torn;
  OPS_TRY(check_log_files(env, directory, &torn));
  if (!torn.empty()) {
    notes->push_back(torn +
                     " a write ends early: a crash tore it before anybody was told, or "
                     "somebody cut it; the next start drops it");
  }
  return {};
}

/// Opens the tables for reading and compares every table file with its check sum.
Status check_table_files(const std::filesystem::path& directory) {
  rocksdb::DBOptions options;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.info_log = no_log();
  const std::string path = directory.string();
  std::vector<std::string> names;
  OPS_TRY(to_status(rocksdb::DB::ListColumnFamilies(options, path, &names), "list the tables"));
  const auto family = table_family_options(rocksdb::NewLRUCache(kTablesCacheBytes));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, family);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &opened);
  if (!status.ok()) {
    return to_error(status, "open the tables in " + path + unreadable_table_files(directory));
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  OPS_TRY(to_status(db->VerifyFileChecksums({}), "verify the files in " + path));
  return to_status(db->VerifyChecksum(), "verify the files in " + path);
}

/// RocksDB names its files in CURRENT last: a crash before that leaves a database without rows.
bool is_unborn(const std::filesystem::path& directory) {
  std::error_code failed;
  if (std::filesystem::exists(directory / "CURRENT", failed)) return false;
  const std::filesystem::directory_iterator files(directory, failed);
  return std::none_of(begin(files), end(files), [](const auto& entry) {
    return entry.path().extension() == ".sst" || entry.path().filename() == "SEAL";
  });
}

Status check_tables(const std::filesystem::path& directory, std::vector<std::string>* notes) {
  std::error_code failed;
  if (!std::filesystem::exists(directory, failed)) return {};
  if (is_unborn(directory)) {
    notes->push_back("there is no " + (directory / "CURRENT").string() +
                     " and there are no rows: a crash interrupted the making of the tables, or "
                     "somebody removed it; the next start makes them");
    return {};
  }
  Status checked = check_database(directory, notes);
  if (checked.ok()) checked = check_table_files(directory);
  if (checked.ok()) return {};
  Error error = std::move(checked).error();
  error.message = "the tables, not the ledger: " + error.message +
                  " (tables come from the ledger: a start without the directory " +
                  directory.string() + " builds them again)";
  return error;
}

Status check_format_bytes(const std::filesystem::path& directory) {
  const std::string path = (directory / "FORMAT").string();
  std::string text;
  OPS_TRY(
      to_status(rocksdb::ReadFileToString(rocksdb::Env::Default(), path, &text), "read FORMAT"));
  if (text.size() <= kFormatBytesMax && text.find('\n') + 1 == text.size()) return {};
  return corrupt(path, "it is more or less than one line");
}

}  // namespace

std::string unreadable_table_files(const std::filesystem::path& directory) {
  std::string found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    if (entry.path().extension() != ".sst") continue;
    rocksdb::SstFileReader reader{rocksdb::Options()};
    auto status = reader.Open(entry.path().string());
    if (status.ok()) status = reader.VerifyChecksum();
    if (!status.ok()) found += ", where " + entry.path().string() + ": " + status.ToString();
  }
  return found;
}

Status verify_files(const DataDirectory& directory, std::vector<std::string>* notes) {
  OPS_TRY(check_format_bytes(directory.path()));
  std::error_code failed;
  if (std::filesystem::exists(directory.path() / "SERVING", failed)) {
    notes->push_back(
        (directory.path() / "SERVING").string() +
        " is left from a server that did not stop by itself; the next one replaces it");
  }
  OPS_TRY(AckFile::check(directory.ack_file()));
  OPS_TRY(check_database(directory.ledger(), notes));
  return check_tables(directory.path() / "tables", notes);
}

}  // namespace opsledger::rocks
