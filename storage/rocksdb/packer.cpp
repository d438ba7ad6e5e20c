#include "storage/rocksdb/packer.hpp"

#include <rocksdb/write_batch.h>

#include <vector>

#include "storage/base/sync_point.hpp"
#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/recovery.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::uint64_t kRunsPerWrite = 32;  // about half a megabyte
constexpr auto kLookInterval = std::chrono::seconds(1);

bool has_full_runs(Position packed, Position durable, std::uint64_t runs) {
  return durable.value >= packed.value + runs * kRunEvents;
}

bool has_full_run(Position packed, Position durable) {
  return has_full_runs(packed, durable, 1);
}

/// The chunks of one run, copied out of the walk.
class Run {
 public:
  /// Reads the run that begins at the walk's chunk, and steps behind it. A run that is one value
  /// already is not copied: there is nothing to replace.
  Status read(ChunkWalk& walk) {
    firsts_.clear();
    bytes_.clear();
    ends_.clear();
    if (walk.valid() && walk.chunk().count() == kRunEvents) return walk.step(false);
    while (ends_.size() < kRunEvents) {
      if (!walk.valid()) return corrupt("the log", "a run of events ends early");
      firsts_.push_back(walk.first());
      LogChunkView::Iterator records(walk.chunk());
      for (BytesView record; records.next(&record);) {
        bytes_.append(record);
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
      }
      OPS_TRY(walk.step(false));
    }
    if (ends_.size() == kRunEvents) return {};
    return corrupt("the log", "a chunk crosses the border of a run");
  }

  /// Every key but the first was written once and is never written again, so that SingleDelete
  /// makes both vanish.
  void replace(const LedgerDb& db, rocksdb::WriteBatch* write) {
    if (firsts_.empty()) return;
    Bytes value;
    encode_log_chunk(bytes_, ends_, &value);
    write->Put(db.family(Family::kLog), log_key(firsts_.front()), value);
    for (std::size_t i = 1; i < firsts_.size(); ++i) {
      write->SingleDelete(db.family(Family::kLog), log_key(firsts_[i]));
    }
  }

 private:
  std::vector<Position> firsts_;
  Bytes bytes_;
  std::vector<std::uint32_t> ends_;
};

}  // namespace

Packer::Packer(const LedgerDb& db, TailIndex& tail, std::atomic<std::uint64_t>& packed_upto)
    : db_(db), tail_(tail), packed_upto_(packed_upto) {
  thread_ = std::thread([this] { run(); });
}

Packer::~Packer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  thread_.join();
  while (index_some(durable_, /*partly=*/true)) {
  }
}

void Packer::advance(Position position) {
  std::lock_guard lock(mutex_);
  durable_ = position;
  if (due()) wake_.notify_all();
}

bool Packer::done(Position position) const {
  return (pack_failed_ || !has_full_run({packed_upto_}, position)) &&
         (!tail_.health().ok() || tail_.view()->indexed_upto >= position);
}

void Packer::wait(Position position) {
  std::unique_lock lock(mutex_);
  ++waiting_;
  wake_.notify_all();
  wake_.wait(lock, [&] { return stopping_ || done(position); });
  --waiting_;
}

/// There is enough to do, or something that somebody waits for.
bool Packer::due() const {
  const std::uint64_t runs = waiting_ > 0 ? 1 : kRunsPerWrite;
  return tail_.has_next(durable_, waiting_ > 0) ||
         (!pack_failed_ && has_full_runs({packed_upto_}, durable_, runs));
}

void Packer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait_for(lock, kLookInterval, [&] { return stopping_ || due(); });
    if (stopping_) return;
    const Position durable = durable_;
    const bool partly = waiting_ > 0;
    lock.unlock();
    work(durable, partly);
    lock.lock();
    wake_.notify_all();
  }
}

void Packer::work(Position durable, bool partly) {
  index_some(durable, partly);
  if (pack_failed_ || !has_full_run({packed_upto_}, durable)) return;
  const auto packed = pack_some(durable);
  if (packed.ok()) packed_upto_ = packed->value;
  pack_failed_ = !packed.ok();
}

/// Writes the oldest segment of the tail. False when there is none, or writing failed.
bool Packer::index_some(Position durable, bool partly) {
  const auto segment = tail_.next(durable, partly);
  if (!segment) return false;
  const Status written = write_index(db_, *segment);
  if (written.ok()) {
    tail_.drop_first();
  } else {
    tail_.fail(written.error());
  }
  return written.ok();
}

/// Packs at most kRunsPerWrite runs. Returns how far everything is packed then.
Result<Position> Packer::pack_some(Position durable) {
  Position packed{packed_upto_};
  ChunkWalk walk(db_);
  OPS_TRY(walk.seek(packed.next()));
  rocksdb::WriteBatch write;
  Run run;
  for (std::uint64_t i = 0; i < kRunsPerWrite && has_full_run(packed, durable); ++i) {
    OPS_TRY(run.read(walk));
    run.replace(db_, &write);
    packed.value += kRunEvents;
  }
  write.Put(db_.family(Family::kLog), packed_key(), encode_packed(packed));
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  sync_point(SyncPoint::kPackBuilt);
  OPS_TRY(to_status(db_.db().Write(options, &write), "pack the log"));
  sync_point(SyncPoint::kPackWritten);
  return packed;
}

}  // namespace opsledger::rocks
