#include "storage/rocksdb/stored_postings.hpp"

#include <algorithm>

#include "storage/core/postings.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {
constexpr int kStepsBeforeSeek = 4;
}

StoredList::StoredList(const LedgerDb& db, PostingList list, Position last, Reach reach)
    : list_(list),
      last_(last),
      lower_(posting_key(list, {})),
      upper_(posting_key(list, {UINT64_MAX})),
      lower_slice_(lower_),
      upper_slice_(upper_) {
  rocksdb::ReadOptions options = read_options(reach);
  options.iterate_lower_bound = &lower_slice_;
  options.iterate_upper_bound = &upper_slice_;
  options.prefix_same_as_start = true;
  it_.reset(db.db().NewIterator(options, db.postings(list.kind)));
}

Status StoredList::load() {
  chunk_.clear();
  if (!it_->Valid()) return to_status(it_->status(), "read an index");
  const auto key = parse_posting_key(view(it_->key()));
  if (!key) return corrupt("index key " + hex(view(it_->key())), "its length");
  PostingReader reader(key->first, view(it_->value()));
  do {
    chunk_.push_back(reader.position());
  } while (reader.next());
  if (reader.damaged()) return corrupt("index entry " + hex(view(it_->key())), "its gaps");
  return {};
}

Status StoredList::locate(Position position) {
  if (located_ && !chunk_.empty() && position > chunk_.back() && position >= floor_) {
    for (int i = 0; i < kStepsBeforeSeek; ++i) {
      it_->Next();
      OPS_TRY(load());
      if (chunk_.empty() || chunk_.back() >= position) return {};
    }
  }
  if (position.value <= 1) {  // no chunk begins before it; a new tag costs one look
    it_->Seek(lower_slice_);
    return load();
  }
  it_->SeekForPrev(posting_key(list_, position));
  if (!it_->Valid()) {
    OPS_TRY(to_status(it_->status(), "read an index"));
    it_->Seek(lower_slice_);  // every chunk begins after `position`
    return load();
  }
  OPS_TRY(load());
  if (chunk_.back() >= position) return {};
  it_->Next();
  return load();
}

Result<Position> StoredList::seek(Position at_least) {
  if (at_least > last_) return kNoPosting;
  const bool behind_known_end = located_ && chunk_.empty() && at_least >= floor_;
  const bool known = located_ && !chunk_.empty() && at_least >= floor_ && at_least <= chunk_.back();
  if (!known && !behind_known_end) OPS_TRY(locate(at_least));
  located_ = true;
  floor_ = at_least;
  const auto found = std::lower_bound(chunk_.begin(), chunk_.end(), at_least);
  return found == chunk_.end() || *found > last_ ? kNoPosting : *found;
}

Result<Position> StoredList::seek_back(Position at_most) {
  at_most = std::min(at_most, last_);
  if (!holds(at_most)) {
    it_->SeekForPrev(posting_key(list_, at_most));
    OPS_TRY(load());
  }
  const auto found = std::upper_bound(chunk_.begin(), chunk_.end(), at_most);
  return found == chunk_.begin() ? Position{} : *(found - 1);
}

StoredList& LogPostings::stored(const PostingList& list) {
  auto& stored = lists_[list];
  const Position last = std::min(tail_->indexed_upto, last_);
  if (!stored) stored = std::make_unique<StoredList>(db_, list, last, reach_);
  return *stored;
}

Result<Position> LogPostings::seek(const PostingList& list, Position at_least) {
  if (at_least <= tail_->indexed_upto) {
    OPS_TRY_ASSIGN(const Position found, stored(list).seek(at_least));
    if (found != kNoPosting) return found;
  }
  const Position found = tail_->seek(list, at_least);
  return found <= last_ ? found : kNoPosting;
}

Result<Position> LogPostings::seek_back(const PostingList& list, Position at_most) {
  const Position found = tail_->seek_back(list, std::min(at_most, last_));
  if (found.value != 0) return found;
  return stored(list).seek_back(at_most);
}

Result<Position> BackwardWalk::seek(LogPostings& source, std::size_t list) {
  if (list < lists_.tags.size()) return source.seek_back(lists_.tags[list], wanted_);
  Position last{};
  for (const PostingList& type : lists_.types) {
    OPS_TRY_ASSIGN(const Position found, source.seek_back(type, wanted_));
    last = std::max(last, found);
  }
  return last;
}

Result<Position> BackwardWalk::next(LogPostings& source) {
  const std::size_t lists = lists_.tags.size() + (lists_.types.empty() ? 0 : 1);
  std::size_t agreed = 0;
  for (std::size_t list = 0; agreed < lists && wanted_.value > 0; list = (list + 1) % lists) {
    OPS_TRY_ASSIGN(const Position found, seek(source, list));
    agreed = found == wanted_ ? agreed + 1 : 1;
    wanted_ = found;
  }
  const Position candidate = wanted_;
  if (wanted_.value > 0) --wanted_.value;
  return candidate;
}

}  // namespace opsledger::rocks
