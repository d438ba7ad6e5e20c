// From the tail in memory to posting lists in the database, and back into memory at a start.
#pragma once

#include "storage/base/result.hpp"
#include "storage/core/tag_hash.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/tail_index.hpp"

namespace opsledger::rocks {

/// Of one chunk: long enough that keys cost nothing, short enough that a seek decodes few.
inline constexpr std::size_t kChunkPostingsMax = 256;

/// Writes the lists of `segment` some hundred at a time, so that no commit waits long, each time
/// with the note of how far they reach; through the write-ahead log, where everything that the
/// note speaks of stands before it. Each is synced: so it holds for all writes that only the last
/// one in the log can be torn. Errors: kIo.
Status write_index(const LedgerDb& db, const TailSegment& segment);

/// The note of the ledger that ends at `last`. Errors: kCorrupt, also when it is behind that; kIo.
Result<IndexNote> load_index_note(const LedgerDb& db, Position last);

/// A new tail with the events after the stored postings, up to `last`. Errors: kIo, kCorrupt.
struct TailLimits {
  Position last{};
  std::uint64_t events_max = 0;
};
Result<std::unique_ptr<TailIndex>> load_tail(const LedgerDb& db, const IndexNote& note,
                                             const TailLimits& limits, TagHashFunction hash);

Bytes indexed_key();
Bytes encode_index_note(const IndexNote& note);
/// Nothing when the bytes are damaged.
std::optional<IndexNote> decode_index_note(BytesView bytes);

}  // namespace opsledger::rocks
