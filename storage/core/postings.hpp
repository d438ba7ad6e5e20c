// Posting chunks: ascending positions packed as varint gaps (storage/FORMAT.md §4).
#pragma once

#include <span>

#include "storage/base/types.hpp"
#include "storage/base/varint.hpp"

namespace opsledger {

/// Appends the value of a chunk whose first position stands in its key: the gaps between
/// adjacent positions. Precondition: at least one position, ascending without repetition.
void encode_postings(std::span<const Position> positions, Bytes* out);

/// Reads a chunk front to back. Damaged bytes end it early, with `damaged()` set. Borrows.
class PostingReader {
 public:
  PostingReader(Position first, BytesView value) : position_(first), reader_(value) {}

  /// The position the reader stands at. At first: the chunk's first.
  Position position() const { return position_; }
  /// Steps to the next position; false at the end.
  bool next();
  /// Steps until position() >= `at_least`; false when the chunk ends before.
  bool seek(Position at_least);
  bool damaged() const { return damaged_; }

 private:
  Position position_;
  ByteReader reader_;
  bool damaged_ = false;
};

}  // namespace opsledger
