#include "storage/rocksdb/bulk_load.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "storage/rocksdb/ack_file.hpp"
#include "storage/rocksdb/bulk_writer.hpp"
#include "storage/rocksdb/data_directory.hpp"
#include "storage/rocksdb/recovery.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger {

using namespace rocks;

namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "bulk.tmp";  // in the data directory: files move, nothing is copied
constexpr std::size_t kQueueBatchesMax = 8;  // of at most kProposalBytesMax each

/// The folder of unfinished tables: new when made, gone with everything in it when destroyed.
class WorkFolder {
 public:
  static Result<std::unique_ptr<WorkFolder>> make(const fs::path& path, Files& files) {
    std::error_code failed;
    fs::remove_all(path, failed);  // of a load that was killed
    const auto made = files.CreateDirIfMissing(path.string(), {}, nullptr);
    if (!made.ok()) return file_error("make", path, made);
    return std::unique_ptr<WorkFolder>(new WorkFolder(path));
  }
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {}
  const fs::path path_;
};

/// Feeds a BulkWriter on a thread of its own.
class WriterThread {
 public:
  WriterThread(const BulkTarget& target, std::size_t sorted_postings_max)
      : writer_(target, sorted_postings_max), thread_([this] { run(); }) {}
  ~WriterThread() { stop(); }

  /// Waits while the queue is full. The first error of the writer.
  Status push(BulkBatch batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return queue_.size() < kQueueBatchesMax || !status_.ok(); });
    if (!status_.ok()) return status_;
    queue_.push_back(std::move(batch));
    changed_.notify_all();
    return {};
  }

  Result<LogHead> finish() {
    stop();
    OPS_TRY(status_);
    return writer_.finish();
  }
  const BulkWriter& writer() const { return writer_; }

 private:
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return !queue_.empty() || stopping_; });
      if (queue_.empty() || !status_.ok()) return;
      const BulkBatch batch = std::move(queue_.front());
      queue_.pop_front();
      changed_.notify_all();
      lock.unlock();
      const Status added = writer_.add(batch);
      lock.lock();
      status_ = added;
      if (!added.ok()) changed_.notify_all();
    }
  }

  BulkWriter writer_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<BulkBatch> queue_;
  Status status_;
  bool stopping_ = false;
  std::thread thread_;  // last
};

/// What the verdict on an append without condition and key asks of the log before it.
class LoadedPrefix final : public LogPrefix {
 public:
  Position last() const override { return last_; }
  Time recorded_at() const override { return recorded_at_; }
  Result<bool> has_match(const AppendCondition&) const override { return false; }
  Result<std::optional<KeyEntry>> find_key(const ShortHash&) const override {
    return std::optional<KeyEntry>();
  }
  bool knows_schema(const SchemaId& schema) const override { return schemas_.contains(schema); }

  void advance(const Entries& entries) {
    last_ = entries.outcome.last;
    recorded_at_ = entries.outcome.recorded_at;
    schemas_.insert(entries.schemas_registered.begin(), entries.schemas_registered.end());
  }

 private:
  Position last_{};
  Time recorded_at_{INT64_MIN};
  std::set<SchemaId> schemas_;
};

class RocksBulkLoad final : public BulkLoad {
 public:
  RocksBulkLoad(BulkLoadOptions options, LedgerId id, DataDirectory directory,
                std::unique_ptr<LedgerDb> db, std::unique_ptr<WorkFolder> folder)
      : options_(std::move(options)),
        id_(id),
        directory_(std::move(directory)),
        db_(std::move(db)),
        folder_(std::move(folder)),
        writer_(BulkTarget{*db_, folder_->path(), options_.table_bytes_max},
                options_.sorted_postings_max) {}

  const LedgerId& id() const override { return id_; }

  Result<AppendOutcome> append(std::vector<NewEvent> events, Time recorded_at) override {
    BulkBatch batch;
    batch.index = index_events(events, options_.tag_hash);
    OPS_TRY_ASSIGN(auto prepared, prepare({std::move(events), {}, {}}));
    OPS_TRY_ASSIGN(batch.entries, sequence(prefix_, std::move(prepared), recorded_at));
    const AppendOutcome outcome = batch.entries.outcome;
    prefix_.advance(batch.entries);
    OPS_TRY(writer_.push(std::move(batch)));
    return outcome;
  }

  /// The tables of all families become part of the database by one record of its manifest: there
  /// is no moment with half of them. Then what opening checks is checked, and acknowledged.
  Result<TreeHead> finish() override {
    OPS_TRY_ASSIGN(const LogHead head, writer_.finish());
    if (head.position.value == 0) return TreeHead{{}, head.root, {}};
    OPS_TRY(to_status(db_->db().IngestExternalFiles(writer_.writer().tables()),
                      "take over the sorted tables"));
    OPS_TRY_ASSIGN(const Recovered recovered, recover(*db_));
    if (recovered.head.root != head.root || recovered.head.position != head.position) {
      return corrupt("the loaded ledger", "it does not end as it was written");
    }
    OPS_TRY_ASSIGN(auto ack, AckFile::open(directory_.ack_file(), *files_of(options_.env)));
    OPS_TRY(ack.begin_with({id_, head.commit, head.position, head.root}));
    return TreeHead{head.position, head.root, head.recorded_at};
  }

 private:
  const BulkLoadOptions options_;
  const LedgerId id_;
  const DataDirectory directory_;
  const std::unique_ptr<LedgerDb> db_;
  const std::unique_ptr<WorkFolder> folder_;
  LoadedPrefix prefix_;
  WriterThread writer_;
};

/// Makes the ledger where there is none; its identity.
Result<LedgerId> make_ledger(const BulkLoadOptions& options, const Clock& clock) {
  LedgerOptions ledger_options;
  ledger_options.directory = options.directory;
  ledger_options.env = options.env;
  OPS_TRY_ASSIGN(const auto ledger, RocksLedger::open(std::move(ledger_options), clock));
  return ledger->id();
}

Status check_empty(const LedgerDb& db, const fs::path& directory) {
  OPS_TRY_ASSIGN(const auto commit, db.last_commit());
  if (!commit) return {};
  return Error{Code::kInvalid, "bulk.not_empty",
               "the ledger in " + directory.string() + " has " +
                   std::to_string(commit->last.value) +
                   " events, a bulk load begins with an empty one; name another directory, or "
                   "append to this one in the normal way"};
}

}  // namespace

Result<std::unique_ptr<BulkLoad>> begin_bulk_load(BulkLoadOptions options, const Clock& clock) {
  OPS_TRY_ASSIGN(const LedgerId id, make_ledger(options, clock));
  OPS_TRY_ASSIGN(auto directory, DataDirectory::open(options.directory, DataDirectory::Use::kWrite,
                                                     *files_of(options.env)));
  OPS_TRY_ASSIGN(auto db, LedgerDb::open({.directory = directory.ledger(), .env = options.env}));
  OPS_TRY(check_empty(*db, directory.path()));
  OPS_TRY_ASSIGN(auto folder, WorkFolder::make(directory.path() / kFolder, *files_of(options.env)));
  return std::unique_ptr<BulkLoad>(std::make_unique<RocksBulkLoad>(
      std::move(options), id, std::move(directory), std::move(db), std::move(folder)));
}

}  // namespace opsledger
