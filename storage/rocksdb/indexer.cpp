#include "storage/rocksdb/indexer.hpp"

#include <rocksdb/write_batch.h>

#include "storage/base/sync_point.hpp"
#include "storage/base/varint.hpp"
#include "storage/core/postings.hpp"
#include "storage/core/record.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::uint32_t kPutsPerWrite = 512;  // commits wait behind them: about half a millisecond
constexpr std::size_t kNoteBytes = 8, kStepNoteBytes = 25;

Status write(const LedgerDb& db, const IndexNote& note, rocksdb::WriteBatch* batch) {
  batch->Put(db.family(Family::kMeta), indexed_key(), encode_index_note(note));
  sync_point(SyncPoint::kIndexBuilt);
  rocksdb::WriteOptions options;
  options.sync = true;
  OPS_TRY(to_status(db.db().Write(options, batch), "write the index"));
  sync_point(SyncPoint::kIndexWritten);
  batch->Clear();
  return {};
}

BatchEntries index_views(std::span<const EventView> events, TagHashFunction hash) {
  BatchEntries entries;
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    for (const auto tag : events[i].tags()) entries.tags.push_back({hash(tag), i});
    entries.types.push_back({hash(events[i].type), i});
  }
  return entries;
}

}  // namespace

Status write_index(const LedgerDb& db, const TailSegment& segment) {
  rocksdb::WriteBatch batch;
  PostingList current = segment.bound();
  Bytes value;
  const auto put = [&](const PostingList& list, std::span<const Position> positions) -> Status {
    if (list != current && batch.Count() >= kPutsPerWrite) {
      OPS_TRY(write(db, {segment.floor(), segment.last(), list}, &batch));
    }
    current = list;
    value.clear();
    encode_postings(positions, &value);
    batch.Put(db.postings(list.kind), posting_key(list, positions.front()), value);
    return {};
  };
  OPS_TRY(segment.each_chunk(PostingKind::kTag, kChunkPostingsMax, put));
  OPS_TRY(segment.each_chunk(PostingKind::kType, kChunkPostingsMax, put));
  return write(db, {segment.last(), segment.last(), {}}, &batch);
}

/// Without the note the ledger is empty so far, or its commits wrote their postings themselves.
Result<IndexNote> load_index_note(const LedgerDb& db, Position last) {
  OPS_TRY_ASSIGN(const auto bytes, db.get(Family::kMeta, indexed_key()));
  if (bytes) {
    const auto note = decode_index_note(*bytes);
    if (note && note->step_upto <= last) return *note;
    return corrupt("the note of the index",
                   note ? "it is behind the end of the ledger" : "its bytes are no note");
  }
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> it(
      db.db().NewIterator(options, db.postings(PostingKind::kType)));
  it->SeekToFirst();
  OPS_TRY(to_status(it->status(), "read an index"));
  return it->Valid() ? IndexNote{last, last, {}} : IndexNote{};
}

Result<std::unique_ptr<TailIndex>> load_tail(const LedgerDb& db, const IndexNote& note,
                                             const TailLimits& limits, TagHashFunction hash) {
  auto tail = std::make_unique<TailIndex>(note, limits.events_max);
  ChunkWalk walk(db, /*fill_cache=*/false);
  std::vector<EventView> events;
  for (Position next = note.upto.next(); next <= limits.last; next.value += events.size()) {
    const Position end = next <= note.step_upto ? note.step_upto : limits.last;
    OPS_TRY(walk.seek(next));
    events.clear();
    OPS_TRY(decode_chunk(walk.chunk(), walk.first(), next, end, &events));
    tail->add(index_views(events, hash), events.size());
  }
  return tail;
}

Bytes indexed_key() {
  return "indexed";
}

Bytes encode_index_note(const IndexNote& note) {
  Bytes bytes;
  put_u64_le(&bytes, note.upto.value);
  if (!note.in_step()) return bytes;
  put_u64_le(&bytes, note.step_upto.value);
  bytes.push_back(static_cast<char>(note.bound.kind));
  put_u64_le(&bytes, note.bound.hash);
  return bytes;
}

std::optional<IndexNote> decode_index_note(BytesView bytes) {
  if (bytes.size() != kNoteBytes && bytes.size() != kStepNoteBytes) return std::nullopt;
  const Position upto{get_u64_le(bytes.data())};
  if (bytes.size() == kNoteBytes) return IndexNote{upto, upto, {}};
  const Position step_upto{get_u64_le(bytes.data() + 8)};
  const auto kind = static_cast<PostingKind>(bytes[16]);
  const bool known = kind == PostingKind::kTag || kind == PostingKind::kType;
  if (!known || step_upto <= upto) return std::nullopt;
  return IndexNote{upto, step_upto, {kind, get_u64_le(bytes.data() + 17)}};
}

}  // namespace opsledger::rocks
