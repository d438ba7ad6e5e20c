#include "storage/rocksdb/backup.hpp"

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <cstring>

#include "storage/base/sync_point.hpp"
#include "storage/rocksdb/ack_file.hpp"
#include "storage/rocksdb/data_directory.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/seal.hpp"

namespace opsledger {

using namespace rocks;

namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;

/// The list of each backup's files, with their check sums, is sealed; nothing else vouches for it.
std::filesystem::path lists_in(const std::filesystem::path& directory) {
  return directory / "meta";
}
Status check_lists(rocksdb::Env& env, const std::filesystem::path& directory) {
  const auto sealed = check_seal(env, lists_in(directory), SealScope::kAll);
  if (sealed) return {};
  Error error = sealed.error();
  error.message += "; use a copy of these backups, and keep this one as evidence";
  return error;
}

Result<std::unique_ptr<rocksdb::BackupEngineReadOnly>> open_for_reading(
    const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory)) {
    return Error{Code::kNotFound, "backup.no_directory",
                 "no backup directory at " + directory.string() + "; check the path"};
  }
  if (std::filesystem::exists(lists_in(directory))) {
    OPS_TRY(check_lists(*rocksdb::Env::Default(), directory));
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const auto status = rocksdb::BackupEngineReadOnly::Open(
      rocksdb::BackupEngineOptions(directory.string()), rocksdb::Env::Default(), &engine);
  if (!status.ok()) return to_error(status, "open the backups in " + directory.string());
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

/// What stands beside a backup: where the log was acknowledged when it began.
std::string note_of(const Acknowledged& acknowledged) {
  return hex(encode_acknowledged(acknowledged));
}

Result<Acknowledged> read_note(const rocksdb::BackupInfo& info) {
  Bytes bytes;
  const auto note = unhex(info.app_metadata, &bytes) ? decode_acknowledged(bytes) : std::nullopt;
  if (note) return *note;
  return corrupt("backup " + std::to_string(info.backup_id), "its note of the ledger is damaged");
}

Result<BackupInfo> info_of(const rocksdb::BackupInfo& info) {
  OPS_TRY_ASSIGN(const Acknowledged note, read_note(info));
  return BackupInfo{info.backup_id, {info.timestamp * kMicroseconds},
                    info.size,      note.ledger,
                    note.position,  note.root};
}

/// One directory holds the backups of one ledger.
Status check_same_ledger(const rocksdb::BackupEngine& engine, const LedgerId& ledger) {
  std::vector<rocksdb::BackupInfo> infos;
  engine.GetBackupInfo(&infos);
  for (const auto& info : infos) {
    OPS_TRY_ASSIGN(const Acknowledged note, read_note(info));
    if (note.ledger == ledger) continue;
    return Error{Code::kInvalid, "backup.other_ledger",
                 "the directory holds backups of ledger " + hex(note.ledger.bytes) + ", this is " +
                     hex(ledger.bytes) + "; use another directory"};
  }
  return {};
}

Status check_target(const std::filesystem::path& target) {
  std::error_code failed;
  if (!std::filesystem::exists(target, failed) || std::filesystem::is_empty(target, failed)) {
    return {};
  }
  return Error{Code::kInvalid, "backup.target_in_use",
               target.string() + " is not empty; restore into a fresh directory"};
}

/// The restored files and their seal, the side file as of the backup, the format: then it is a data
/// directory.
Status make_data_directory(const std::filesystem::path& target, const Acknowledged& note) {
  OPS_TRY(write_seal(*rocksdb::Env::Default(), target / "ledger"));
  OPS_TRY_ASSIGN(auto ack, AckFile::open(target / "ACK"));
  OPS_TRY(ack.begin_with(note));
  return write_format(*Files::Default(), target);
}

}  // namespace

Result<BackupInfo> create_backup(const RocksLedger& ledger,
                                 const std::filesystem::path& directory) {
  rocksdb::Env* env = ledger.database().GetEnv();
  OPS_TRY(create_directories_durably(*env->GetFileSystem(), directory));
  rocksdb::BackupEngineOptions options(directory.string());
  options.sync = true;
  rocksdb::BackupEngine* opened = nullptr;
  OPS_TRY(to_status(rocksdb::BackupEngine::Open(options, env, &opened),
                    "open the backups in " + directory.string()));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  OPS_TRY(check_lists(*env, directory));
  OPS_TRY(check_same_ledger(*engine, ledger.id()));
  OPS_TRY(remove_seal(*env, lists_in(directory)));
  sync_point(SyncPoint::kBackupStarted);
  const TreeHead head = ledger.durable();
  rocksdb::CreateBackupOptions create;
  create.flush_before_backup = true;
  rocksdb::BackupID id = 0;
  OPS_TRY(to_status(
      engine->CreateNewBackupWithMetadata(create, &ledger.database(),
                                          note_of({ledger.id(), 0, head.position, head.root}), &id),
      "take a backup"));
  // RocksDB does not say when it could not do this.
  OPS_TRY(sync_directory(*env->GetFileSystem(), directory / "private" / std::to_string(id)));
  OPS_TRY(write_seal(*env, lists_in(directory)));
  sync_point(SyncPoint::kBackupTaken);
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos);
  const auto found = std::find_if(infos.begin(), infos.end(),
                                  [&](const auto& info) { return info.backup_id == id; });
  OPS_ASSERT(found != infos.end());
  return info_of(*found);
}

Result<std::vector<BackupInfo>> list_backups(const std::filesystem::path& directory) {
  OPS_TRY_ASSIGN(const auto engine, open_for_reading(directory));
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos);
  std::vector<BackupInfo> backups;
  for (const auto& info : infos) {
    OPS_TRY_ASSIGN(auto backup, info_of(info));
    backups.push_back(backup);
  }
  return backups;
}

Result<VerifyReport> restore_backup(const std::filesystem::path& directory, std::uint32_t id,
                                    const std::filesystem::path& target,
                                    const VerifyOptions& verify) {
  OPS_TRY(check_target(target));
  OPS_TRY_ASSIGN(const auto engine, open_for_reading(directory));
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos);
  const auto found = std::find_if(infos.rbegin(), infos.rend(), [&](const auto& info) {
    return id == 0 || info.backup_id == id;
  });
  if (found == infos.rend()) {
    return Error{Code::kNotFound, "backup.not_found",
                 "there is no backup " + std::to_string(id) + " in " + directory.string() +
                     "; list them first"};
  }
  OPS_TRY_ASSIGN(const Acknowledged note, read_note(*found));
  const std::string database = (target / "ledger").string();
  OPS_TRY(create_directories_durably(*Files::Default(), database));
  const auto restored = engine->RestoreDBFromBackup(found->backup_id, database, database);
  if (!restored.ok()) {
    const auto named = engine->VerifyBackup(found->backup_id, /*verify_with_checksum=*/true);
    return to_error(named.ok() ? restored : named,
                    "restore backup " + std::to_string(found->backup_id));
  }
  OPS_TRY(make_data_directory(target, note));
  VerifyOptions options = verify;
  options.directory = target;
  VerifyReport report = verify_ledger(options);
  if (report.verdict == VerifyVerdict::kGood) return report;
  std::error_code failed;
  std::filesystem::remove(target / "FORMAT", failed);
  return corrupt("the restored backup " + std::to_string(found->backup_id), report.message);
}

}  // namespace opsledger
