#include "storage/rocksdb/verify.hpp"

#include <algorithm>
#include <chrono>

#include "storage/core/merkle.hpp"
#include "storage/core/random_bytes.hpp"
#include "storage/core/record.hpp"
#include "storage/rocksdb/ack_file.hpp"
#include "storage/rocksdb/data_directory.hpp"
#include "storage/rocksdb/index_check.hpp"
#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/recovery.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/verify_files.hpp"

namespace opsledger {

using namespace rocks;

namespace {

constexpr auto kProgressInterval = std::chrono::milliseconds(200);

constexpr std::size_t kNonceBytes = 16;

/// One pass over the log with the commit records beside it.
class Verifier {
 public:
  Verifier(const VerifyOptions& options, const LedgerDb& db, LedgerId id)
      : options_(options), db_(db) {
    recovered_.id = id;
    expected_ = options.expected;
    std::sort(expected_.begin(), expected_.end(),
              [](const auto& a, const auto& b) { return a.size < b.size; });
  }

  Status run() {
    OPS_TRY(to_status(db_.db().VerifyFileChecksums({}), "verify the ledger's files"));
    OPS_TRY(to_status(db_.db().VerifyChecksum(), "verify the check sums of the ledger's files"));
    OPS_TRY_ASSIGN(const auto last, db_.last_commit());
    total_ = last ? last->last.value : 0;
    recovered_.head.root = merkle::empty_root();
    const auto indexed = load_index_note(db_, {total_});
    indexes_.emplace(db_, options_.tag_hash, random_bytes(kNonceBytes),
                     indexed.ok() ? *indexed : IndexNote{{total_}, {total_}, {}});
    OPS_TRY(open_commits());
    OPS_TRY(check_expected());
    OPS_TRY(check_log());
    if (recovered_.head.position.value != recovered_.edge.size()) {
      return corrupt("event " + std::to_string(recovered_.head.position.value + 1),
                     "no commit record covers it");
    }
    if (expected_next_ < expected_.size()) {
      return corrupt("the end of the ledger", "it has " + std::to_string(total_) +
                                                  " events, an outside root is over " +
                                                  std::to_string(expected_[expected_next_].size));
    }
    OPS_TRY(check_tile_count());
    if (!indexed.ok()) return indexed.error();  // last: a cut of the log is told by its place
    return indexes_->finish();
  }

  const Recovered& recovered() const { return recovered_; }

 private:
  Status open_commits() {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    commits_.reset(db_.db().NewIterator(options, db_.family(Family::kCommits)));
    commits_->SeekToFirst();
    return load_commit();
  }

  /// Reads the next commit record; it must continue the chain.
  Status load_commit() {
    commit_.reset();
    if (!commits_->Valid()) return to_status(commits_->status(), "read the commit records");
    OPS_TRY_ASSIGN(commit_, parse_commit(commits_->key(), commits_->value()));
    const LogHead& head = recovered_.head;
    if (commit_->number == head.commit + 1 && follows_digest(*commit_, head.digest) &&
        commit_->first == head.position.next() && commit_->last >= commit_->first) {
      return {};
    }
    return corrupt("commit record " + std::to_string(commit_->number),
                   "it does not continue the record before it");
  }

  Status check_log() {
    ChunkWalk walk(db_, /*fill_cache=*/false);
    OPS_TRY(walk.seek_first());
    while (walk.valid()) {
      const Position wanted{recovered_.edge.size() + 1};
      if (walk.first() != wanted) {
        return corrupt("event " + std::to_string(wanted.value),
                       "it is missing, the next chunk of the log begins at " +
                           std::to_string(walk.first().value));
      }
      LogChunkView::Iterator records(walk.chunk());
      for (BytesView record; records.next(&record);) OPS_TRY(check_record(record));
      OPS_TRY(walk.step(false));
      report();
    }
    if (recovered_.edge.size() == total_) return {};
    return corrupt("event " + std::to_string(recovered_.edge.size() + 1),
                   "it is missing, the last commit ends at " + std::to_string(total_));
  }

  Status check_record(BytesView record) {
    const Position position{recovered_.edge.size() + 1};
    const std::string name = "event " + std::to_string(position.value);
    const auto event = EventDecoder::decode_strict(record);
    if (!event.ok()) return corrupt(name, event.error().message);
    if (event->position != position) return corrupt(name, "its record names another position");
    if (event->recorded_at < recorded_at_) return corrupt(name, "its time steps back");
    recorded_at_ = event->recorded_at;
    OPS_TRY(indexes_->add(*event));
    std::vector<merkle::Tile> completed;
    recovered_.edge.append(merkle::leaf_hash(record), &completed);
    for (const merkle::Tile& tile : completed) OPS_TRY(check_tile(tile));
    OPS_TRY(check_expected());
    if (!commit_) return corrupt(name, "no commit record covers it");
    return position == commit_->last ? end_commit() : Status();
  }

  Status check_tile(const merkle::Tile& tile) {
    ++tiles_;
    OPS_TRY_ASSIGN(const auto stored, db_.get(Family::kTiles, tile_key(tile.level, tile.index)));
    if (stored && *stored == tile.hashes) return {};
    const std::string name =
        "Merkle tile " + std::to_string(tile.level) + "/" + std::to_string(tile.index);
    if (!stored) return corrupt(name, "it is missing");
    return corrupt(name, "its hashes are not those of the events");
  }

  Status end_commit() {
    const Hash root = recovered_.edge.root();
    if (commit_->root != root || commit_->recorded_at != recorded_at_) {
      return corrupt("commit record " + std::to_string(commit_->number) + " (events " +
                         std::to_string(commit_->first.value) + " to " +
                         std::to_string(commit_->last.value) + ")",
                     "its root or time is not that of the events up to there");
    }
    recovered_.head = {commit_->number, commit_digest(encode_commit(*commit_)), commit_->last,
                       recorded_at_, root};
    commits_->Next();
    return load_commit();
  }

  Status check_expected() {
    for (; expected_next_ < expected_.size() &&
           expected_[expected_next_].size == recovered_.edge.size();
         ++expected_next_) {
      if (expected_[expected_next_].root == recovered_.edge.root()) continue;
      return corrupt("the log up to event " + std::to_string(recovered_.edge.size()),
                     "its root is not the one that was published");
    }
    return {};
  }

  Status check_tile_count() {
    std::unique_ptr<rocksdb::Iterator> it(db_.db().NewIterator({}, db_.family(Family::kTiles)));
    std::uint64_t stored = 0;
    for (it->SeekToFirst(); it->Valid(); it->Next()) ++stored;
    OPS_TRY(to_status(it->status(), "read the tiles"));
    if (stored == tiles_) return {};
    return corrupt("the Merkle tiles", std::to_string(stored) + " are stored, the events have " +
                                           std::to_string(tiles_));
  }

  void report() {
    const auto now = std::chrono::steady_clock::now();
    if (!options_.progress || now - reported_ < kProgressInterval) return;
    reported_ = now;
    options_.progress(recovered_.edge.size(), total_);
  }

  const VerifyOptions& options_;
  const LedgerDb& db_;
  std::optional<IndexCheck> indexes_;
  Recovered recovered_;  // the head and edge as far as checked
  std::vector<ExpectedRoot> expected_;
  std::size_t expected_next_ = 0;
  std::unique_ptr<rocksdb::Iterator> commits_;
  std::optional<CommitRecord> commit_;  // the one that the next event belongs to
  Time recorded_at_{INT64_MIN};
  std::uint64_t total_ = 0;
  std::uint64_t tiles_ = 0;
  std::chrono::steady_clock::time_point reported_{};
};

/// The events and everything that the database says of them.
Status verify_database(const VerifyOptions& options, const DataDirectory& directory,
                       VerifyReport* report) {
  auto opened = LedgerDb::open({.directory = directory.ledger(),
                                .read_only = true,
                                .block_cache_bytes = options.block_cache_bytes});
  if (!opened) {
    Error error = std::move(opened).error();
    error.message += unreadable_table_files(directory.ledger());
    return error;
  }
  const auto db = std::move(opened).value();
  OPS_TRY_ASSIGN(const auto id_bytes, db->get(Family::kMeta, ledger_id_key()));
  const auto id = id_bytes ? parse_ledger_id(*id_bytes) : std::nullopt;
  if (!id) return corrupt("the ledger's identity", "it is missing or not 16 bytes long");
  report->ledger = *id;
  OPS_TRY_ASSIGN(const auto note, db->get(Family::kMeta, indexed_key()));
  if (note && directory.format() < kDataFormatVersion) {
    return corrupt("FORMAT in " + directory.path().string(), "it is older than the ledger");
  }
  Verifier verifier(options, *db, *id);
  const Status checked = verifier.run();
  const Recovered& recovered = verifier.recovered();
  report->events = recovered.edge.size();
  report->commits = recovered.head.commit;
  report->root = recovered.head.root;
  OPS_TRY(checked);
  if (options.progress) options.progress(report->events, report->events);
  OPS_TRY_ASSIGN(const auto acknowledged, AckFile::read(directory.ack_file()));
  return check_acknowledged(*db, recovered, acknowledged);
}

/// Both parts in any case: the file that is wrong is often why a record is.
Status verify_into(const VerifyOptions& options, VerifyReport* report) {
  std::error_code failed;
  if (!std::filesystem::exists(options.directory / "LOCK", failed)) {
    report->notes.push_back((options.directory / "LOCK").string() +
                            " was missing: restored and never served, or somebody removed it");
  }
  OPS_TRY_ASSIGN(const auto directory,
                 DataDirectory::open(options.directory, DataDirectory::Use::kRead));
  Status events = verify_database(options, directory, report);
  Status files = verify_files(directory, &report->notes);
  if (events.ok() || files.ok()) return events.ok() ? std::move(files) : std::move(events);
  Error error = std::move(events).error();
  if (files.error().code == Code::kCorrupt) error.code = Code::kCorrupt;
  error.message += "; and " + files.error().message;
  return error;
}

}  // namespace

VerifyReport verify_ledger(const VerifyOptions& options) {
  VerifyReport report;
  const Status checked = verify_into(options, &report);
  if (checked.ok()) {
    report.verdict = VerifyVerdict::kGood;
    report.message = std::to_string(report.events) + " events in " +
                     std::to_string(report.commits) + " commits agree with everything stored";
    return report;
  }
  const bool evidence = checked.error().code == Code::kCorrupt;
  report.verdict = evidence ? VerifyVerdict::kTampered : VerifyVerdict::kUnchecked;
  report.message = checked.error().message;
  return report;
}

}  // namespace opsledger
