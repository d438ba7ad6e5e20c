#include "storage/rocksdb/commit_builder.hpp"

namespace opsledger::rocks {

LogHead CommitBuilder::build(std::span<const BatchPtr> batches, const LogHead& head,
                             merkle::TileEdge* edge, rocksdb::WriteBatch* write) {
  put_records(batches, write);
  put_keys(batches, write);
  put_tiles(batches, edge, write);
  const AppendOutcome& last = batches.back()->entries.outcome;
  const CommitRecord record{head.commit + 1, batches.front()->first(),
                            last.last,       last.recorded_at,
                            edge->root(),    head.digest};
  const Bytes encoded = encode_commit(record);
  write->Put(db_.family(Family::kCommits), commit_key(record.number), encoded);
  return {record.number, commit_digest(encoded), record.last, record.recorded_at, record.root};
}

/// Cut at the borders of runs, so that a full run is one value from the start.
void CommitBuilder::put_records(std::span<const BatchPtr> batches, rocksdb::WriteBatch* write) {
  records_.clear();
  Position first = batches.front()->first();
  Position position = first;
  for (const BatchPtr& batch : batches) {
    std::uint32_t begin = 0;
    for (const std::uint32_t end : batch->entries.ends) {
      records_.push_back(BytesView(batch->entries.records).substr(begin, end - begin));
      begin = end;
      if (position.value++ % kRunEvents != 0) continue;
      put_chunk(first, write);
      first = position;
    }
  }
  if (!records_.empty()) put_chunk(first, write);
}

void CommitBuilder::put_chunk(Position first, rocksdb::WriteBatch* write) {
  value_.clear();
  encode_log_chunk(records_, &value_);
  write->Put(db_.family(Family::kLog), log_key(first), value_);
  records_.clear();
}

void CommitBuilder::put_keys(std::span<const BatchPtr> batches, rocksdb::WriteBatch* write) {
  for (const BatchPtr& batch : batches) {
    if (!batch->entries.key) continue;
    write->Put(db_.family(Family::kKeys), caller_key_key(batch->entries.key->key),
               encode_key_entry(batch->entries.key_entry()));
  }
}

void CommitBuilder::put_tiles(std::span<const BatchPtr> batches, merkle::TileEdge* edge,
                              rocksdb::WriteBatch* write) {
  tiles_.clear();
  for (const BatchPtr& batch : batches) {
    batch->await_leaves();
    for (const Hash& leaf : batch->leaves) edge->append(leaf, &tiles_);
  }
  for (const merkle::Tile& tile : tiles_) {
    write->Put(db_.family(Family::kTiles), tile_key(tile.level, tile.index), tile.hashes);
  }
}

}  // namespace opsledger::rocks
