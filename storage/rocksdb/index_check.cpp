#include "storage/rocksdb/index_check.hpp"

#include <algorithm>

#include "storage/base/varint.hpp"
#include "storage/core/postings.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/stored_postings.hpp"

namespace opsledger::rocks {

namespace {

std::string name_of(PostingList list, Position position) {
  return std::string(list.kind == PostingKind::kTag ? "tag" : "type") + " index entry for event " +
         std::to_string(position.value);
}

/// Calls `use(list, position)` for every stored posting of a kind, in key order.
template <class Use>
Status each_posting(const LedgerDb& db, PostingKind kind, Use use) {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> it(db.db().NewIterator(options, db.postings(kind)));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const auto key = parse_posting_key(view(it->key()));
    if (!key || key->list.kind != kind) {
      return corrupt("index key " + hex(view(it->key())), "it is no key of this index");
    }
    PostingReader reader(key->first, view(it->value()));
    do {
      OPS_TRY(use(key->list, reader.position()));
    } while (reader.next());
    if (reader.damaged()) return corrupt(name_of(key->list, key->first), "its gaps are no numbers");
  }
  return to_status(it->status(), "read an index");
}

}  // namespace

void PostingSum::add(PostingList list, Position position) {
  Bytes text = nonce_;
  text.push_back(static_cast<char>(list.kind));
  put_u64_le(&text, list.hash);
  put_u64_le(&text, position.value);
  for (std::uint64_t& sum : sums_) {
    sum += tag_hash(text);
    text.push_back('2');
  }
  ++count_;
}

IndexCheck::IndexCheck(const LedgerDb& db, TagHashFunction hash, BytesView nonce,
                       const IndexNote& indexed)
    : db_(db), hash_(hash), indexed_(indexed), expected_(nonce), stored_(nonce) {}

/// Distinct lists: two tags whose hashes collide share one posting.
std::vector<PostingList> IndexCheck::lists_of_event(const EventView& event) const {
  std::vector<PostingList> lists;
  for (const auto tag : event.tags()) lists.push_back({PostingKind::kTag, hash_(tag)});
  lists.push_back({PostingKind::kType, hash_(event.type)});
  std::sort(lists.begin(), lists.end());
  lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
  return lists;
}

Status IndexCheck::add(const EventView& event) {
  for (const PostingList& list : lists_of_event(event)) {
    if (event.position <= indexed_.of(list)) expected_.add(list, event.position);
  }
  const auto text = event.metadata("key");
  const auto stamp = text ? parse_stamp(*text) : std::nullopt;
  if (text && !stamp) {
    return corrupt("event " + std::to_string(event.position.value), "its key stamp is no stamp");
  }
  if (key_run_ && stamp != key_run_->stamp) OPS_TRY(end_key_run());
  if (!stamp) return {};
  if (!key_run_) key_run_ = KeyRun{*stamp, event.position, {}, event.recorded_at};
  key_run_->last = event.position;
  return {};
}

/// The key index holds the last append under each key; an earlier one must be superseded.
Status IndexCheck::end_key_run() {
  const KeyRun run = *key_run_;
  key_run_.reset();
  const std::string name = "caller key of event " + std::to_string(run.first.value);
  OPS_TRY_ASSIGN(const auto bytes, db_.get(Family::kKeys, caller_key_key(run.stamp.key)));
  if (!bytes) return corrupt(name, "it is missing in the key index");
  const auto entry = decode_key_entry(*bytes);
  if (!entry) return corrupt(name, "its entry in the key index is damaged");
  if (entry->last > run.last) return {};
  ++keys_;
  const KeyEntry expected{run.stamp.request, run.stamp.permanent, run.first, run.last,
                          run.recorded_at};
  if (*entry == expected) return {};
  return corrupt(name, "its entry in the key index says something else");
}

Status IndexCheck::sum_stored(PostingKind kind) {
  return each_posting(db_, kind, [&](PostingList list, Position position) -> Status {
    if (position.value == 0 || position > indexed_.of(list)) {
      return corrupt(name_of(list, position),
                     "the index ends at event " + std::to_string(indexed_.of(list).value));
    }
    stored_.add(list, position);
    return {};
  });
}

Status IndexCheck::check_key_count() {
  std::unique_ptr<rocksdb::Iterator> it(db_.db().NewIterator({}, db_.family(Family::kKeys)));
  std::uint64_t stored = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next()) ++stored;
  OPS_TRY(to_status(it->status(), "read the key index"));
  if (stored == keys_) return {};
  return corrupt("the key index", "it has " + std::to_string(stored) + " entries, the events " +
                                      std::to_string(keys_));
}

/// Only when the sums differ: looks for a posting whose event does not have it.
Status IndexCheck::name_wrong_posting(PostingKind kind) {
  ChunkWalk walk(db_);
  std::vector<EventView> events;
  Position before{};
  PostingList list_before{};
  return each_posting(db_, kind, [&](PostingList list, Position position) -> Status {
    if (list == list_before && position <= before) {
      return corrupt(name_of(list, position), "it is there twice");
    }
    list_before = list, before = position;
    if (!walk.valid() || position < walk.first() || position > walk.last()) {
      OPS_TRY(walk.seek(position));
    }
    events.clear();
    OPS_TRY(decode_chunk(walk.chunk(), walk.first(), position, position, &events));
    const auto lists = lists_of_event(events[0]);
    if (std::find(lists.begin(), lists.end(), list) != lists.end()) return {};
    return corrupt(name_of(list, position), "the event does not have it");
  });
}

/// Only when the sums differ: looks for an event that an index does not name.
Status IndexCheck::name_missing_posting() {
  ChunkWalk walk(db_);
  std::vector<EventView> events;
  for (Position position{1}; position <= indexed_.step_upto; position = walk.last().next()) {
    OPS_TRY(walk.seek(position));
    events.clear();
    OPS_TRY(decode_chunk(walk.chunk(), walk.first(), position, indexed_.step_upto, &events));
    for (const EventView& event : events) {
      for (const PostingList& list : lists_of_event(event)) {
        const Position last = indexed_.of(list);
        if (event.position > last) continue;
        OPS_TRY_ASSIGN(const Position found, StoredList(db_, list, last).seek(event.position));
        if (found == event.position) continue;
        return corrupt(name_of(list, event.position), "it is missing");
      }
    }
  }
  return {};
}

Status IndexCheck::finish() {
  if (key_run_) OPS_TRY(end_key_run());
  OPS_TRY(check_key_count());
  OPS_TRY(sum_stored(PostingKind::kTag));
  OPS_TRY(sum_stored(PostingKind::kType));
  if (stored_ == expected_) return {};
  OPS_TRY(name_wrong_posting(PostingKind::kTag));
  OPS_TRY(name_wrong_posting(PostingKind::kType));
  OPS_TRY(name_missing_posting());
  return corrupt("the tag and type indexes", "they do not agree with the events");
}

}  // namespace opsledger::rocks
