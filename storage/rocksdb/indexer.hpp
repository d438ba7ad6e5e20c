// From the tail in memory to posting lists in the database, and back into memory at a start.
#pragma once

#include "storage/base/result.hpp"
#include "storage/core/tag_hash.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/tail_index.hpp"

namespace opsledger::rocks {

/// Of one chunk: long enough that keys cost nothing, short enough that a seek decodes few.
inline constexpr std::size_t kChunkPostingsMax = 256;

/// Writes the lists of `segment` and how far they reach as one atomic write, through the
/// write-ahead log, where everything that it speaks of stands before it. Not synced: the next
/// commit does that, and until then a crash takes all of it back. Errors: kIo.
Status write_index(const LedgerDb& db, const TailSegment& segment);

/// Adds the events after the stored postings, up to `last`, to `tail`. Errors: kIo, kCorrupt.
Status load_tail(const LedgerDb& db, Position last, TagHashFunction hash, TailIndex* tail);

}  // namespace opsledger::rocks
