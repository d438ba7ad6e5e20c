#include "storage/rocksdb/bulk_writer.hpp"

#include <future>

#include "storage/core/postings.hpp"
#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/recovery.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::uint64_t kCommitEvents = 16'384;  // as many as a full commit of the committer

}  // namespace

BulkWriter::BulkWriter(const BulkTarget& target, std::size_t sorted_postings_max)
    : target_(target),
      tag_postings_(target.directory / "tags", sorted_postings_max),
      type_postings_(target.directory / "types", sorted_postings_max),
      log_(target, Family::kLog, "log"),
      packed_note_(target, Family::kLog, "log-note"),
      indexed_note_(target, Family::kMeta, "meta-note"),
      tags_(target, Family::kTags, "tags"),
      types_(target, Family::kTypes, "types"),
      commits_(target, Family::kCommits, "commits") {
  head_.root = merkle::empty_root();
  for (unsigned level = 0; level < merkle::kTileLevelsMax; ++level) {
    tiles_.push_back(
        std::make_unique<BulkTables>(target, Family::kTiles, "tiles-" + std::to_string(level)));
  }
}

Status BulkWriter::add(const BulkBatch& batch) {
  const Position base = batch.entries.outcome.first;
  OPS_ASSERT(base == position_.next());
  for (std::size_t i = 0; i < batch.entries.size(); ++i)
    OPS_TRY(add_record(batch.entries.record(i)));
  for (const IndexEntry& tag : batch.index.tags) {
    OPS_TRY(tag_postings_.add(tag.hash, {base.value + tag.offset}));
  }
  for (const IndexEntry& type : batch.index.types) {
    OPS_TRY(type_postings_.add(type.hash, {base.value + type.offset}));
  }
  last_ = batch.entries.outcome;
  if (position_.value - head_.position.value >= kCommitEvents) return put_commit(last_);
  return {};
}

Status BulkWriter::add_record(BytesView record) {
  ++position_.value;
  run_.append(record);
  run_ends_.push_back(static_cast<std::uint32_t>(run_.size()));
  edge_.append(merkle::leaf_hash(record), &completed_);
  if (!completed_.empty()) OPS_TRY(put_tiles());
  return run_ends_.size() == kRunEvents ? put_run() : Status();
}

Status BulkWriter::put_run() {
  value_.clear();
  encode_log_chunk(run_, run_ends_, &value_);
  const Status put = log_.put(log_key({position_.value - run_ends_.size() + 1}), value_);
  run_.clear();
  run_ends_.clear();
  return put;
}

Status BulkWriter::put_tiles() {
  for (const merkle::Tile& tile : completed_) {
    OPS_TRY(tiles_[tile.level]->put(tile_key(tile.level, tile.index), tile.hashes));
  }
  completed_.clear();
  return {};
}

Status BulkWriter::put_commit(const AppendOutcome& last) {
  const CommitRecord record{head_.commit + 1, head_.position.next(), last.last,
                            last.recorded_at, edge_.root(),          head_.digest};
  const Bytes encoded = encode_commit(record);
  head_ = {record.number, commit_digest(encoded), record.last, record.recorded_at, record.root};
  return commits_.put(commit_key(record.number), encoded);
}

/// A table for each: their keys stand before those of all runs, or in another family, and their
/// values are known after them.
Status BulkWriter::put_notes() {
  OPS_TRY(
      packed_note_.put(packed_key(), encode_packed({position_.value / kRunEvents * kRunEvents})));
  OPS_TRY(packed_note_.finish());
  OPS_TRY(indexed_note_.put(indexed_key(), encode_index_note({position_, position_, {}})));
  return indexed_note_.finish();
}

Status BulkWriter::put_postings(PostingKind kind, PostingSorter& sorter, BulkTables& tables) {
  Bytes value;
  OPS_TRY(sorter.merge(kChunkPostingsMax, [&](std::uint64_t hash, std::span<const Position> chunk) {
    value.clear();
    encode_postings(chunk, &value);
    return tables.put(posting_key({kind, hash}, chunk.front()), value);
  }));
  return tables.finish();
}

Result<LogHead> BulkWriter::finish() {
  if (!run_ends_.empty()) OPS_TRY(put_run());
  if (position_ > head_.position) OPS_TRY(put_commit(last_));
  if (position_.value > 0) OPS_TRY(put_notes());
  auto types = std::async(std::launch::async, [this] {
    return put_postings(PostingKind::kType, type_postings_, types_);
  });
  const Status tags = put_postings(PostingKind::kTag, tag_postings_, tags_);
  OPS_TRY(types.get());
  OPS_TRY(tags);
  OPS_TRY(log_.finish());
  OPS_TRY(commits_.finish());
  for (auto& level : tiles_) OPS_TRY(level->finish());
  return head_;
}

std::vector<rocksdb::IngestExternalFileArg> BulkWriter::tables() const {
  std::vector<rocksdb::IngestExternalFileArg> arguments;
  const auto add = [&](Family family, std::vector<const BulkTables*> parts) {
    rocksdb::IngestExternalFileArg argument;
    argument.column_family = target_.db.family(family);
    for (const BulkTables* part : parts) {
      for (const BulkTables::Table& table : part->tables()) {
        argument.external_files.push_back(table.path);
        argument.files_checksums.push_back(table.checksum);
        argument.files_checksum_func_names.push_back(table.checksum_function);
      }
    }
    argument.options.move_files = true;
    argument.options.failed_move_fall_back_to_copy = false;
    argument.options.write_global_seqno = false;
    argument.options.verify_file_checksum = false;
    argument.options.fail_if_not_bottommost_level = true;
    if (!argument.external_files.empty()) arguments.push_back(std::move(argument));
  };
  std::vector<const BulkTables*> tiles;
  for (const auto& level : tiles_) tiles.push_back(level.get());
  add(Family::kMeta, {&indexed_note_});
  add(Family::kLog, {&packed_note_, &log_});
  add(Family::kTags, {&tags_});
  add(Family::kTypes, {&types_});
  add(Family::kTiles, std::move(tiles));
  add(Family::kCommits, {&commits_});
  return arguments;
}

}  // namespace opsledger::rocks
