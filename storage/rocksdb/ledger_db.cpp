#include "storage/rocksdb/ledger_db.hpp"

#include "storage/rocksdb/ledger_options.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

Result<std::unique_ptr<LedgerDb>> LedgerDb::open(const LedgerDbOptions& options) {
  const auto families = ledger_families(options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto db_options = ledger_db_options(options);
  const std::string path = options.directory.string();
  const auto status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, path, families, &handles, &opened)
          : rocksdb::DB::Open(db_options, path, families, &handles, &opened);
  if (!status.ok()) return to_error(status, "open the ledger in " + path);
  std::unique_ptr<LedgerDb> db(new LedgerDb(std::unique_ptr<rocksdb::DB>(opened)));
  db->handles_ = std::move(handles);
  OPS_ASSERT(db->handles_.size() == kFamilies);
  return db;
}

LedgerDb::~LedgerDb() {
  for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  db_->Close().PermitUncheckedError();
}

Result<std::optional<Bytes>> LedgerDb::get(Family from, BytesView key) const {
  Bytes value;
  const auto status = db_->Get({}, family(from), slice(key), &value);
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
