// Which tags were written lately: tells without a look at the index that a state is still current.
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// Remembers, per slot of a fixed table, the last position at which a tag of that slot was written.
/// Tags share slots: a false alarm costs one read, never a wrong answer. Thread safe.
class RecentTags {
 public:
  explicit RecentTags(Ledger& ledger);

  /// Learns of everything accepted up to `upto`: what `own` did not report is read from the tail;
  /// after a long gap it starts afresh instead. Errors: the ledger's.
  Status advance(Position upto);
  /// Events that this process appended, as tag lists of adjacent events from `first` on.
  void own(Position first, std::span<const std::vector<std::string>> tags);
  /// True when no event after `after` and up to the last `advance` has all of `tags` (not empty).
  bool untouched(const std::vector<std::string>& tags, Position after) const;
  /// Knows nothing any more: what was accepted has been taken back.
  void forget();

 private:
  std::size_t slot(std::string_view tag) const;
  Status scan(Position upto);

  Ledger& ledger_;
  mutable std::mutex mutex_;
  Position known_from_, known_to_;  ///< positions in (from, to] are in the table
  std::vector<Position> written_;
};

}  // namespace opsledger
