// Posting lists: those in the database, and those with the tail behind them as one.
#pragma once

#include <rocksdb/db.h>

#include <map>
#include <memory>
#include <vector>

#include "storage/core/posting_walk.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/tail_index.hpp"

namespace opsledger::rocks {

/// One list in the database up to some position. One thread at a time. Seeks may go in
/// any direction; near ones are cheap.
class StoredList {
 public:
  StoredList(const LedgerDb& db, PostingList list, Position last, Reach reach = Reach::kDisk);

  /// First posting >= `at_least`, or kNoPosting. Errors: kIo, kCorrupt.
  Result<Position> seek(Position at_least);
  /// Last posting <= `at_most`, or 0. Errors: kIo, kCorrupt.
  Result<Position> seek_back(Position at_most);

 private:
  Status load();            ///< decodes the chunk under the iterator; none when it is invalid
  Status locate(Position);  ///< to the chunk that may hold the first posting >= it
  bool holds(Position position) const {
    return !chunk_.empty() && chunk_.front() <= position && position <= chunk_.back();
  }

  PostingList list_;
  Position last_;
  std::string lower_, upper_;
  rocksdb::Slice lower_slice_, upper_slice_;
  std::unique_ptr<rocksdb::Iterator> it_;
  std::vector<Position> chunk_;  // positions of the chunk under the iterator
  Position floor_{};             // the answer to a seek from floor_ on lies in chunk_ or behind it
  bool located_ = false;
};

/// All lists up to `last`: from the database as far as that has them, and from the tail behind.
/// One thread at a time. Holds on to its view of the tail, so what the indexer does meanwhile
/// changes nothing.
class LogPostings final : public PostingSource {
 public:
  LogPostings(const LedgerDb& db, TailPtr tail, Position last, Reach reach = Reach::kDisk)
      : db_(db), tail_(std::move(tail)), last_(last), reach_(reach) {}

  Result<Position> seek(const PostingList& list, Position at_least) override;
  Result<Position> seek_back(const PostingList& list, Position at_most);

 private:
  StoredList& stored(const PostingList& list);
  const LedgerDb& db_;
  const TailPtr tail_;
  const Position last_;
  const Reach reach_;
  std::map<PostingList, std::unique_ptr<StoredList>> lists_;
};

/// The mirror of ItemWalk: an item's candidates in descending order.
class BackwardWalk {
 public:
  BackwardWalk(ItemLists lists, Position at_most) : lists_(std::move(lists)), wanted_(at_most) {}
  /// The next candidate, or 0 at the end.
  Result<Position> next(LogPostings& source);

 private:
  Result<Position> seek(LogPostings& source, std::size_t list);
  ItemLists lists_;
  Position wanted_;
};

}  // namespace opsledger::rocks
