#include "kernel/app/maintenance.hpp"

#include "storage/rocksdb/backup.hpp"
#include "storage/rocksdb/verify.hpp"

namespace opsledger {
namespace {

VerifyOptions to_options(const VerifyRequest& request) {
  VerifyOptions options;
  options.directory = request.data_directory;
  options.progress = request.progress;
  if (request.expected_size > 0) {
    options.expected.push_back({request.expected_size, request.expected_root});
  }
  return options;
}

VerifyOutcome to_outcome(const VerifyReport& report) {
  VerifyOutcome outcome;
  switch (report.verdict) {
    case VerifyVerdict::kGood: outcome.exit_code = 0; break;
    case VerifyVerdict::kTampered: outcome.exit_code = 1; break;
    case VerifyVerdict::kUnchecked: outcome.exit_code = 2; break;
  }
  outcome.message = report.message;
  outcome.ledger = hex(report.ledger.bytes);
  outcome.events = report.events;
  outcome.commits = report.commits;
  outcome.root = report.root;
  return outcome;
}

Backup to_backup(const BackupInfo& info) {
  return {info.id,       info.taken_at, info.bytes, hex(info.ledger.bytes),
          info.position, info.root};
}

}  // namespace

VerifyOutcome verify_data(const VerifyRequest& request) {
  return to_outcome(verify_ledger(to_options(request)));
}

Result<Backup> create_backup(Store& store, const std::string& directory) {
  OPS_TRY_ASSIGN(const auto info, create_backup(store.rocks(), std::filesystem::path(directory)));
  return to_backup(info);
}

Result<std::vector<Backup>> list_backup_directory(const std::string& directory) {
  OPS_TRY_ASSIGN(const auto infos, list_backups(directory));
  std::vector<Backup> out;
  for (const auto& info : infos) out.push_back(to_backup(info));
  return out;
}

Result<VerifyOutcome> restore_backup(const std::string& directory, std::uint32_t id,
                                     const VerifyRequest& target) {
  OPS_TRY_ASSIGN(const auto report, restore_backup(std::filesystem::path(directory), id,
                                                   target.data_directory, to_options(target)));
  return to_outcome(report);
}

}  // namespace opsledger
