#include "storage/rocksdb/commit_builder.hpp"

#include <algorithm>
#include <cstring>

#include "storage/base/varint.hpp"

namespace opsledger::rocks {

namespace {

/// Keys of this layer have at most 17 bytes: made on the stack, several per event.
class PostingKeyBuffer {
 public:
  explicit PostingKeyBuffer(PostingKind kind) { bytes_[0] = static_cast<char>(kind); }
  rocksdb::Slice of(std::uint64_t hash, Position first) {
    put(1, hash);
    put(kPostingPrefixBytes, first.value);
    return {bytes_, sizeof bytes_};
  }

 private:
  void put(std::size_t at, std::uint64_t value) {
    const std::uint64_t big_endian = __builtin_bswap64(value);
    std::memcpy(bytes_ + at, &big_endian, 8);
  }
  char bytes_[kPostingKeyBytes];
};

}  // namespace

LogHead CommitBuilder::build(std::span<const BatchPtr> batches, const LogHead& head,
                             merkle::TileEdge* edge, rocksdb::WriteBatch* write) {
  put_records(batches, write);
  put_postings(batches, PostingKind::kTag, write);
  put_postings(batches, PostingKind::kType, write);
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

/// One chunk per list and commit. A batch's entries are sorted already; several are merged.
void CommitBuilder::put_postings(std::span<const BatchPtr> batches, PostingKind kind,
                                 rocksdb::WriteBatch* write) {
  const Position base = batches.front()->first();
  const std::vector<IndexEntry>* entries = &batches.front()->index.of(kind);
  if (batches.size() > 1) {
    merged_.clear();
    for (const BatchPtr& batch : batches) {
      const auto shift = static_cast<std::uint32_t>(batch->first().value - base.value);
      for (const IndexEntry& entry : batch->index.of(kind)) {
        merged_.push_back({entry.hash, entry.offset + shift});
      }
    }
    sort_entries(&merged_, &space_);
    entries = &merged_;
  }
  PostingKeyBuffer key(kind);
  rocksdb::ColumnFamilyHandle* family = db_.postings(kind);
  for (std::size_t i = 0; i < entries->size();) {
    const IndexEntry first = (*entries)[i];
    value_.clear();
    std::uint32_t before = first.offset;
    for (++i; i < entries->size() && (*entries)[i].hash == first.hash; ++i) {
      put_varint(&value_, (*entries)[i].offset - before);
      before = (*entries)[i].offset;
    }
    write->Put(family, key.of(first.hash, {base.value + first.offset}), value_);
  }
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
