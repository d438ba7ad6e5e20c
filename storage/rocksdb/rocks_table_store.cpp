#include "storage/rocksdb/rocks_table_store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>

#include <map>
#include <mutex>

#include "storage/base/sync_point.hpp"
#include "storage/core/table_keys.hpp"
#include "storage/rocksdb/info_log.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/seal.hpp"
#include "storage/rocksdb/small_files.hpp"
#include "storage/rocksdb/table_generation.hpp"

namespace opsledger {

namespace {

using rocks::RocksTableGeneration;
using rocks::TableDb;
using rocks::TableFamily;

/// See TableStore. Opened generations are kept while anybody uses them.
class RocksTableStore final : public TableStore {
 public:
  RocksTableStore(std::shared_ptr<TableDb> db, rocksdb::ColumnFamilyOptions family_options,
                  std::map<std::string, std::shared_ptr<TableFamily>> families)
      : db_(std::move(db)),
        family_options_(std::move(family_options)),
        families_(std::move(families)) {}

  Result<std::shared_ptr<TableGeneration>> open(const std::string& name) override {
    OPS_TRY(check_generation_name(name));
    std::lock_guard lock(mutex_);
    if (auto found = generations_[name].lock()) return found;
    OPS_TRY_ASSIGN(auto family, family_of(name));
    OPS_TRY_ASSIGN(auto generation, RocksTableGeneration::open(std::move(family)));
    generations_[name] = generation;
    return generation;
  }

  Status drop(const std::string& name) override {
    std::lock_guard lock(mutex_);
    const auto found = families_.find(name);
    if (found == families_.end()) {
      return Error{Code::kNotFound, "table.generation", "no generation '" + name + "' to drop"};
    }
    OPS_TRY(
        rocks::to_status(db_->db->DropColumnFamily(found->second->handle), "drop a generation"));
    sync_point(SyncPoint::kGenerationDropped);
    families_.erase(found);
    generations_.erase(name);
    return {};
  }

  std::vector<std::string> list() const override {
    std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, family] : families_) names.push_back(name);
    return names;
  }

 private:
  Result<std::shared_ptr<TableFamily>> family_of(const std::string& name) {
    const auto found = families_.find(name);
    if (found != families_.end()) return found->second;
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    OPS_TRY(rocks::to_status(db_->db->CreateColumnFamily(family_options_, name, &handle),
                             "create a generation"));
    sync_point(SyncPoint::kGenerationCreated);
    auto family = std::make_shared<TableFamily>(db_, handle);
    families_[name] = family;
    return family;
  }

  std::shared_ptr<TableDb> db_;
  rocksdb::ColumnFamilyOptions family_options_;
  mutable std::mutex mutex_;  // guards the two maps
  std::map<std::string, std::shared_ptr<TableFamily>> families_;
  std::map<std::string, std::weak_ptr<TableGeneration>> generations_;
};

rocksdb::DBOptions database_options(const TableStoreOptions& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = true;
  db.max_background_jobs = options.background_jobs;
  db.db_write_buffer_size = options.memtable_bytes_max;
  db.avoid_unnecessary_blocking_io = true;
  db.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();  // for `verify`
  db.info_log_level = rocksdb::WARN_LEVEL;
  db.keep_log_file_num = 4;
  db.stats_dump_period_sec = 0;
  if (options.env != nullptr) db.env = options.env;
  return db;
}

/// A database that is not as it was closed is not opened: what RocksDB makes of it is not what was
/// written, and the rows come from the ledger.
Status check_and_unseal(rocksdb::Env& env, const std::filesystem::path& directory) {
  OPS_TRY(rocks::check_seal(env, directory, rocks::SealScope::kNeeded));
  return rocks::remove_seal(env, directory);
}

/// The mark of how keys and values are laid out (table_keys.hpp): another one is not misread. It
/// stands in the default column family, where no generation is.
constexpr std::string_view kLayoutKey = "layout", kLayout = "1";

Status check_layout(rocksdb::DB& db, bool fresh) {
  std::string found;
  const auto read = db.Get({}, rocksdb::Slice(kLayoutKey), &found);
  if (read.IsNotFound() && fresh) {
    rocksdb::WriteOptions durable;
    durable.sync = true;
    return rocks::to_status(db.Put(durable, rocksdb::Slice(kLayoutKey), rocksdb::Slice(kLayout)),
                            "mark the tables' layout");
  }
  if (!read.IsNotFound()) OPS_TRY(rocks::to_status(read, "read the tables' layout"));
  if (found == kLayout) return {};
  return Error{Code::kCorrupt, "storage.tables_layout",
               "the tables are laid out as `" + found + "`, this version writes `" +
                   std::string(kLayout) + "`; they are to be built again from the ledger"};
}

Error open_error(const rocksdb::Status& status, const std::filesystem::path& directory) {
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    return {Code::kNotReady, "storage.locked",
            "tables in " + directory.string() +
                " are open in another process; stop it, or use another data directory"};
  }
  return rocks::to_error(status, "open the tables in " + directory.string());
}

}  // namespace

Result<std::unique_ptr<TableStore>> open_table_store(const TableStoreOptions& options) {
  OPS_TRY(rocks::create_directories_durably(*rocks::files_of(options.env), options.directory));
  rocksdb::DBOptions db_options = database_options(options);
  db_options.info_log = rocks::make_info_log(options.directory);
  const auto errors = std::make_shared<rocks::BackgroundErrors>();
  db_options.listeners.push_back(errors);
  const auto family_options =
      rocks::table_family_options(rocksdb::NewLRUCache(options.block_cache_bytes));
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(db_options, options.directory.string(), &names).ok()) {
    names = {rocksdb::kDefaultColumnFamilyName};  // a new store; a damaged one fails to open below
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, family_options);
  OPS_TRY(check_and_unseal(*db_options.env, options.directory));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto status =
      rocksdb::DB::Open(db_options, options.directory.string(), descriptors, &handles, &opened);
  if (!status.ok()) return open_error(status, options.directory);
  auto db = std::make_shared<TableDb>(std::unique_ptr<rocksdb::DB>(opened), errors);
  std::map<std::string, std::shared_ptr<TableFamily>> families;
  const auto layout = check_layout(*db->db, names.size() == 1);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    auto family = std::make_shared<TableFamily>(db, handle);
    if (handle->GetName() != rocksdb::kDefaultColumnFamilyName) {
      families[handle->GetName()] = std::move(family);
    }
  }
  if (!layout.ok()) return layout.error();
  return std::unique_ptr<TableStore>(
      std::make_unique<RocksTableStore>(std::move(db), family_options, std::move(families)));
}

}  // namespace opsledger
