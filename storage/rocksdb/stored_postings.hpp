// Posting lists: those in the database, those of accepted batches, and both as one.
#pragma once

#include <rocksdb/db.h>

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "storage/core/posting_walk.hpp"
#include "storage/rocksdb/accepted_batch.hpp"
#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

/// One list in the database as of some durable position. One thread at a time. Seeks may go in
/// any direction; near ones are cheap.
class StoredList {
 public:
  StoredList(const LedgerDb& db, PostingList list, Position last);

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

/// All lists up to a position: durable ones from the database, later ones from batches.
class LogPostings final : public PostingSource {
 public:
  /// `tail` holds whole batches in order, and everything after `durable`; it must outlive this.
  LogPostings(const LedgerDb& db, Position durable, std::span<const BatchPtr> tail)
      : db_(db), durable_(durable), tail_(tail) {}

  Result<Position> seek(const PostingList& list, Position at_least) override;
  Result<Position> seek_back(const PostingList& list, Position at_most);

 private:
  StoredList& stored(const PostingList& list);
  const LedgerDb& db_;
  Position durable_;
  std::span<const BatchPtr> tail_;
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
