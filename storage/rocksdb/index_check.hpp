// Do the indexes say what the events say, no more and no less?
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "storage/api/event.hpp"
#include "storage/core/caller_key.hpp"
#include "storage/core/tag_hash.hpp"
#include "storage/rocksdb/index_entries.hpp"
#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

/// A set of postings, summed up so that the order does not matter: count and a keyed 128-bit sum.
/// The key is drawn per run, so nobody can prepare two sets with one sum.
class PostingSum {
 public:
  explicit PostingSum(BytesView nonce) : nonce_(nonce) {}
  void add(PostingList list, Position position);
  friend bool operator==(const PostingSum& a, const PostingSum& b) {
    return a.count_ == b.count_ && a.sums_ == b.sums_;
  }

 private:
  Bytes nonce_;
  std::uint64_t count_ = 0;
  std::array<std::uint64_t, 2> sums_{};
};

/// Fed with every event in order; then compares with what is stored.
class IndexCheck {
 public:
  /// Postings are expected of the events up to where `indexed` says, and of no others.
  IndexCheck(const LedgerDb& db, TagHashFunction hash, BytesView nonce, const IndexNote& indexed);

  Status add(const EventView& event);
  /// After the last event. kCorrupt names the first index entry, or the first event, that is
  /// wrong.
  Status finish();

 private:
  /// Events of one append that carried a key.
  struct KeyRun {
    KeyStamp stamp;
    Position first{}, last{};
    Time recorded_at{};
  };
  Status end_key_run();
  Status sum_stored(PostingKind kind);
  Status check_key_count();
  Status name_wrong_posting(PostingKind kind);
  Status name_missing_posting();
  std::vector<PostingList> lists_of_event(const EventView& event) const;

  const LedgerDb& db_;
  TagHashFunction hash_;
  const IndexNote indexed_;
  PostingSum expected_;
  PostingSum stored_;
  std::optional<KeyRun> key_run_;
  std::uint64_t keys_ = 0;
};

}  // namespace opsledger::rocks
