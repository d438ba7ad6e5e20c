#include "storage/core/postings.hpp"

#include "storage/base/assert.hpp"

namespace opsledger {

void encode_postings(std::span<const Position> positions, Bytes* out) {
  OPS_ASSERT(!positions.empty());
  for (std::size_t i = 1; i < positions.size(); ++i) {
    OPS_ASSERT(positions[i - 1] < positions[i]);
    put_varint(out, positions[i].value - positions[i - 1].value);
  }
}

bool PostingReader::next() {
  if (damaged_ || reader_.empty()) return false;
  std::uint64_t gap;
  damaged_ = !reader_.varint(&gap) || gap == 0 || gap > UINT64_MAX - position_.value;
  if (damaged_) return false;
  position_.value += gap;
  return true;
}

bool PostingReader::seek(Position at_least) {
  while (position_ < at_least) {
    if (!next()) return false;
  }
  return true;
}

}  // namespace opsledger
