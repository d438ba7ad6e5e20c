#include "kernel/app/maintenance.hpp"

#include <boost/json.hpp>
#include <filesystem>

#include "kernel/app/control_socket.hpp"
#include "kernel/app/serving_file.hpp"
#include "kernel/schema/time_text.hpp"
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
    case VerifyVerdict::kGood:
      outcome.exit_code = 0;
      break;
    case VerifyVerdict::kTampered:
      outcome.exit_code = 1;
      break;
    case VerifyVerdict::kUnchecked:
      outcome.exit_code = 2;
      break;
  }
  outcome.message = report.message;
  outcome.notes = report.notes;
  outcome.ledger = hex(report.ledger.bytes);
  outcome.events = report.events;
  outcome.commits = report.commits;
  outcome.root = report.root;
  return outcome;
}

Backup to_backup(const BackupInfo& info) {
  return {info.id, info.taken_at, info.bytes, hex(info.ledger.bytes), info.position, info.root};
}

}  // namespace

VerifyOutcome verify_data(const VerifyRequest& request) {
  return to_outcome(verify_ledger(to_options(request)));
}

Result<Backup> create_backup(Store& store, const std::string& directory) {
  OPS_TRY_ASSIGN(const auto info, create_backup(store.rocks(), std::filesystem::path(directory)));
  return to_backup(info);
}

std::string to_json(const Backup& backup) {
  return boost::json::serialize(boost::json::object{{"id", backup.id},
                                                    {"taken_at", rfc3339(backup.taken_at)},
                                                    {"bytes", backup.bytes},
                                                    {"ledger", backup.ledger},
                                                    {"position", backup.position.value},
                                                    {"root", hex(backup.root.bytes)}});
}

Result<Backup> backup_from_json(std::string_view text) {
  const Error wrong{Code::kCorrupt, "backup.answer", "this is no backup: " + std::string(text)};
  try {
    const auto value = boost::json::parse(text);
    Backup backup;
    backup.id = value.at("id").to_number<std::uint32_t>();
    backup.bytes = value.at("bytes").to_number<std::uint64_t>();
    backup.ledger = value.at("ledger").as_string();
    backup.position = {value.at("position").to_number<std::uint64_t>()};
    const auto time = parse_rfc3339(value.at("taken_at").as_string());
    Bytes root;
    if (!time || !unhex(value.at("root").as_string(), &root)) return wrong;
    if (root.size() != backup.root.bytes.size()) return wrong;
    backup.taken_at = *time;
    std::copy(root.begin(), root.end(), backup.root.bytes.begin());
    return backup;
  } catch (const std::exception&) {
    return wrong;
  }
}

Result<Backup> create_backup_anywhere(const Config& config, const Clock& clock,
                                      const std::string& directory) {
  if (!read_serving_file(config.data_directory).empty()) {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(directory, failed);
    OPS_TRY_ASSIGN(const auto answer,
                   ask_server(config.data_directory, "backup " + absolute.string()));
    return backup_from_json(answer);
  }
  OPS_TRY_ASSIGN(const auto store, Store::open(config, clock, {}));
  return create_backup(*store, directory);
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
