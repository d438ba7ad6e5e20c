// Records by position: whole stretches of the log, and scattered events of a query.
#pragma once

#include <rocksdb/db.h>

#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "storage/api/event.hpp"
#include "storage/rocksdb/accepted_batch.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/tail_index.hpp"

namespace opsledger::rocks {

/// What a reader sees: the log up to `durable` in the database and the batches behind it.
struct LogView {
  Position durable{};
  Position packed_upto{};      ///< full runs up to here are one value each
  std::vector<BatchPtr> tail;  ///< empty unless unsynced events were asked for
  TailPtr index;               ///< the postings that are not in the database
  Position last() const { return tail.empty() ? durable : tail.back()->last(); }
};

/// Walks the chunks of the log. Chunks begin at most kRunEvents before the next; views live until
/// the next call. One thread at a time.
class ChunkWalk {
 public:
  explicit ChunkWalk(const LedgerDb& db, bool fill_cache = true, Reach reach = Reach::kDisk);

  /// To the chunk that holds `position`. kCorrupt when there is none.
  Status seek(Position position);
  /// To the first / last chunk; invalid when the log is empty.
  Status seek_first();
  Status seek_last();
  /// To the chunk after / before. Invalid at the end of the log.
  Status step(bool backward);

  bool valid() const { return valid_; }
  Position first() const { return first_; }
  Position last() const { return {first_.value + chunk_.count() - 1}; }
  const LogChunkView& chunk() const { return chunk_; }
  BytesView value() const { return view(it_->value()); }

 private:
  Status load();
  std::unique_ptr<rocksdb::Iterator> it_;
  bool valid_ = false;
  Position first_{};
  LogChunkView chunk_;
};

/// Decodes the records of a chunk at positions within [begin, end] into `out`, appended.
/// Errors: kCorrupt when a record does not decode or is not at its place.
Status decode_chunk(const LogChunkView& chunk, Position first, Position begin, Position end,
                    std::vector<EventView>* out);

/// Loads scattered events. Views live until the next call. One thread at a time.
class EventFetcher {
 public:
  /// `tail` holds whole adjacent batches in order, and must outlive this.
  EventFetcher(const LedgerDb& db, Position durable, Position packed_upto,
               std::span<const BatchPtr> tail, Reach reach = Reach::kDisk)
      : db_(db), durable_(durable), packed_upto_(packed_upto), tail_(tail), reach_(reach) {}

  /// The events at `positions`, in that order (ascending or descending). Errors: kIo, kCorrupt.
  Result<std::span<const EventView>> fetch(std::span<const Position> positions);

 private:
  struct Held {
    Position first{}, last{};
    LogChunkView chunk;
  };
  Status hold_packed(std::span<const Position> positions);
  rocksdb::Status load_packed(std::span<const Position> runs);
  Status hold_unpacked(Position position);
  Result<BytesView> record(Position position);
  const Held* held(Position position) const;
  BytesView tail_record(Position position) const;

  const LedgerDb& db_;
  Position durable_;
  Position packed_upto_;
  std::span<const BatchPtr> tail_;
  Reach reach_;
  std::unique_ptr<ChunkWalk> walk_;
  std::vector<rocksdb::PinnableSlice> packed_;
  std::deque<Bytes> copies_;
  std::vector<Held> held_;
  std::vector<EventView> events_;
};

}  // namespace opsledger::rocks
