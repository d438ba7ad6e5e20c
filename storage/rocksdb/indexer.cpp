#include "storage/rocksdb/indexer.hpp"

#include <rocksdb/write_batch.h>

#include "storage/base/sync_point.hpp"
#include "storage/core/postings.hpp"
#include "storage/core/record.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/recovery.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

Status write_index(const LedgerDb& db, const TailSegment& segment) {
  rocksdb::WriteBatch write;
  Bytes value;
  for (const PostingKind kind : {PostingKind::kTag, PostingKind::kType}) {
    rocksdb::ColumnFamilyHandle* family = db.postings(kind);
    segment.each_chunk(kind, kChunkPostingsMax,
                       [&](const PostingList& list, std::span<const Position> positions) {
                         value.clear();
                         encode_postings(positions, &value);
                         write.Put(family, posting_key(list, positions.front()), value);
                       });
  }
  write.Put(db.family(Family::kMeta), indexed_key(), encode_note(segment.last()));
  sync_point(SyncPoint::kIndexBuilt);
  OPS_TRY(to_status(db.db().Write({}, &write), "write the index"));
  sync_point(SyncPoint::kIndexWritten);
  return {};
}

Status load_tail(const LedgerDb& db, Position last, TagHashFunction hash, TailIndex* tail) {
  ChunkWalk walk(db, /*fill_cache=*/false);
  std::vector<EventView> events;
  for (Position next = tail->view()->last().next(); next <= last; next = walk.last().next()) {
    OPS_TRY(walk.seek(next));
    events.clear();
    OPS_TRY(decode_chunk(walk.chunk(), walk.first(), next, last, &events));
    BatchEntries entries;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
      for (const auto tag : events[i].tags()) entries.tags.push_back({hash(tag), i});
      entries.types.push_back({hash(events[i].type), i});
    }
    tail->add(entries, events.size());
  }
  return {};
}

}  // namespace opsledger::rocks
