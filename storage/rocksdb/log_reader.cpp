#include "storage/rocksdb/log_reader.hpp"

#include <algorithm>

#include "storage/core/record.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

std::string at(Position position) {
  return "event " + std::to_string(position.value);
}

Status decode_at(BytesView record, Position position, EventView* event) {
  if (EventDecoder::decode(record, event) && event->position == position) return {};
  return corrupt(at(position), "its bytes are not a record of that position");
}

}  // namespace

ChunkWalk::ChunkWalk(const LedgerDb& db, bool fill_cache, Reach reach) {
  rocksdb::ReadOptions options = read_options(reach);
  options.fill_cache = fill_cache;
  it_.reset(db.db().NewIterator(options, db.family(Family::kLog)));
}

Status ChunkWalk::load() {
  valid_ = false;
  if (!it_->Valid()) return to_status(it_->status(), "read the log");
  const auto first = parse_log_key(view(it_->key()));
  if (first && first->value == 0) return {};  // the packer's note, before every event
  const auto chunk = LogChunkView::parse(view(it_->value()));
  if (!first || !chunk) {
    return corrupt("log chunk " + hex(view(it_->key())), "its sizes do not add up");
  }
  first_ = *first;
  chunk_ = *chunk;
  valid_ = true;
  return {};
}

Status ChunkWalk::seek(Position position) {
  it_->SeekForPrev(log_key(position));
  OPS_TRY(load());
  if (valid_ && last() >= position) return {};
  return corrupt(at(position), "no chunk of the log holds it");
}

Status ChunkWalk::seek_first() {
  it_->Seek(log_key({1}));
  return load();
}

Status ChunkWalk::seek_last() {
  it_->SeekToLast();
  return load();
}

Status ChunkWalk::step(bool backward) {
  if (backward) {
    it_->Prev();
  } else {
    it_->Next();
  }
  return load();
}

Status decode_chunk(const LogChunkView& chunk, Position first, Position begin, Position end,
                    std::vector<EventView>* out) {
  LogChunkView::Iterator records(chunk);
  BytesView record;
  for (Position position = first; records.next(&record) && position <= end; ++position.value) {
    if (position < begin) continue;
    OPS_TRY(decode_at(record, position, &out->emplace_back()));
  }
  return {};
}

const EventFetcher::Held* EventFetcher::held(Position position) const {
  // Positions come in order, so what is wanted was held last or is held next.
  const auto found = std::find_if(held_.rbegin(), held_.rend(), [&](const Held& held) {
    return held.first <= position && position <= held.last;
  });
  return found == held_.rend() ? nullptr : &*found;
}

/// Packed runs in one read, pinned in the block cache without a copy. The first failure.
rocksdb::Status EventFetcher::load_packed(std::span<const Position> runs) {
  packed_ = std::vector<rocksdb::PinnableSlice>(runs.size());
  rocksdb::ColumnFamilyHandle* family = db_.family(Family::kLog);
  const auto options = read_options(reach_);
  if (runs.size() == 1) return db_.db().Get(options, family, log_key(runs[0]), packed_.data());
  std::vector<Bytes> keys;
  for (const Position run : runs) keys.push_back(log_key(run));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_.db().MultiGet(options, family, keys.size(), slices.data(), packed_.data(), statuses.data(),
                    /*sorted_input=*/runs[0] < runs[1]);
  const auto failed = std::find_if(statuses.begin(), statuses.end(),
                                   [](const rocksdb::Status& status) { return !status.ok(); });
  return failed == statuses.end() ? rocksdb::Status::OK() : *failed;
}

Status EventFetcher::hold_packed(std::span<const Position> positions) {
  std::vector<Position> runs;
  for (const Position position : positions) {
    const Position run = run_begin(position);
    if (position > packed_upto_ || (!runs.empty() && runs.back() == run)) continue;
    runs.push_back(run);
  }
  if (runs.empty()) return {};
  const auto loaded = load_packed(runs);
  if (loaded.IsNotFound()) return corrupt("the log", "a packed run of events is missing");
  OPS_TRY(to_status(loaded, "read events"));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto chunk = LogChunkView::parse(view(packed_[i]));
    if (!chunk) return corrupt("the log chunk at " + at(runs[i]), "its sizes do not add up");
    held_.push_back({runs[i], {runs[i].value + chunk->count() - 1}, *chunk});
  }
  return {};
}

Status EventFetcher::hold_unpacked(Position position) {
  if (!walk_) walk_ = std::make_unique<ChunkWalk>(db_, /*fill_cache=*/true, reach_);
  OPS_TRY(walk_->seek(position));
  copies_.emplace_back(walk_->value());
  const auto chunk = LogChunkView::parse(copies_.back());
  OPS_ASSERT(chunk);
  held_.push_back({walk_->first(), walk_->last(), *chunk});
  return {};
}

BytesView EventFetcher::tail_record(Position position) const {
  const auto batch = std::partition_point(
      tail_.begin(), tail_.end(), [&](const BatchPtr& entry) { return entry->last() < position; });
  OPS_ASSERT(batch != tail_.end());
  return (*batch)->entries.record(position.value - (*batch)->first().value);
}

Result<BytesView> EventFetcher::record(Position position) {
  if (position > durable_) return tail_record(position);
  const Held* found = held(position);
  if (found == nullptr) {
    OPS_TRY(hold_unpacked(position));
    found = &held_.back();
  }
  return found->chunk.record(static_cast<std::uint32_t>(position.value - found->first.value));
}

Result<std::span<const EventView>> EventFetcher::fetch(std::span<const Position> positions) {
  events_.clear();
  held_.clear();
  packed_.clear();
  copies_.clear();
  OPS_TRY(hold_packed(positions));
  for (const Position position : positions) {
    OPS_TRY_ASSIGN(const BytesView bytes, record(position));
    OPS_TRY(decode_at(bytes, position, &events_.emplace_back()));
  }
  return std::span<const EventView>(events_);
}

}  // namespace opsledger::rocks
