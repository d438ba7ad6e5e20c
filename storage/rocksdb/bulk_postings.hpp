// Sorting the postings of a whole history in bounded memory: segments of the log are grouped by
// list in memory, written to temporary files, and merged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger::rocks {

/// Postings of one segment, grouped by list without a sort: postings come in order of position, so
/// counting how many each list has says where each of them goes. Lists are found by a table with
/// open addressing (hashes are random already). Memory: 12 bytes per posting and 50 per list.
class PostingGroups {
 public:
  /// Adds offset `offset` to the list `hash`, once. Offsets never descend.
  void add(std::uint64_t hash, std::uint32_t offset);
  std::size_t size() const { return entries_.size(); }

  /// Calls `use(hash, offsets)` for every list, by ascending hash, then forgets them all.
  using Use = std::function<void(std::uint64_t hash, std::span<const std::uint32_t> offsets)>;
  void drain(const Use& use);

 private:
  struct List {
    std::uint64_t hash;
    std::uint32_t count;
    std::uint32_t last;
  };
  struct Entry {
    std::uint32_t list;
    std::uint32_t offset;
  };
  std::uint32_t& slot(std::uint64_t hash);
  std::uint32_t list_of(std::uint64_t hash);
  void grow();

  std::vector<std::uint32_t> slots_;  // number of a list + 1, 0 = free; a power of two
  std::vector<List> lists_;
  std::vector<Entry> entries_;
};

/// All postings of one kind. One thread at a time.
class PostingSorter {
 public:
  /// At most `postings_max` are held in memory; the rest is in files whose names begin with
  /// `path`. They are removed by whoever owns the folder.
  PostingSorter(std::filesystem::path path, std::size_t postings_max)
      : path_(std::move(path)), postings_max_(postings_max) {}

  /// Adds `position` to the list `hash`, once. Positions never descend. Errors: kIo.
  Status add(std::uint64_t hash, Position position);

  /// Calls `use` with every list by ascending hash, cut into chunks of at most `chunk_max`
  /// ascending positions. Call it once, last. Errors: kIo, those of `use`.
  using UseChunk = std::function<Status(std::uint64_t hash, std::span<const Position> chunk)>;
  Status merge(std::size_t chunk_max, const UseChunk& use);

 private:
  Status spill();
  std::filesystem::path run_path(std::size_t run) const;

  const std::filesystem::path path_;
  const std::size_t postings_max_;
  PostingGroups groups_;
  Position base_{};  // of the offsets in groups_
  Position last_{};
  std::size_t runs_ = 0;
};

}  // namespace opsledger::rocks
