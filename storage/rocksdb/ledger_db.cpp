#include "storage/rocksdb/ledger_db.hpp"

#include <algorithm>

#include "storage/rocksdb/info_log.hpp"
#include "storage/rocksdb/ledger_options.hpp"
#include "storage/rocksdb/log_frames.hpp"
#include "storage/rocksdb/prepared_log.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/seal.hpp"
#include "storage/rocksdb/small_files.hpp"

namespace opsledger::rocks {

namespace {

/// Without CURRENT, RocksDB would begin a new database and delete the files of the old one.
Status check_current(rocksdb::Env& env, const std::filesystem::path& directory) {
  const std::filesystem::path current = directory / "CURRENT";
  std::vector<std::string> names;
  if (!env.FileExists(current.string()).IsNotFound()) return {};
  if (!env.GetChildren(directory.string(), &names).ok()) return {};  // a new ledger
  const bool used = std::any_of(names.begin(), names.end(), [](std::string_view name) {
    return name.ends_with(".sst") || name.ends_with(".log");
  });
  if (!used) return {};
  return corrupt(current.string(), "it is missing, but the files that it leads to are there");
}

/// See LedgerDb::open. A torn last write is dropped, and the side file's to judge.
Status check_before_writing(rocksdb::Env& env, const std::filesystem::path& directory) {
  if (env.FileExists(directory.string()).IsNotFound()) return {};
  const auto sealed = check_seal(env, directory, SealScope::kNeeded);
  if (!sealed) {
    Error error = sealed.error();
    error.message +=
        "; run `opsledger verify`, then restore a backup, or, where nothing else is wrong, accept "
        "the files as they are with `opsledger doctor --accept-torn-tail`";
    return error;
  }
  std::string torn;
  if (!*sealed) OPS_TRY(check_log_files(env, directory, &torn));
  if (!torn.empty()) OPS_TRY(drop_torn_write(env, directory));
  return check_current(env, directory);
}

/// The logs are whole but for a last write that is torn: who may not cut it off reads up to it.
bool ends_torn(rocksdb::Env& env, const std::filesystem::path& directory) {
  std::string torn;
  return check_log_files(env, directory, &torn).ok() && !torn.empty();
}

/// Every write reached the disk: after a failed one no other succeeds. An empty one adds nothing.
bool all_synced(rocksdb::DB& db) {
  rocksdb::WriteBatch nothing;
  rocksdb::WriteOptions options;
  options.sync = true;
  return db.Write(options, &nothing).ok();
}

}  // namespace

Result<std::unique_ptr<LedgerDb>> LedgerDb::open(const LedgerDbOptions& options) {
  const auto families = ledger_families(options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  auto db_options = ledger_db_options(options);
  const std::string path = options.directory.string();
  const auto background = std::make_shared<BackgroundErrors>();
  std::unique_ptr<rocksdb::Env> prepared;
  if (!options.read_only) {
    if (!options.accept_damage) OPS_TRY(check_before_writing(*db_options.env, path));
    OPS_TRY(remove_seal(*db_options.env, path));
    OPS_TRY(create_directories_durably(*db_options.env->GetFileSystem(), path));
    prepared = with_prepared_logs(db_options.env, options.directory);
    db_options.env = prepared.get();
    db_options.info_log = make_info_log(path);
    db_options.listeners.push_back(background);
  } else if (ends_torn(*db_options.env, path)) {
    db_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  }
  const auto status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, path, families, &handles, &opened)
          : rocksdb::DB::Open(db_options, path, families, &handles, &opened);
  if (!status.ok()) return to_error(status, "open the ledger in " + path);
  std::unique_ptr<LedgerDb> db(
      new LedgerDb(std::unique_ptr<rocksdb::DB>(opened), options.read_only));
  db->env_ = std::move(prepared);
  db->handles_ = std::move(handles);
  db->background_ = background;
  OPS_ASSERT(db->handles_.size() == kFamilies);
  return db;
}

LedgerDb::~LedgerDb() {
  for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  rocksdb::Env* env = db_->GetEnv();
  const bool clean = !read_only_ && all_synced(*db_);
  const bool closed = db_->Close().ok();
  // Without a seal the next start is that of a killed process: it reads the logs strictly.
  const bool whole = clean && closed && background_->status().ok();
  if (whole) static_cast<void>(write_seal(*env, db_->GetName()));
}

rocksdb::ReadOptions read_options(Reach reach) {
  rocksdb::ReadOptions options;
  if (reach == Reach::kMemory) options.read_tier = rocksdb::kBlockCacheTier;
  return options;
}

Result<std::optional<Bytes>> LedgerDb::get(Family from, BytesView key, Reach reach) const {
  Bytes value;
  const auto status = db_->Get(read_options(reach), family(from), slice(key), &value);
  if (status.IsNotFound()) return std::optional<Bytes>();
  OPS_TRY(to_status(status, "read the ledger"));
  return std::optional<Bytes>(std::move(value));
}

Status LedgerDb::put(Family to, BytesView key, BytesView value) {
  rocksdb::WriteOptions options;
  options.sync = true;
  return to_status(db_->Put(options, family(to), slice(key), slice(value)), "write the ledger");
}

Result<std::optional<CommitRecord>> LedgerDb::last_commit() const {
  std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}, family(Family::kCommits)));
  it->SeekToLast();
  if (!it->Valid()) {
    OPS_TRY(to_status(it->status(), "read the last commit"));
    return std::optional<CommitRecord>();
  }
  OPS_TRY_ASSIGN(auto commit, parse_commit(it->key(), it->value()));
  return std::optional<CommitRecord>(commit);
}

Result<CommitRecord> LedgerDb::commit(std::uint64_t number) const {
  const Bytes key = commit_key(number);
  OPS_TRY_ASSIGN(const auto value, get(Family::kCommits, key));
  if (!value) return corrupt("commit record " + std::to_string(number), "it is missing");
  return parse_commit(slice(key), slice(*value));
}

Result<CommitRecord> parse_commit(const rocksdb::Slice& key, const rocksdb::Slice& value) {
  const auto number = parse_commit_key(view(key));
  const auto commit = decode_commit(view(value));
  if (number && commit && commit->number == *number) return *commit;
  const std::string name = number ? std::to_string(*number) : hex(view(key));
  return corrupt("commit record " + name, "its bytes are not a commit record of that number");
}

}  // namespace opsledger::rocks
